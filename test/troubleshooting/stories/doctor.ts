import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trailOf } from '../../audit/support.ts';
import { ask, standIns } from '../../doctor/support/examine.ts';
import { redisInstalled, startRedis } from '../../support/redis.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import type { Stories } from '../support/stories.ts';

/** What the doctor says, on one line, as its lines break anywhere. */
async function asked(...how: Parameters<typeof ask>): Promise<string> {
  return (await ask(...how)).printed.replace(/\s+/g, ' ');
}

const withClock = async (minutes: number) => {
  const { env } = await standIns();
  return asked(env, { clock: { now: () => Date.now() + minutes * 60_000 } });
};

async function withTrail(spoil: (file: string) => void): Promise<string> {
  const { env } = await standIns();
  const file = await trailOf(3);
  const state = join(tempFolder(), 'state');
  const { seq, hash } = { seq: 3, hash: 'f'.repeat(64) };
  writeFileSync(state, JSON.stringify({ version: 1, parts: { trail: { seq, hash } } }));
  spoil(file);
  return asked({ ...env, AUDIT_FILE: file, STATE_FILE: state });
}

const withRows = (change: (rows: string[]) => string[]) =>
  withTrail((file) => {
    const rows = readFileSync(file, 'utf8').match(/.+\n/g) ?? [];
    writeFileSync(file, change(rows).join(''));
  });

async function withRedis(...settings: [name: string, value: string][]): Promise<string> {
  const { env } = await standIns();
  const redis = await startRedis();
  for (const [name, value] of settings) await redis.ask('CONFIG', 'SET', name, value);
  return asked({ ...env, REDIS_URL: redis.url });
}

/** What shows in no log, or not in words. */
export const doctor: Stories = {
  'the-clock-is-wrong': {
    'it is ahead': () => withClock(8),
    'it is behind': () => withClock(-8),
  },

  'the-two-tokens-belong-to-different-apps': {
    async 'the app token is another app’s'() {
      const other = 'xapp-1-A0OTHER-1-other-token';
      const { env } = await standIns({ appToken: other });
      const { SLACK_SIGNING_SECRET: _, ...socket } = env;
      return asked({ ...socket, SLACK_APP_TOKEN: other });
    },
  },

  'the-audit-trail-is-broken': {
    'a row was changed': () =>
      withTrail((file) => {
        writeFileSync(file, readFileSync(file, 'utf8').replace('grace', 'alana'));
      }),
    'a row was removed': () => withRows(([first = '', _, ...others]) => [first, ...others]),
    'a row was inserted or moved': () =>
      withRows(([first = '', second = '', ...others]) => [first, second, first, ...others]),
    'rows are missing at the end': () => withRows((rows) => rows.slice(0, -1)),
    'the files are gone': () => withTrail((file) => rmSync(file)),
  },

  'redis-may-forget': redisInstalled
    ? {
        'it evicts keys': () => withRedis(['maxmemory-policy', 'allkeys-lru']),
        'it keeps nothing': () => withRedis(),
      }
    : {},
};
