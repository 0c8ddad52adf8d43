import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'vitest';
import { freePort } from '../../support/free-port.ts';
import { type HelpDesk, type HelpDeskOptions, openHelpDesk } from '../../support/help-desk.ts';
import { letTimePass } from '../../support/passing-time.ts';
import { silentPort } from '../support/silent.ts';
import { heard, type Stories } from '../support/stories.ts';

const ASK = '/securid user grace@acme.test';

const TEN_MINUTES = 600_000;

/** A look-up, with an API key unless told. */
async function lookUp(options: HelpDeskOptions = {}, spoil: (desk: HelpDesk) => void = () => {}) {
  const desk = await openHelpDesk(options);
  spoil(desk);
  return heard(desk, await desk.agent.asks(ASK));
}

/** A look-up with OAuth, in which settings may be wrong. */
const lookUpByOAuth = (env: Record<string, string>, spoil?: (desk: HelpDesk) => void) =>
  lookUp({ credential: 'oauth rsa', env }, spoil);

/** A look-up by a bot whose settings follow from those of the tenant. */
async function lookUpWith(
  credential: 'api key' | 'oauth rsa',
  env: (tenant: HelpDesk['tenant']) => Record<string, string> | Promise<Record<string, string>>,
) {
  const desk = await openHelpDesk({ credential });
  const bot = await desk.openSecondBot({ env: await env(desk.tenant) });
  bot.isAsked();
  await bot.app.check();
  const shown = await desk.agent.asks(ASK);
  return `${await heard(desk, shown)}\n${await (await fetch(`${bot.ops}/readyz`)).text()}`;
}

/** A check where SecurID is not. */
async function checkAt(origin: string): Promise<string> {
  const desk = await openHelpDesk({
    credential: 'oauth rsa',
    env: { SECURID_OAUTH_ISSUER_URL: `${origin}/oauth`, SECURID_ADMIN_API_URL: origin },
  });
  await desk.app.check();
  return heard(desk);
}

/** A look-up while the tenant always does this. */
async function lookUpWhile(fault: Parameters<HelpDesk['tenant']['setAlways']>[0]) {
  const desk = await openHelpDesk({ credential: 'oauth rsa' });
  desk.tenant.setAlways(fault);
  await letTimePass(desk.clock, desk.app.check());
  const shown = await letTimePass(desk.clock, desk.agent.asks(ASK));
  return letTimePass(desk.clock, heard(desk, shown));
}

const otherKey = (kid: unknown) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256' });
};

const TOKEN = 'POST /oauth/token';
const USER = 'POST /v1/users/lookup';

/** SecurID refuses something, or is silent. */
export const securid: Stories = {
  'securid-refuses-this-apps-key': {
    'the client id is wrong': () => lookUpByOAuth({ SECURID_OAUTH_CLIENT_ID: 'another' }),
    "the private key is not the client's": () =>
      lookUpWith('oauth rsa', ({ oauth }) => ({
        SECURID_OAUTH_PRIVATE_KEY: otherKey(oauth.rsaPrivateKey.kid),
      })),
    "the kid is not the key's": () =>
      lookUpWith('oauth rsa', ({ oauth }) => ({
        SECURID_OAUTH_PRIVATE_KEY: JSON.stringify({ ...oauth.rsaPrivateKey, kid: 'another' }),
      })),
    'the issuer URL has another host than RSA shows': () =>
      lookUpWith('oauth rsa', ({ port }) => ({
        SECURID_OAUTH_ISSUER_URL: `http://localhost:${port}/oauth`,
      })),
    "this server's clock is more than a minute wrong: with OAuth": () =>
      lookUp({ credential: 'oauth rsa', ahead: -TEN_MINUTES }),
    "this server's clock is more than a minute wrong: with an API key": () =>
      lookUp({ ahead: TEN_MINUTES }),
    'SECURID_OAUTH_SCOPE names a permission that the client does not have': () =>
      lookUpByOAuth({ SECURID_OAUTH_SCOPE: 'rsa.user.read rsa.user.manage' }, ({ tenant }) => {
        const { scopes } = tenant.oauth;
        scopes.splice(scopes.indexOf('rsa.user.manage'), 1);
      }),
    'the client may not get this kind of token': () =>
      lookUpByOAuth({}, ({ tenant }) =>
        tenant.answerNext({ status: 400, body: { error: 'unauthorized_client' } }, 9, TOKEN),
      ),
    'the key was deleted': () => lookUp({}, ({ tenant }) => tenant.setKeyRefused(true)),
    'adminRestApiUrl is not the one of the key file': () =>
      lookUpWith('api key', ({ apiKey }) => {
        const adminRestApiUrl = apiKey.adminRestApiUrl.replace(/\/v1$/, '');
        return { SECURID_API_KEY: JSON.stringify({ ...apiKey, adminRestApiUrl }) };
      }),
    "the key's role is too small": () =>
      lookUp({}, ({ tenant }) =>
        tenant.answerNext({ status: 403, body: { message: 'Access is denied' } }, 9, USER),
      ),
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
    'its name is not known': () => checkAt('https://securid.invalid'),
    'nothing listens there': async () => checkAt(`http://127.0.0.1:${await freePort()}`),
    'a firewall drops the connection': async () =>
      checkAt(`http://127.0.0.1:${await silentPort()}`),
    'the tenant answers with an error of its own': () => lookUpWhile({ status: 503 }),
    async 'the tenant takes too long'() {
      const desk = await openHelpDesk();
      desk.tenant.setAlways('hang');
      const { answer } = await desk.agent.types(ASK);
      await letTimePass(desk.clock, answer());
      return heard(desk, await letTimePass(desk.clock, answer()));
    },
  },

  'securid-sends-an-answer-that-is-not-understood': {
    'another web server answers': () =>
      lookUp({}, ({ tenant }) => tenant.setAlways({ status: 404, body: '<h1>Not Found</h1>' })),
    'the tenant lacks one API': async () => {
      const desk = await openHelpDesk({ traits: { unrouted: ['GET /v2/users/{id}/devices'] } });
      return heard(desk, await desk.agent.asks('/securid authenticators grace@acme.test'));
    },
    'a firewall answers with a page of its own': () =>
      lookUp({}, ({ tenant }) => tenant.setAlways({ status: 403, body: '<h1>Forbidden</h1>' })),
    'another API answers': () => lookUpWhile({ status: 200, body: { status: 'up' } }),
    'a sign-in page stands in front': () =>
      lookUpWhile({ status: 302, headers: { location: 'https://login.acme.test/' } }),
  },

  'securid-is-busy': {
    async 'several instances share no Redis'() {
      const desk = await openHelpDesk();
      await desk.agent.asks(ASK);
      // Enough for one of them.
      desk.tenant.rateLimit({ perSecond: 0.01, burst: desk.tenant.requests.length });
      expect(desk.screen(await desk.agent.asks(ASK))).toContain('# Grace Okafor');
      (await desk.openSecondBot()).isAsked();
      return heard(desk, await letTimePass(desk.clock, desk.agent.asks(ASK)));
    },
    async 'another program uses the same tenant'() {
      const desk = await openHelpDesk();
      desk.tenant.setAlways({ status: 429, headers: { 'retry-after': '60' } });
      return heard(desk, await letTimePass(desk.clock, desk.agent.asks(ASK)));
    },
  },
};
