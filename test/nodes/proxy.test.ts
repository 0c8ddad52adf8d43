import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as company from '../../src/playground/company.ts';
import { createCertificate } from '../support/certificate.ts';
import { APP_TOKEN } from '../support/help-desk.ts';
import { type Env, preloading, run, standIns } from '../support/process.ts';
import { startProxy } from '../support/proxy.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { nodes } from './support/nodes.ts';

const USER = '/securid user grace@acme.test';

/** A tenant and a workspace that only a proxy reaches, which opens TLS with a certificate of the company's own. */
async function behindProxy() {
  const ca = createCertificate('Corp CA');
  const proxy = await startProxy({
    signIn: 'desk:p@ss',
    isSecure: createCertificate('localhost', ca),
    opensTls: createCertificate('*.corp.test', ca),
  });
  const urls = { tenant: 'https://tenant.corp.test', slack: 'https://slack.corp.test' };
  const around = await standIns({ appToken: APP_TOKEN, urls });
  proxy.knows['tenant.corp.test:443'] = around.tenant.port;
  proxy.knows['slack.corp.test:443'] = around.workspace.port;
  const caFile = join(tempFolder(), 'corp-ca.pem');
  writeFileSync(caFile, ca.cert);
  const env: Env = {
    ...around.env,
    HTTPS_PROXY: proxy.url,
    NODE_EXTRA_CA_CERTS: caFile,
    ...preloading('test/nodes/support/look-ups.mjs'),
  };
  return { ...around, proxy, env };
}

/** The names that a process looked up itself. Many companies resolve those of others only at the proxy. */
const lookedUp = ({ printed }: ReturnType<typeof run>) => [
  ...new Set([...printed().matchAll(/^looked up (.*)$/gm)].map(([, name]) => name)),
];

describe.each(nodes().map((node) => [node.version, node] as const))(
  'behind a proxy, under Node %s',
  (_, { binary }) => {
    it('everything leaves through it in HTTP mode', async () => {
      const { workspace, proxy, env } = await behindProxy();
      const bot = run(env, 'main.js', [], binary);
      workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);

      const asked = await workspace.person(company.JONAS).types(USER);

      expect(await asked.answer()).toMatchObject({ text: expect.stringMatching(/^Grace/) });
      expect(proxy.requests).toContain('POST /AdminInterface/restapi/v1/users/lookup');
      expect(proxy.requests).toContain('POST /response/1');
      expect(lookedUp(bot)).toEqual(['127.0.0.1', 'localhost']);
      expect(bot.printed()).not.toMatch(/warning|p@ss|p%40ss/i);
    });

    it('everything leaves through it in Socket Mode', async () => {
      const { workspace, proxy, env } = await behindProxy();
      const { SLACK_SIGNING_SECRET: _, HTTPS_PROXY = '', ...rest } = env;
      const socketMode = { ...rest, SLACK_APP_TOKEN: APP_TOKEN, https_proxy: HTTPS_PROXY };
      const bot = run(socketMode, 'main.js', [], binary);
      await bot.says('ready, in Socket Mode');

      const asked = await workspace.person(company.JONAS).types(USER);

      expect(await asked.answer()).toMatchObject({ text: expect.stringMatching(/^Grace/) });
      expect(proxy.requests).toContain('POST /api/apps.connections.open');
      expect(proxy.requests.join()).toContain('GET /link/?ticket=');
      expect(lookedUp(bot)).toEqual(['127.0.0.1', 'localhost']);
      bot.child.kill('SIGTERM');
      expect(await bot.ended()).toBe(0);
    });

    it('the doctor asks through it', async () => {
      const { proxy, env } = await behindProxy();
      const doctor = run(env, 'main.js', ['doctor'], binary);

      expect(await doctor.ended()).toBe(0);

      const place = proxy.place.replace('127.0.0.1', 'localhost');
      expect(doctor.printed()).toContain(`${place} leads to slack.corp.test`);
      expect(doctor.printed()).toContain(`${place} leads to tenant.corp.test`);
      expect(doctor.printed()).not.toMatch(/p@ss|p%40ss/);
      expect(lookedUp(doctor)).toEqual(['127.0.0.1', 'localhost']);
    });

    it('says what is wrong if Node does not know the certificate', async () => {
      const { proxy, env } = await behindProxy();
      const bot = run({ ...env, NODE_EXTRA_CA_CERTS: '' }, 'main.js', [], binary);

      await bot.says('set NODE_EXTRA_CA_CERTS to its CA file');

      expect(bot.printed()).toContain(proxy.place.replace('127.0.0.1', 'localhost'));
      expect(bot.printed()).not.toMatch(/p@ss|p%40ss/);
    });
  },
);
