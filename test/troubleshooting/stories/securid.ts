import * as company from '../../../src/playground/company.ts';
import { APP_TOKEN, openHelpDesk } from '../../support/help-desk.ts';
import { letTimePass } from '../../support/passing-time.ts';
import { fastBy, run, standIns } from '../../support/process.ts';
import { heard, printedText, type Stories } from '../support/stories.ts';

const ASK = '/securid user grace@acme.test';

/** SecurID refuses something, or is silent. */
export const securid: Stories = {
  'securid-refuses-this-apps-key': {
    async 'the key was deleted'() {
      const desk = await openHelpDesk();
      desk.tenant.setKeyRefused(true);
      return heard(desk, await desk.agent.asks(ASK));
    },
    async "this server's clock is ten minutes fast"() {
      const { workspace, env } = await standIns({ appToken: APP_TOKEN });
      const { SLACK_SIGNING_SECRET: _, ...others } = env;
      const bot = run({ ...others, SLACK_APP_TOKEN: APP_TOKEN, ...fastBy(600_000) });
      await Promise.all([bot.says('ready'), workspace.connected()]);
      const asked = await workspace.person(company.JONAS).types(ASK);
      return `${printedText(bot.printed())}\n${JSON.stringify(await asked.answer())}`;
    },
    async 'adminRestApiUrl is not the one of the key file'() {
      const desk = await openHelpDesk();
      const { apiKey } = desk.tenant;
      const adminRestApiUrl = apiKey.adminRestApiUrl.replace(/\/v1$/, '');
      const env = { SECURID_API_KEY: JSON.stringify({ ...apiKey, adminRestApiUrl }) };
      const bot = await desk.openSecondBot({ env });
      bot.isAsked();
      return heard(desk, await desk.agent.asks(ASK));
    },
    async 'SECURID_OAUTH_CLIENT_ID is another client'() {
      const env = { SECURID_OAUTH_CLIENT_ID: 'another' };
      const desk = await openHelpDesk({ credential: 'oauth rsa', env });
      return heard(desk, await desk.agent.asks(ASK));
    },
  },

  'the-oauth-client-lacks-a-permission': {
    async 'the client was not given it'() {
      const desk = await openHelpDesk({ credential: 'oauth rsa' });
      const { scopes } = desk.tenant.oauth;
      scopes.splice(scopes.indexOf('rsa.audit.user'), 1);
      return heard(desk, await desk.agent.asks('/securid history grace@acme.test'));
    },
  },

  'securid-does-not-answer': {
    async 'the tenant is down'() {
      const desk = await openHelpDesk({ credential: 'oauth rsa' });
      desk.tenant.setAlways({ status: 503 });
      return heard(desk, await letTimePass(desk.clock, desk.agent.asks(ASK)));
    },
  },

  'securid-sends-an-answer-that-is-not-understood': {
    async 'SECURID_ADMIN_API_URL is another address of the tenant'() {
      const desk = await openHelpDesk();
      desk.tenant.setAlways({ status: 404, body: '<h1>Not Found</h1>' });
      return heard(desk, await desk.agent.asks(ASK));
    },
    async 'a firewall refuses in its place'() {
      const desk = await openHelpDesk();
      desk.tenant.setAlways({ status: 403, body: '<h1>Blocked by policy</h1>' });
      return heard(desk, await desk.agent.asks(ASK));
    },
  },

  'securid-is-busy': {
    async 'another program uses it, too'() {
      const desk = await openHelpDesk();
      desk.tenant.setAlways({ status: 429, headers: { 'retry-after': '60' } });
      return heard(desk, await letTimePass(desk.clock, desk.agent.asks(ASK)));
    },
  },
};
