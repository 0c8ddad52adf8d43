import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { createCertificate } from '../../support/certificate.ts';
import { freePort } from '../../support/free-port.ts';
import { keepBody, openHelpDesk } from '../../support/help-desk.ts';
import { run, standIns } from '../../support/process.ts';
import { type Refusal, startProxy, type TestProxy } from '../../support/proxy.ts';
import { cardFor, events, ISSUE, issue } from '../../support/registration-code.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { heard, printedText, type Stories } from '../support/stories.ts';

const TENANT = 'tenant.test';
const WRONG = { status: 407, headers: { 'proxy-authenticate': 'Basic realm="corp"' } };
const PAGE = {
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><title>Sign in</title>',
};

/** A desk that reaches SecurID through this proxy, and Slack without. */
const openBehind = (address: string) =>
  openHelpDesk({
    credential: 'oauth rsa',
    tenantUrl: `https://${TENANT}`,
    env: { HTTPS_PROXY: address },
  });

async function lookUpThrough(address: string): Promise<string> {
  const desk = await openBehind(address);
  return heard(desk, await desk.agent.asks('/securid user grace@acme.test'));
}

async function refusedWith(refusal: Refusal, addressOf = ({ url }: TestProxy) => url) {
  const proxy = await startProxy();
  proxy.refuse(refusal);
  return lookUpThrough(addressOf(proxy));
}

type Certificate = ReturnType<typeof createCertificate>;

/** A look-up through a proxy that shows certificates of its own. */
async function lookUpInspected(shown: (own: Certificate, ca: string) => string): Promise<string> {
  const ca = createCertificate('Corp CA');
  const own = createCertificate(TENANT, ca);
  const proxy = await startProxy({ opensTls: { key: own.key, cert: shown(own, ca.cert) } });
  proxy.knows[`${TENANT}:443`] = proxy.port;
  return lookUpThrough(proxy.url);
}

/** The URL of a server that shows this certificate. */
async function serve({ key, cert }: Pick<Certificate, 'key' | 'cert'>): Promise<string> {
  const server = createServer({ key, cert }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return `https://localhost:${port}/api/`;
}

async function askSlackAt(url: string): Promise<string> {
  const desk = await openHelpDesk({ env: { SLACK_API_URL: url } });
  await desk.app.check();
  return heard(desk);
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
    'it answers with a status other than 200: 403': () => refusedWith({ status: 403, ...PAGE }),
    'it answers with a status other than 200: 502': () => refusedWith({ status: 502, ...PAGE }),
    'it closes the connection: at once': () => refusedWith('reset'),
    'it closes the connection: after the tunnel was opened': () => refusedWith('closed tunnel'),
    'nothing listens there': async () => lookUpThrough(`http://127.0.0.1:${await freePort()}`),
    'its name is not known': () => lookUpThrough('http://proxy.invalid:3128'),
  },

  'the-proxy-does-not-answer': {
    'it opens no tunnel': () => refusedWith('hang'),
    async 'no TLS connection comes about in its tunnel'() {
      const proxy = await startProxy();
      proxy.refuse('silent tunnel');
      const desk = await openBehind(proxy.url);
      await desk.app.check();
      return heard(desk);
    },
  },

  'a-web-page-comes-in-place-of-an-answer': {
    'it came in place of the tunnel': () => refusedWith({ status: 200, ...PAGE }),
    async 'it came after a change was sent'() {
      const proxy = await startProxy();
      const desk = await openHelpDesk({ env: { HTTP_PROXY: proxy.url } });
      desk.tenant.answerNext({ status: 200, ...PAGE }, 1, ISSUE);
      const card = await cardFor(desk);
      await issue(desk, card);
      expect(events(desk).at(-1)).toBe('unknown');
      return heard(desk, card);
    },
  },

  'a-certificate-is-not-trusted': {
    'a proxy inspects TLS: it shows its CA': async () =>
      lookUpInspected(({ cert }, ca) => cert + ca),
    'a proxy inspects TLS: it does not show its CA': async () =>
      lookUpInspected(({ cert }) => cert),
    async 'a firewall inspects TLS'() {
      const ca = createCertificate('Corp CA');
      const own = createCertificate('localhost', ca);
      return askSlackAt(await serve({ ...own, cert: own.cert + ca.cert }));
    },
    'it has expired, or the clock of this server is wrong: it has expired': async () =>
      askSlackAt(await serve(createCertificate('localhost', undefined, 10))),
    'it has expired, or the clock of this server is wrong: the clock is slow': async () =>
      askSlackAt(await serve(createCertificate('localhost', undefined, -10))),
    async 'it is the certificate of another host'() {
      const ca = createCertificate('Corp CA');
      const file = join(tempFolder(), 'ca.pem');
      writeFileSync(file, ca.cert);
      const { env } = await standIns();
      const bot = run({
        ...env,
        SLACK_API_URL: await serve(createCertificate('another.test', ca)),
        NODE_EXTRA_CA_CERTS: file,
      });
      await bot.says('Slack did not confirm the bot token');
      const ops = await bot.says('"opsPort":(\\d+)');
      const ready = await fetch(`http://127.0.0.1:${ops}/readyz`);
      return `${printedText(bot.printed())}\n${await keepBody(ready)}`;
    },
  },
};
