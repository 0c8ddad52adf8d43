import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as company from '../../../src/playground/company.ts';
import { openHelpDesk } from '../../support/help-desk.ts';
import { DIST, type Env, run, runCommand, standIns } from '../../support/process.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { heard, printedText, type Stories } from '../support/stories.ts';

/** What a process prints that ends at the start. */
async function printedAtStart(env: Env): Promise<string> {
  const bot = run(env);
  await bot.ended();
  return printedText(bot.printed());
}

/** The first port that anybody may use: https://docs.kernel.org/networking/ip-sysctl.html */
const FIRST_FREE = '/proc/sys/net/ipv4/ip_unprivileged_port_start';
/** Containers often have none that are kept, and systems other than Linux do not say. */
export const arePortsKept =
  existsSync(FIRST_FREE) && Number(readFileSync(FIRST_FREE, 'utf8')) > 443;

/** Somebody who is not root, who may use every port. */
const nobody = () => (process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {});

/** It does not start. */
export const starting: Stories = {
  'the-configuration-has-problems': {
    'nothing is set': () => printedAtStart({}),
    'the tokens are swapped': () =>
      printedAtStart({ SLACK_BOT_TOKEN: 'xapp-1-A0-1-a', SLACK_APP_TOKEN: 'xoxb-1-2-a' }),
    'tokens rotate, and the signing secret is another value': () =>
      printedAtStart({
        SLACK_BOT_TOKEN: 'xoxe.xoxb-1-a',
        SLACK_SIGNING_SECRET: '1234567890.1234567890',
      }),
    'the key file is not there': () =>
      printedAtStart({ SECURID_API_KEY_FILE: '/no such folder/key.json' }),
    'the key file is a folder': () => printedAtStart({ SECURID_API_KEY_FILE: tempFolder() }),
    'the key is something else, and OAuth is set, too': async () =>
      [
        await printedAtStart({ SECURID_API_KEY: '{"accessKey":"5e8b"}' }),
        await printedAtStart({ SECURID_API_KEY: 'a key', SECURID_OAUTH_CLIENT_ID: 'a client' }),
      ].join('\n'),
    'names stand where ids should': () =>
      printedAtStart({ SECURID_AGENTS: '@help-desk', AUDIT_CHANNEL: '#audit' }),
    'Kubernetes has set PORT': () => printedAtStart({ PORT: 'tcp://10.0.0.1:3000' }),
    async 'everything needs approval, and nobody can approve'() {
      const { env } = await standIns();
      return printedAtStart({ ...env, SECURID_APPROVAL: 'always' });
    },
    'files and addresses cannot be used': () =>
      printedAtStart({
        AUDIT_FILE: 'audit',
        STATE_FILE: 'audit',
        SECURID_ADMIN_API_URL: 'http://tenant.test/AdminInterface/restapi',
        REDIS_URL: 'localhost:6379',
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
      }),
  },

  'a-variable-is-not-read': {
    'a name has a slip in it': async () =>
      heard(await openHelpDesk({ env: { SECURID_PROTECTD: '*@acme.test' } })),
    'a name is made up': async () =>
      heard(await openHelpDesk({ env: { SECURID_PROTECTED_USERS: '*@acme.test' } })),
  },

  'another-program-uses-the-port': {
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

  'it-cannot-listen-there': {
    async 'the host is not an address of this machine'() {
      const { env } = await standIns();
      return printedAtStart({ ...env, HOST: '192.0.2.1' });
    },
    async 'the host is a name that is not known'() {
      const { env } = await standIns();
      return printedAtStart({ ...env, OPS_HOST: '127.0.0.1:9090' });
    },
    ...(arePortsKept && {
      async 'this user may not use a port below 1024'() {
        const { env } = await standIns();
        const command = [join(DIST, 'main.js')];
        const bot = runCommand({ ...env, PORT: '443' }, process.execPath, command, nobody());
        await bot.ended();
        return printedText(bot.printed());
      },
    }),
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
    async 'the JWK has none'() {
      const { tenant } = await standIns();
      const key = { ...tenant.oauth.rsaPrivateKey, kid: undefined };
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
