import { createCertificate } from '../../support/certificate.ts';
import { openHelpDesk } from '../../support/help-desk.ts';
import { type Refusal, startProxy, type TestProxy } from '../../support/proxy.ts';
import { heard, type Stories } from '../support/stories.ts';

const TENANT = 'tenant.test';
const WRONG = { status: 407, headers: { 'proxy-authenticate': 'Basic realm="corp"' } };
const PAGE = {
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><title>Sign in</title>',
};

/** A look-up that has to go to SecurID through this proxy; Slack is reached without. */
async function lookUpThrough(address: string): Promise<string> {
  const env = { HTTPS_PROXY: address };
  const desk = await openHelpDesk({ credential: 'oauth rsa', tenantUrl: `https://${TENANT}`, env });
  return heard(desk, await desk.agent.asks('/securid user grace@acme.test'));
}

async function refusedWith(refusal: Refusal, addressOf = ({ url }: TestProxy) => url) {
  const proxy = await startProxy();
  proxy.refuse(refusal);
  return lookUpThrough(addressOf(proxy));
}

/** Something between this server, SecurID and Slack. */
export const network: Stories = {
  'a-proxy-variable-has-no-effect': {
    'only ALL_PROXY is set': async () =>
      heard(await openHelpDesk({ env: { ALL_PROXY: 'http://proxy.corp:3128' } })),
    async 'NO_PROXY names a range of addresses'() {
      const { url } = await startProxy();
      const env = { HTTPS_PROXY: url, NO_PROXY: '10.0.0.0/8,127.0.0.1' };
      return heard(await openHelpDesk({ env }));
    },
  },

  'the-proxy-asks-for-a-password': {
    'none is set': () => refusedWith(WRONG),
    'another is set': () => refusedWith(WRONG, ({ place }) => `http://desk:wrong@${place}`),
    'it wants something else': () =>
      refusedWith({ status: 407, headers: { 'proxy-authenticate': 'Negotiate' } }),
  },

  'the-proxy-refuses': {
    'it answers 403': () => refusedWith({ status: 403, ...PAGE }),
    'it closes the tunnel': () => refusedWith('closed tunnel'),
    async 'it is not there'() {
      const proxy = await startProxy();
      proxy.stop();
      return lookUpThrough(proxy.url);
    },
  },

  'the-proxy-does-not-answer': {
    'it hangs': () => refusedWith('hang'),
    'its tunnel stays silent': () => refusedWith('silent tunnel'),
  },

  'a-web-page-comes-in-place-of-an-answer': {
    'in place of the tunnel': () => refusedWith({ status: 200, ...PAGE }),
  },

  'a-certificate-is-not-trusted': {
    async 'the proxy opens TLS'() {
      const ca = createCertificate('Corp CA');
      const { key, cert } = createCertificate(TENANT, ca);
      const proxy = await startProxy({ opensTls: { key, cert: cert + ca.cert } });
      proxy.knows[`${TENANT}:443`] = proxy.port;
      return lookUpThrough(proxy.url);
    },
  },
};
