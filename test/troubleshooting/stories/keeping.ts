import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, type HelpDesk, openHelpDesk } from '../../support/help-desk.ts';
import { redisInstalled, startRedis } from '../../support/redis.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { verify } from '../../support/verification.ts';
import { heard, type Stories } from '../support/stories.ts';

const ASK = '/securid user grace@acme.test';

const says = ({ printed }: HelpDesk, words: string) =>
  eventually(() => printed.join('').includes(words));

async function asksForCode({ agent }: HelpDesk) {
  const press = await verify(agent, await agent.asks('/securid code alan@acme.test ios'));
  await press.answer();
  return press.answer();
}

/** The audit trail, the state and Redis. */
export const keeping: Stories = {
  'the-audit-trail-cannot-be-written': {
    async 'its folder does not exist'() {
      const file = join(tempFolder(), 'none', 'audit.jsonl');
      const desk = await openHelpDesk({ env: { AUDIT_FILE: file } });
      return heard(desk, await asksForCode(desk));
    },
    async 'it is a folder'() {
      const folder = tempFolder();
      const env = {
        AUDIT_FILE: folder,
        STATE_FILE: join(folder, 's'),
        AUDIT_KEY_FILE: join(folder, 'k'),
      };
      const desk = await openHelpDesk({ env });
      return heard(desk, await asksForCode(desk));
    },
  },

  'another-process-writes-the-audit-trail': {
    async 'two instances have the same AUDIT_FILE'() {
      const first = await openHelpDesk();
      await first.agent.asks(ASK);
      return heard(await openHelpDesk({ env: { AUDIT_FILE: first.auditFile } }));
    },
    async 'somebody emptied it'() {
      const desk = await openHelpDesk();
      await desk.agent.asks(ASK);
      await says(desk, 'answered');
      writeFileSync(desk.auditFile, '');
      return heard(desk, await asksForCode(desk));
    },
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
        async 'the password is wrong'() {
          const redis = await startRedis();
          const REDIS_URL = redis.url.replace(/:[^:@]+@/, ':wrong@');
          return heard(await openHelpDesk({ env: { REDIS_URL } }));
        },
      }
    : {},

  'redis-takes-no-writes': redisInstalled
    ? {
        async 'it is a read-only replica'() {
          const redis = await startRedis();
          await redis.ask('REPLICAOF', '127.0.0.1', '1');
          const desk = await openHelpDesk({ env: { REDIS_URL: redis.url } });
          await desk.app.check();
          return heard(desk);
        },
        async 'its memory is full'() {
          const redis = await startRedis();
          await redis.ask('CONFIG', 'SET', 'maxmemory', '1');
          const desk = await openHelpDesk({ env: { REDIS_URL: redis.url } });
          await desk.app.check();
          return heard(desk);
        },
      }
    : {},
};
