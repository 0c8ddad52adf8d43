import { describe, expect, it } from 'vitest';
import { eventually, openHelpDesk } from '../support/help-desk.ts';
import { startProxy } from '../support/proxy.ts';
import { showCode } from '../support/registration-code.ts';

const USER = '/securid user grace@acme.test';

const pathOf = (line: string) => line.replace(/\?.*/, '').replace(/[\da-f-]{36}/, '{id}');

describe.each(['http', 'socket'] as const)('behind a proxy, in %s mode', (mode) => {
  it.each(['HTTP_PROXY', 'http_proxy'])('everything leaves through it (%s)', async (name) => {
    const proxy = await startProxy({ signIn: 'desk:p@ss/w%rd' });
    const desk = await openHelpDesk({ mode, credential: 'oauth rsa', env: { [name]: proxy.url } });

    expect((await desk.agent.asks(USER)).text).toMatch(/^Grace/);
    await showCode(desk);
    const summary = await desk.manager.asks('/securid license private');
    await desk.manager.clicks(summary, 'Download CSV');

    const passed = new Set(proxy.requests.map(pathOf));
    expect([...passed]).toEqual(
      expect.arrayContaining([
        'POST /oauth/token',
        'POST /AdminInterface/restapi/v1/users/lookup',
        'GET /AdminInterface/restapi/v2/users/{id}/devices',
        'POST /AdminInterface/restapi/v1/users/deviceRegistrationCode',
        'POST /api/users.info',
        'POST /api/views.open',
        'POST /api/files.getUploadURLExternal',
        expect.stringMatching(/^POST \/upload\//),
        expect.stringMatching(/^POST \/response\//),
        ...(mode === 'socket' ? ['POST /api/apps.connections.open', 'GET /link/'] : []),
      ]),
    );
    // Nothing went another way.
    expect(proxy.refused).toEqual([]);
    expect(desk.tenant.connections()).toBe(
      proxy.tunnels.filter((target) => target === new URL(desk.tenant.url).host).length,
    );
    const calls = () => proxy.requests.filter((line) => /^POST \/api\/(?!apps\.)/.test(line));
    await eventually(() => calls().length === desk.workspace.apiCalls.length);
  });

  it('connections are kept open, as without one', async () => {
    const proxy = await startProxy();
    const desk = await openHelpDesk({ mode, env: { HTTP_PROXY: proxy.url } });

    await desk.agent.asks(USER);
    const before = proxy.tunnels.length;
    await desk.agent.asks(USER);
    await desk.agent.asks('/securid authenticators grace@acme.test');

    expect(proxy.tunnels).toHaveLength(before);
  });

  it.each([
    '*',
    '127.0.0.1',
    'corp.example, 127.0.0.1',
    'corp.example 127.0.0.1',
    'http://127.0.0.1/',
    '10.0.0.0/8,*',
  ])('nothing leaves through it with NO_PROXY=%s', async (none) => {
    const proxy = await startProxy();
    const desk = await openHelpDesk({ mode, env: { HTTP_PROXY: proxy.url, NO_PROXY: none } });

    expect((await desk.agent.asks(USER)).text).toMatch(/^Grace/);

    expect(proxy.tunnels).toEqual([]);
  });

  it('NO_PROXY may leave out one port of a host', async () => {
    const proxy = await startProxy();
    const desk = await openHelpDesk({ mode });
    const { host } = new URL(desk.tenant.url);
    const other = await openHelpDesk({ mode, env: { HTTP_PROXY: proxy.url, no_proxy: host } });

    await other.agent.asks(USER);

    expect(proxy.tunnels).toContain(new URL(other.tenant.url).host);
    expect(proxy.tunnels).not.toContain(host);
  });
});

describe('the sign-in at a proxy', () => {
  it.each(['desk:p@ss/w%rd', 'CORP\\desk:x', 'jörg@corp:pä:ss', 'us er:p w', 'user:', ':token'])(
    'may be %j',
    async (signIn) => {
      const proxy = await startProxy({ signIn });
      const desk = await openHelpDesk({ env: { HTTP_PROXY: proxy.url } });

      expect((await desk.agent.asks(USER)).text).toMatch(/^Grace/);

      expect(proxy.refused).toEqual([]);
    },
  );
});

describe('HTTPS_PROXY', () => {
  it('serves only https://', async () => {
    const proxy = await startProxy();
    const desk = await openHelpDesk({ env: { HTTPS_PROXY: proxy.url } });

    expect((await desk.agent.asks(USER)).text).toMatch(/^Grace/);

    expect(proxy.tunnels).toEqual([]);
  });
});
