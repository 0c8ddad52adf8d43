import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { APP_TOKEN } from '../support/help-desk.ts';
import { startProxy } from '../support/proxy.ts';
import { examine, standIns } from './support/examine.ts';

const socketMode = async (appToken = APP_TOKEN) => {
  const around = await standIns({ appToken: APP_TOKEN });
  const { SLACK_SIGNING_SECRET: _, ...env } = around.env;
  return { ...around, env: { ...env, SLACK_APP_TOKEN: appToken } };
};

describe('the doctor in Slack', () => {
  it('is content with an app that was installed as its manifest says', async () => {
    const { env } = await socketMode();

    const { code, ok, about } = await examine(env);

    expect(about('bot token')).toEqual([
      { name: 'bot token', result: 'ok', says: 'Slack accepts it' },
    ]);
    expect(about('workspace')).toMatchObject([{ result: 'ok', says: 'acme (T0ACME)' }]);
    expect(about('users:read')).toMatchObject([{ result: 'ok', says: 'granted' }]);
    expect(about('app token')).toMatchObject([{ result: 'ok' }]);
    expect({ code, ok }).toEqual({ code: 0, ok: true });
  });

  it('names each scope that is missing or not needed', async () => {
    const { workspace, env } = await standIns();
    workspace.scopes.splice(workspace.scopes.indexOf('files:write'), 1, 'channels:history');

    const { code, about } = await examine(env);

    expect(about('files:write')).toEqual([
      {
        name: 'files:write',
        result: 'failed',
        says: 'missing',
        remedy: 'Add it under OAuth & Permissions and install the app again.',
        see: 'docs/troubleshooting.md#the-bot-token-lacks-a-scope',
      },
    ]);
    expect(about('channels:history')).toMatchObject([
      { result: 'warning', says: 'granted, and never needed' },
    ]);
    expect(code).toBe(1);
  });

  it('says that the token is dead, and what was therefore not checked', async () => {
    const { env } = await standIns();

    const { code, about } = await examine({ ...env, SLACK_BOT_TOKEN: 'xoxb-1-2-revoked' });

    expect(about('bot token')).toMatchObject([
      {
        result: 'failed',
        says: 'Slack does not accept it (invalid_auth)',
        see: 'docs/troubleshooting.md#slack-does-not-accept-the-bot-token',
      },
    ]);
    expect(about('user groups')).toMatchObject([
      { result: 'warning', says: 'not checked: Slack could not be asked' },
    ]);
    expect(code).toBe(1);
  });

  it('says which host gave no answer, and why', async () => {
    const { env } = await standIns();
    const { port, close } = await somethingSilent();
    const host = `127.0.0.1:${port}`;

    const silent = await examine({ ...env, SLACK_API_URL: `http://${host}/api/` });
    await close();
    const away = await examine({ ...env, SLACK_API_URL: `http://${host}/api/` });

    expect(silent.about('bot token')).toMatchObject([
      { result: 'failed', says: `no answer from ${host} (timeout or reset)` },
    ]);
    expect(away.about('bot token')).toMatchObject([
      { result: 'failed', says: `no answer from ${host} (ECONNREFUSED)` },
    ]);
    expect(silent.about('API key')).toMatchObject([{ result: 'ok' }]);
  });

  it.each([
    { what: 'a web page', body: '<!doctype html><title>Sign in</title>' },
    { what: 'another program', body: '{"status":"up"}' },
  ])('tells $what from Slack', async ({ body }) => {
    const { workspace, env } = await standIns();
    workspace.setAlways(() => ({ status: 200, body }));

    const { about, code } = await examine(env);

    expect(about('bot token')).toMatchObject([
      { result: 'failed', says: expect.stringContaining('did not answer as Slack does') },
    ]);
    expect(code).toBe(1);
  });

  it('says that Slack gives no socket', async () => {
    const { env } = await socketMode('xapp-1-A0PLAYGROUND-1-revoked');

    expect((await examine(env)).about('app token')).toMatchObject([
      {
        result: 'failed',
        says: 'Slack gives no socket for it (invalid_auth)',
        see: 'docs/troubleshooting.md#slack-gives-no-socket',
      },
    ]);
  });

  it('knows the defaults while another setting is wrong', async () => {
    const { env } = await standIns();
    const { PORT: _, ...others } = env;

    const { about } = await examine({ ...others, SECURID_BURST: 'many' });

    expect(about('signing secret')).toMatchObject([
      { remedy: 'Type /securid help in Slack: it has to reach /slack/events and be answered.' },
    ]);
    expect(about('PORT')).toMatchObject([{ says: expect.stringContaining('127.0.0.1:3000') }]);
  });

  it('tries the host of sockets, and opens none there', async () => {
    const { workspace, env } = await socketMode();
    const proxy = await startProxy();
    const away = 'wss://wss-primary.test/link/?ticket=t';
    workspace.failNext('apps.connections.open', {
      status: 200,
      body: JSON.stringify({ ok: true, url: away }),
    });
    const hidden = await examine({ ...env, HTTPS_PROXY: proxy.url, NO_PROXY: '127.0.0.1' });
    const seen = await examine(env);

    expect(proxy.tunnels).toEqual(['wss-primary.test:443']);
    expect(hidden.about('proxy')).toContainEqual(
      expect.objectContaining({ says: expect.stringContaining('wss-primary.test') }),
    );
    expect(hidden.about('socket')).toMatchObject([{ name: 'socket' }]);
    expect(seen.about('socket')).toEqual([]);
  });

  it('names the host of sockets if it cannot be reached', async () => {
    const { workspace, env } = await socketMode();
    workspace.failNext('apps.connections.open', {
      status: 200,
      body: JSON.stringify({ ok: true, url: `ws://127.0.0.1:${await freePort()}/link` }),
    });

    expect((await examine(env)).about('socket')).toMatchObject([
      {
        result: 'failed',
        says: expect.stringMatching(/^no answer from 127\.0\.0\.1:\d+ \(ECONNREFUSED\)$/),
        see: 'docs/troubleshooting.md#slack-cannot-be-reached',
      },
    ]);
  });

  it('notices an app token of another app', async () => {
    const other = 'xapp-1-A0OTHER-1-other';
    const { workspace, env } = await standIns({ appToken: other });
    const { SLACK_SIGNING_SECRET: _, ...socket } = env;

    const { about } = await examine({ ...socket, SLACK_APP_TOKEN: other });

    expect(about('app token')).toMatchObject([
      { result: 'ok' },
      {
        result: 'failed',
        says: 'belongs to the app A0OTHER, but the bot token belongs to A0PLAYGROUND',
      },
    ]);
    expect(workspace.apiCalls.map(({ method }) => method)).toContain('bots.info');
  });

  it('says in HTTP mode what cannot be seen from here, and whether the port is free', async () => {
    const { env } = await standIns();
    const { port, close } = await somethingSilent();

    const free = await examine(env);
    const taken = await examine({ ...env, PORT: String(port) });
    const nowhere = await examine({ ...env, HOST: '203.0.113.7' });
    await close();

    expect(free.about('signing secret')).toMatchObject([{ result: 'warning' }]);
    expect(free.about('PORT')).toMatchObject([{ result: 'ok', says: 'any port that is free' }]);
    expect(taken.about('PORT')).toMatchObject([
      { result: 'failed', says: `127.0.0.1:${port} is taken by another program` },
    ]);
    expect(nowhere.about('PORT')).toMatchObject([
      { result: 'failed', says: '203.0.113.7:0 cannot be used: EADDRNOTAVAIL' },
    ]);
  });

  it('knows a workspace of an organization, and an app of a whole organization', async () => {
    const { workspace, env } = await standIns({
      team: { enterpriseId: 'E0ACME', sisters: [{ id: 'T0SISTER', domain: 'acme-emea' }] },
    });
    expect((await examine(env)).about('workspace')).toMatchObject([
      { says: 'acme (T0ACME), in the organization E0ACME' },
    ]);
    await workspace.stop();

    const whole = await standIns({ team: { enterpriseId: 'E0ACME', isOrgWide: true } });
    const { about } = await examine(whole.env);
    expect(about('workspace')).toMatchObject([{ says: 'acme (E0ACME, the whole organization)' }]);
    expect(about('S0HELPDESK')).toMatchObject([{ result: 'ok' }]);
    expect(about('workspaces')).toMatchObject([
      {
        result: 'ok',
        says: 'people of every workspace that has the app may use it: acme (T0ACME)',
      },
    ]);
  });

  it('lists the workspaces whose people may use the app, and names those that do not have it', async () => {
    const { env } = await standIns({
      team: {
        enterpriseId: 'E0ACME',
        isOrgWide: true,
        sisters: [{ id: 'T0BARE', domain: 'bare', isWithoutApp: true }],
      },
    });
    const { about, ok } = await examine({ ...env, SECURID_WORKSPACES: 'T0ACME,T0BARE,T0GONE' });

    const remedy = 'Fix SECURID_WORKSPACES, or add the app to the workspace.';
    expect(ok).toBe(false);
    expect(about('T0ACME')).toMatchObject([
      { result: 'ok', says: 'acme: its people may use the app' },
    ]);
    expect(about('T0BARE')).toMatchObject([{ result: 'failed', remedy }]);
    expect(about('T0GONE')).toMatchObject([{ result: 'failed', remedy }]);
  });

  it('says if the token belongs to none of them', async () => {
    const { env } = await standIns();
    const { about } = await examine({ ...env, SECURID_WORKSPACES: 'T0OTHER' });

    expect(about('T0OTHER')).toMatchObject([{ result: 'failed' }]);
  });
});

/** Takes connections and answers nothing. */
async function somethingSilent() {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  return {
    port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
