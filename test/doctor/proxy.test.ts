import { describe, expect, it } from 'vitest';
import { APP_TOKEN } from '../support/help-desk.ts';
import { type Refusal, startProxy } from '../support/proxy.ts';
import { examine, standIns, withOAuth } from './support/examine.ts';

/** A tenant that only the proxy can find; Slack is reached without. */
async function behind(proxyUrl: string) {
  const { tenant, env } = await standIns();
  const apiKey = {
    ...tenant.apiKey,
    adminRestApiUrl: 'https://tenant.test/AdminInterface/restapi',
  };
  return {
    ...env,
    SECURID_API_KEY: JSON.stringify(apiKey),
    HTTPS_PROXY: proxyUrl,
    NO_PROXY: '10.0.0.0/8',
  };
}

describe('the doctor, of proxies', () => {
  it('says that there is none', async () => {
    const { env } = await standIns();

    expect((await examine(env)).about('proxy')).toMatchObject([{ result: 'ok', says: 'none' }]);
  });

  it('says which host is asked through which proxy, and which without', async () => {
    const { env } = await standIns();
    const proxy = await startProxy({ signIn: 'desk:hunter2-77' });
    const slack = new URL(env.SLACK_API_URL ?? '').host;

    const through = await examine({ ...env, HTTP_PROXY: proxy.url });
    const without = await examine({ ...env, HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' });

    expect(through.about('proxy')).toContainEqual({
      name: 'proxy',
      result: 'ok',
      says: `${proxy.place} leads to ${slack}`,
    });
    expect(through.about('bot token')).toMatchObject([{ result: 'ok' }]);
    expect(without.about('proxy')).toContainEqual({
      name: 'proxy',
      result: 'ok',
      says: `${slack} is asked without it`,
    });
    expect(JSON.stringify(through.checks)).not.toContain('hunter2');
  });

  it.each<{ how: Refusal; says: (place: string) => string; see: string }>([
    {
      how: { status: 407, headers: { 'proxy-authenticate': 'Basic realm="corp"' } },
      says: (place) =>
        `the proxy ${place} asks for a user and a password; it was asked for tenant.test`,
      see: 'the-proxy-asks-for-a-password',
    },
    {
      how: { status: 403, headers: { 'content-type': 'text/html' }, body: '<h1>No</h1>' },
      says: (place) => `the proxy ${place} refuses to connect to tenant.test (403)`,
      see: 'the-proxy-refuses',
    },
    {
      how: 'hang',
      says: (place) => `the proxy ${place} does not answer in time; it was asked for tenant.test`,
      see: 'the-proxy-does-not-answer',
    },
  ])('names the proxy in between: $see', async ({ how, says, see }) => {
    const proxy = await startProxy();
    proxy.refuse(how);

    const { about, code } = await examine(await behind(proxy.url));

    expect(about('proxy')).toContainEqual({
      name: 'proxy',
      result: 'failed',
      says: says(proxy.place),
      remedy: expect.stringMatching(/^[A-Z].*\.$/),
      see: `docs/troubleshooting.md#${see}`,
    });
    expect(about('API key')).toMatchObject([
      {
        result: 'warning',
        says: 'not checked: the proxy is in the way',
        remedy: 'Fix the proxy first: see above.',
      },
    ]);
    expect(about('NO_PROXY')).toMatchObject([{ result: 'warning' }]);
    expect(code).toBe(1);
  });

  it('says that a password is wrong, and prints none', async () => {
    const { place } = await startProxy({ signIn: 'desk:right' });

    const { checks, about } = await examine(await behind(`http://desk:hunter2-77@${place}`));

    expect(about('proxy')).toContainEqual(
      expect.objectContaining({
        result: 'failed',
        says: `the proxy ${place} does not accept the user and the password of the proxy variable; it was asked for tenant.test`,
        remedy: 'Correct them.',
      }),
    );
    expect(JSON.stringify(checks)).not.toContain('hunter2');
  });

  it('names a dead proxy once, with every host behind it', async () => {
    const { tenant, env } = await standIns({ appToken: APP_TOKEN });
    const proxy = await startProxy();
    proxy.stop();
    const { SLACK_SIGNING_SECRET: _, ...others } = withOAuth(env, tenant, {
      SECURID_OAUTH_ISSUER_URL: 'https://acme.auth.test/oauth',
    });

    const { checks, about } = await examine({
      ...others,
      SLACK_APP_TOKEN: APP_TOKEN,
      SLACK_API_URL: 'https://slack.test/api/',
      AUDIT_CHANNEL: 'C0AUDIT',
      HTTPS_PROXY: proxy.url,
    });

    expect(checks.filter(({ result }) => result === 'failed')).toEqual([
      {
        name: 'proxy',
        result: 'failed',
        says: `the proxy ${proxy.place} cannot be reached (ECONNREFUSED); it was asked for slack.test and acme.auth.test`,
        remedy: 'Check that it runs, and that the proxy variable has its address.',
        see: 'docs/troubleshooting.md#the-proxy-refuses',
      },
    ]);
    for (const name of ['bot token', 'app token', 'OAuth client']) {
      expect(about(name)).toMatchObject([{ says: 'not checked: the proxy is in the way' }]);
    }
  });

  it('says that nothing came back from behind a proxy', async () => {
    const { tenant, env } = await standIns();
    const proxy = await startProxy();
    await tenant.stop();

    const { about } = await examine({ ...env, HTTP_PROXY: proxy.url });

    const { host } = new URL(tenant.url);
    expect(about('proxy')).toContainEqual({
      name: 'proxy',
      result: 'warning',
      says: `${proxy.place} is asked for ${host}, and nothing came back`,
      remedy: `See below what is said about ${host}.`,
    });
    expect(about('API key')).toMatchObject([{ result: 'failed' }]);
  });

  it('says that a proxy was not tried', async () => {
    const { env } = await standIns();
    const { SLACK_BOT_TOKEN: _, SECURID_API_KEY: __, ...others } = env;

    const { about } = await examine({ ...others, HTTPS_PROXY: 'http://127.0.0.1:9' });

    expect(about('proxy')).toMatchObject([
      {
        result: 'warning',
        says: 'configured, but not tried: there is nobody to ask yet',
        remedy: 'Fix the configuration first.',
      },
    ]);
  });

  it('sends nothing past a proxy that it cannot read', async () => {
    const { tenant, workspace, env } = await standIns();

    const { about } = await examine({ ...env, HTTPS_PROXY: 'socks5://desk:hunter2-77@proxy:1080' });

    expect(about('HTTPS_PROXY')).toMatchObject([
      { result: 'failed', says: expect.stringContaining('is a SOCKS proxy') },
    ]);
    expect(about('bot token')).toMatchObject([
      { result: 'warning', says: 'not checked: Slack could not be asked' },
    ]);
    expect(about('tenant')).toMatchObject([{ result: 'warning' }]);
    expect(workspace.apiCalls).toEqual([]);
    expect(tenant.requests).toEqual([]);
  });
});
