import { appendFileSync, chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import * as company from '../../../src/playground/company.ts';
import { type HelpDesk, openHelpDesk } from '../../support/help-desk.ts';
import { letTimePass } from '../../support/passing-time.ts';
import { PATIENCE } from '../../support/patience.ts';
import { run, standIns } from '../../support/process.ts';
import { type RedisServer, redisInstalled, startRedis } from '../../support/redis.ts';
import { startRedisCluster } from '../../support/redis-cluster.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { verify } from '../../support/verification.ts';
import { heard, printedText, type Stories, says } from '../support/stories.ts';

const ASK = '/securid user grace@acme.test';

async function asksForCode({ agent }: HelpDesk) {
  const press = await verify(agent, await agent.asks('/securid code alan@acme.test ios'));
  await press.answer();
  return press.answer();
}

/** The settings of a bot that has kept a trail and a state, and has stopped. */
async function usedTrail() {
  const folder = tempFolder();
  const env = { AUDIT_FILE: join(folder, 'audit'), STATE_FILE: join(folder, 'state') };
  const desk = await openHelpDesk({ env });
  await desk.agent.asks(ASK);
  await desk.agent.asks(ASK);
  await desk.close();
  return { env };
}

/** A trail in this file, and what belongs to it elsewhere. */
async function trailIn(file: string): Promise<string> {
  const folder = tempFolder();
  const env = {
    AUDIT_FILE: file,
    STATE_FILE: join(folder, 'state'),
    AUDIT_KEY_FILE: join(folder, 'key'),
  };
  const desk = await openHelpDesk({ env });
  return heard(desk, await asksForCode(desk));
}

/** A lockdown that neither the state nor the trail keeps. */
async function lockdownWithStateIn(file: string): Promise<string> {
  const env = { SECURID_APPROVERS: company.MIRA, AUDIT_FILE: '/dev/full', STATE_FILE: file };
  const desk = await openHelpDesk({ env });
  return heard(desk, await desk.manager.asks('/securid lockdown on'));
}

async function startedAfter(spoil: (env: Awaited<ReturnType<typeof usedTrail>>['env']) => void) {
  const { env } = await usedTrail();
  spoil(env);
  const desk = await openHelpDesk({ env });
  return heard(desk, await desk.agent.asks('/securid help'));
}

/** The state is an older one, and of the rows that were written since then only the last is left. */
async function withOldState(): Promise<string> {
  const { env } = await usedTrail();
  const older = readFileSync(env.STATE_FILE);
  const desk = await openHelpDesk({ env });
  for (let time = 0; time < 3; time += 1) await desk.agent.asks(ASK);
  await desk.close();
  writeFileSync(env.STATE_FILE, older);
  writeFileSync(env.AUDIT_FILE, rowsIn(env.AUDIT_FILE).at(-1) ?? '');
  return heard(await openHelpDesk({ env }));
}

const rowsIn = (file: string) => readFileSync(file, 'utf8').match(/.+\n/g) ?? [];

async function withRedis(
  spoil: (redis: RedisServer) => Promise<unknown>,
  urlOf: (redis: RedisServer) => string = ({ url }) => url,
): Promise<string> {
  const redis = await startRedis();
  await spoil(redis);
  const desk = await openHelpDesk({ env: { REDIS_URL: urlOf(redis) } });
  await desk.app.check();
  return heard(desk);
}

/** Redis keeps no copy in its folder, which is gone, and takes no write until it can. */
async function cannotSave({ ask }: RedisServer): Promise<void> {
  const [, folder] = (await ask('CONFIG', 'GET', 'dir')) as [string, string];
  await ask('CONFIG', 'SET', 'save', '3600 1');
  rmSync(folder, { recursive: true });
  await ask('SET', 'any', 'value');
  await ask('BGSAVE');
  const hasFailed = async () => String(await ask('INFO')).includes('rdb_last_bgsave_status:err');
  await vi.waitUntil(hasFailed, PATIENCE);
}

/** The file system of the kernel's own takes no file, whoever makes one. */
const NOT_OURS = '/sys/desk';

/** The audit trail, the state and Redis. */
export const keeping: Stories = {
  'the-audit-trail-cannot-be-written': {
    'its folder does not exist': () => trailIn(join(tempFolder(), 'none', 'audit.jsonl')),
    'it is a folder': () => trailIn(tempFolder()),
    'this user may not write there': () => trailIn(NOT_OURS),
    'the disk is full': () => trailIn('/dev/full'),
  },

  'another-process-writes-the-audit-trail': {
    async 'two instances have the same AUDIT_FILE'() {
      const first = await openHelpDesk();
      await first.agent.asks(ASK);
      return heard(await openHelpDesk({ env: { AUDIT_FILE: first.auditFile } }));
    },
    async 'something else changed the file'() {
      const desk = await openHelpDesk();
      await desk.agent.asks(ASK);
      await says(desk, 'answered');
      writeFileSync(desk.auditFile, '');
      return heard(desk, await asksForCode(desk));
    },
  },

  'rows-of-the-audit-trail-are-missing': {
    'rows were removed: those since an old state': withOldState,
    'rows were removed: all of them': () =>
      startedAfter(({ AUDIT_FILE }) => writeFileSync(AUDIT_FILE, '')),
    'a row was changed': () =>
      startedAfter(({ AUDIT_FILE }) => {
        const rows = readFileSync(AUDIT_FILE, 'utf8');
        writeFileSync(AUDIT_FILE, rows.replaceAll('look-up', 'done'));
      }),
    'an older copy was put back': () =>
      startedAfter(({ AUDIT_FILE }) => {
        writeFileSync(AUDIT_FILE, rowsIn(AUDIT_FILE)[0] ?? '');
      }),
    async 'a rotated file is damaged'() {
      const { env } = await usedTrail();
      writeFileSync(`${env.AUDIT_FILE}-20261101.gz`, 'no gzip');
      rmSync(env.STATE_FILE);
      const desk = await openHelpDesk({ env });
      await says(desk, 'could be read');
      return heard(desk);
    },
  },

  'a-new-key-signs-the-audit-trail': {
    'it is the first start': async () => heard(await openHelpDesk()),
    async 'the key was lost'() {
      const { env } = await usedTrail();
      rmSync(`${env.AUDIT_FILE}.key`);
      return heard(await openHelpDesk({ env }));
    },
    async 'AUDIT_KEY_FILE.next holds no key'() {
      const { env } = await usedTrail();
      writeFileSync(`${env.AUDIT_FILE}.key.next`, 'no key');
      return heard(await openHelpDesk({ env }));
    },
  },

  'others-can-read-a-file': {
    'a backup was put back with another mode': () =>
      startedAfter(({ AUDIT_FILE, STATE_FILE }) => {
        for (const file of [AUDIT_FILE, `${AUDIT_FILE}.key`, STATE_FILE]) chmodSync(file, 0o644);
      }),
  },

  'it-was-killed-before-it-had-stopped': {
    async 'while SecurID made a change'() {
      const { tenant, workspace, env } = await standIns();
      const first = run(env);
      workspace.deliverTo(`http://127.0.0.1:${await first.port()}/slack/events`);
      const agent = workspace.person(company.JONAS);
      const card = await (await agent.types('/securid code alan@acme.test ios')).answer();
      const hold = tenant.hold('POST /v1/users/deviceRegistrationCode');
      await verify(agent, card);
      await hold.arrived();
      first.child.kill('SIGKILL');
      await first.ended();
      hold.release();
      const next = run(env);
      await next.port();
      return printedText(next.printed());
    },
    'while a row was written': () =>
      startedAfter(({ AUDIT_FILE }) => appendFileSync(AUDIT_FILE, '{"time":"')),
  },

  'it-starts-in-lockdown': {
    'the file was lost': () => startedAfter(({ STATE_FILE }) => rmSync(STATE_FILE)),
    'the file is older, and rows since then are missing': withOldState,
    'the file cannot be read': () =>
      startedAfter(({ STATE_FILE }) => writeFileSync(STATE_FILE, 'no JSON')),
  },

  'the-state-file-cannot-be-written': {
    'its folder does not exist': () => lockdownWithStateIn('/no such folder/state'),
    'this user may not write there': () => lockdownWithStateIn(NOT_OURS),
  },

  'redis-is-away': redisInstalled
    ? {
        async 'it does not run'() {
          const redis = await startRedis();
          const desk = await openHelpDesk({ env: { REDIS_URL: redis.url } });
          await redis.kill();
          await says(desk, 'Redis is away');
          return heard(desk);
        },
        async 'its name is not known'() {
          const desk = await openHelpDesk({ env: { REDIS_URL: 'redis://redis.invalid' } });
          await says(desk, 'Redis is away');
          return heard(desk);
        },
        'the password is wrong, or there is none: wrong': () =>
          withRedis(
            async () => {},
            ({ url }) => url.replace(/:[^:@]+@/, ':wrong@'),
          ),
        'the password is wrong, or there is none: none': () =>
          withRedis(
            async () => {},
            ({ url }) => url.replace(/:[^:@]+@/, ''),
          ),
        async 'it does not answer'() {
          const redis = await startRedis();
          const desk = await openHelpDesk({ env: { REDIS_URL: redis.url } });
          redis.pause();
          await letTimePass(desk.clock, desk.app.check());
          return letTimePass(desk.clock, heard(desk));
        },
      }
    : {},

  'redis-does-not-accept-writes': redisInstalled
    ? {
        'it is a read-only replica': () =>
          withRedis(({ ask }) => ask('REPLICAOF', '127.0.0.1', '1')),
        async 'it is one of several shards of a cluster'() {
          const { second } = await startRedisCluster();
          const desk = await openHelpDesk({ env: { REDIS_URL: second.url } });
          await desk.agent.asks(ASK);
          await desk.app.check();
          return heard(desk);
        },
        'its memory is full': () => withRedis(({ ask }) => ask('CONFIG', 'SET', 'maxmemory', '1')),
        'it cannot save to its disk': () => withRedis(cannotSave),
        'it has too few replicas': () =>
          withRedis(({ ask }) => ask('CONFIG', 'SET', 'min-replicas-to-write', '1')),
        'this user may not write': () =>
          withRedis(
            ({ ask }) =>
              ask('ACL', 'SETUSER', 'reader', 'on', '>pass', '~*', '&*', '+@all', '-@write'),
            ({ url }) => url.replace(/\/\/:[^:@]+@/, '//reader:pass@'),
          ),
      }
    : {},
};
