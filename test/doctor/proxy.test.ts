import { describe, expect, it } from 'vitest';
import { type Refusal, startProxy } from '../support/proxy.ts';
import { examine, standIns } from './support/examine.ts';

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
      says: `${proxy.place} for ${slack}`,
    });
    expect(through.about('bot token')).toMatchObject([{ result: 'ok' }]);
    expect(without.about('proxy')).toContainEqual({
      name: 'proxy',
      result: 'ok',
      says: `not for ${slack}`,
    });
    expect(JSON.stringify(through.checks)).not.toContain('hunter2');
  });

  it.each<{ how: Refusal; says: (place: string) => string; see: string }>([
    {
      how: { status: 407, headers: { 'proxy-authenticate': 'Basic realm="corp"' } },
      says: (place) => `the proxy ${place} asks for a user and a password`,
      see: 'the-proxy-asks-for-a-password',
    },
    {
      how: { status: 403, headers: { 'content-type': 'text/html' }, body: '<h1>No</h1>' },
      says: (place) => `the proxy ${place} does not connect to that host (403)`,
      see: 'the-proxy-refuses',
    },
    {
      how: 'hang',
      says: (place) => `the proxy ${place} does not answer in time`,
      see: 'the-proxy-does-not-answer',
    },
  ])('names the proxy that stands between: $see', async ({ how, says, see }) => {
    const proxy = await startProxy();
    proxy.refuse(how);

    const { about, code } = await examine(await behind(proxy.url));

    expect(about('API key')).toMatchObject([
      {
        result: 'failed',
        says: says(proxy.place),
        remedy: expect.stringMatching(/^[A-Z].*\.$/),
        see: `docs/troubleshooting.md#${see}`,
      },
    ]);
    expect(about('NO_PROXY')).toMatchObject([{ result: 'warning' }]);
    expect(code).toBe(1);
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
