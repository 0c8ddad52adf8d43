import { appendFileSync, chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as company from '../../../src/playground/company.ts';
import { type HelpDesk, openHelpDesk } from '../../support/help-desk.ts';
import { run, standIns } from '../../support/process.ts';
import { redisInstalled, startRedis } from '../../support/redis.ts';
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

  'rows-of-the-audit-trail-are-missing': {
    async 'the end of the file was cut off'() {
      const { env } = await usedTrail();
      writeFileSync(env.AUDIT_FILE, '');
      return heard(await openHelpDesk({ env }));
    },
    async 'a row was changed'() {
      const { env } = await usedTrail();
      writeFileSync(
        env.AUDIT_FILE,
        readFileSync(env.AUDIT_FILE, 'utf8').replaceAll('look-up', 'done'),
      );
      return heard(await openHelpDesk({ env }));
    },
    async 'an older file is damaged'() {
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
    async 'a backup was put back with another mode'() {
      const { env } = await usedTrail();
      chmodSync(env.AUDIT_FILE, 0o644);
      chmodSync(env.STATE_FILE, 0o644);
      return heard(await openHelpDesk({ env }));
    },
  },

  'it-was-killed-before-it-had-stopped': {
    async 'a process was killed while SecurID made a change'() {
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
      appendFileSync(env.AUDIT_FILE ?? '', '{"time":"');
      const next = run(env);
      await next.port();
      return printedText(next.printed());
    },
  },

  'it-starts-in-lockdown': {
    async 'the state file was lost'() {
      const { env } = await usedTrail();
      rmSync(env.STATE_FILE);
      const desk = await openHelpDesk({ env });
      return heard(desk, await desk.agent.asks('/securid help'));
    },
    async 'the state file is damaged'() {
      const { env } = await usedTrail();
      writeFileSync(env.STATE_FILE, 'no JSON');
      return heard(await openHelpDesk({ env }));
    },
  },

  'the-state-file-cannot-be-written': {
    async 'neither it nor the trail can be written'() {
      const env = {
        SECURID_APPROVERS: company.MIRA,
        AUDIT_FILE: '/dev/full',
        STATE_FILE: '/no such folder/state',
      };
      const desk = await openHelpDesk({ env });
      return heard(desk, await desk.manager.asks('/securid lockdown on'));
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
