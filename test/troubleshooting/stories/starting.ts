import * as company from '../../../src/playground/company.ts';
import { openHelpDesk } from '../../support/help-desk.ts';
import { run, standIns } from '../../support/process.ts';
import { heard, printedText, type Stories } from '../support/stories.ts';

/** It does not start. */
export const starting: Stories = {
  'the-configuration-has-problems': {
    async 'nothing is set'() {
      const bot = run({});
      await bot.ended();
      return printedText(bot.printed());
    },
  },

  'another-program-listens-there': {
    async 'the port is taken'() {
      const { env } = await standIns();
      const first = run(env);
      const second = run({ ...env, PORT: String(await first.port()) });
      await second.ended();
      return printedText(second.printed());
    },
    async 'the port of probes and metrics is taken'() {
      const { env } = await standIns();
      const first = run(env);
      const second = run({ ...env, OPS_PORT: await first.says('"opsPort":(\\d+)') });
      await second.ended();
      return printedText(second.printed());
    },
  },

  'nobody-has-the-role': {
    async 'the roles are empty'() {
      const desk = await openHelpDesk({ env: { SECURID_AGENTS: '', SECURID_MANAGERS: '' } });
      return heard(desk, await desk.agent.asks('/securid user grace@acme.test'));
    },
  },

  'nobody-can-approve': {
    'people are protected, and there is no approval channel': async () =>
      heard(await openHelpDesk({ env: { SECURID_PROTECTED: '*@acme.test' } })),
    'there are no approvers': async () =>
      heard(await openHelpDesk({ env: { SECURID_APPROVAL_CHANNEL: company.APPROVALS } })),
  },

  'the-oauth-key-has-no-kid': {
    async 'it comes from a PEM file'() {
      const { tenant } = await standIns();
      const { kid: _, ...key } = tenant.oauth.rsaPrivateKey;
      const env = { SECURID_OAUTH_PRIVATE_KEY: JSON.stringify(key) };
      return heard(await openHelpDesk({ credential: 'oauth rsa', env }));
    },
  },

  'the-configured-scope-lacks-a-permission': {
    async 'it was set for another version'() {
      const env = { SECURID_OAUTH_SCOPE: 'rsa.user.read' };
      return heard(await openHelpDesk({ credential: 'oauth rsa', env }));
    },
  },

  'redis-has-no-password': {
    'REDIS_URL names only the host': async () =>
      heard(await openHelpDesk({ env: { REDIS_URL: 'redis://redis.test:1' } })),
  },
};
