import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.ts';
import { warningsFor } from '../../src/config/warnings.ts';
import { clientKeys } from '../../src/playground/tenant/keys.ts';

const ENOUGH = {
  SLACK_BOT_TOKEN: 'xoxb-1-bot',
  SLACK_APP_TOKEN: 'xapp-1-app',
  SECURID_OAUTH_ISSUER_URL: 'https://acme.auth.securid.com/oauth',
  SECURID_OAUTH_CLIENT_ID: 'c7b0e6a4',
  SECURID_OAUTH_PRIVATE_KEY: JSON.stringify(clientKeys['desk-rsa'].privateJwk),
  SECURID_ADMIN_API_URL: 'https://acme.access.securid.com/AdminInterface/restapi',
};

type Env = Record<string, string>;

const read = (env: Env) => readConfig({ ...ENOUGH, ...env }, () => '');
const proxyOf = async (env: Env) => (await read(env)).proxy;
/** Those about proxies. */
const warningsOf = async (env: Env) =>
  warningsFor(await read(env), []).flatMap(({ says, symptom }) =>
    symptom === 'a-proxy-variable-has-no-effect' ? [says] : [],
  );

async function problemsOf(env: Env): Promise<string[]> {
  const outcome = await read(env).catch((error: unknown) => error);
  return outcome instanceof ConfigError ? outcome.problems : [];
}

const PROXY = 'http://proxy.corp:3128/';

describe('a proxy', () => {
  it.each([
    ['http://proxy.corp:3128', PROXY],
    ['http://proxy.corp:3128/', PROXY],
    ['proxy.corp:3128', PROXY],
    [' "proxy.corp:3128"\r\n', PROXY],
    ['HTTP://Proxy.Corp:3128', PROXY],
    ['http://proxy.corp:3128\u200b', PROXY],
    ['https://proxy.corp', 'https://proxy.corp/'],
    ['10.1.2.3:8080', 'http://10.1.2.3:8080/'],
    ['[fd00::1]:8080', 'http://[fd00::1]:8080/'],
    ['desk:secret@proxy.corp:3128', 'http://desk:secret@proxy.corp:3128/'],
    ['http://desk:p%40ss@proxy.corp:3128', 'http://desk:p%40ss@proxy.corp:3128/'],
    ['http://CORP%5Cdesk:p%40ss@proxy.corp:3128', 'http://CORP%5Cdesk:p%40ss@proxy.corp:3128/'],
  ])('may be %j', async (HTTPS_PROXY, https) => {
    expect(await proxyOf({ HTTPS_PROXY })).toEqual({ https, http: undefined, none: '' });
  });

  it.each([
    ['socks5://proxy.corp:1080', 'is a SOCKS proxy; an HTTP proxy is needed'],
    ['SOCKS5H://desk:9c1d@proxy.corp', 'is a SOCKS proxy; an HTTP proxy is needed'],
    ['file:///etc/9c1d.pac', 'is a proxy script; the proxy itself is needed'],
    ['http://pro xy.corp', 'has a space in it'],
    ['http://“proxy.corp”:3128', 'has a quotation mark in it'],
  ])('that is %j is refused with the reason', async (HTTPS_PROXY, flaw) => {
    expect(await problemsOf({ HTTPS_PROXY })).toEqual([
      `HTTPS_PROXY: must be the URL of a proxy, such as http://proxy.corp.example:3128; it ${flaw}`,
    ]);
  });

  it.each(['ftp://proxy.corp', 'http://', 'http://desk:9c#1d@proxy.corp', 'proxy.corp:99999'])(
    'may not be %j',
    async (HTTPS_PROXY) => {
      expect(await problemsOf({ HTTPS_PROXY })).toEqual([
        'HTTPS_PROXY: must be the URL of a proxy, such as http://proxy.corp.example:3128',
      ]);
    },
  );

  it.each([
    'http://proxy.corp/proxy.pac',
    'http://proxy.corp?user=9c1d',
    'http://proxy.corp#9c1d',
    'http://desk:9c1d%zz@proxy.corp',
    'http://desk:12/9c1d@proxy.corp:3128',
  ])('may not be %j, either', async (HTTPS_PROXY) => {
    expect(await problemsOf({ HTTPS_PROXY })).toEqual([
      'HTTPS_PROXY: may hold only a user, a password, a host and a port, with special characters percent-encoded',
    ]);
  });

  it('is the one of the lower case if both are set', async () => {
    const env = { HTTPS_PROXY: 'other:1', https_proxy: 'proxy.corp:3128', HTTP_PROXY: 'http:80' };
    expect(await proxyOf({ ...env, no_proxy: 'a.corp', NO_PROXY: 'b.corp' })).toEqual({
      https: PROXY,
      http: 'http://http/',
      none: 'a.corp',
    });
    expect(await problemsOf({ ...env, https_proxy: 'socks5://9c1d' })).toEqual([
      expect.stringMatching(/^https_proxy: .*SOCKS/),
    ]);
  });

  it('that is empty in lower case leaves the upper case', async () => {
    expect((await proxyOf({ https_proxy: ' ', HTTPS_PROXY: 'proxy.corp:3128' })).https).toBe(PROXY);
  });
});

describe('NO_PROXY', () => {
  const HTTPS_PROXY = PROXY;

  it.each([
    ['*', '*'],
    ['corp.example, *', '*'],
    ['.corp.example', 'corp.example'],
    ['*.Corp.Example', 'corp.example'],
    ['corp.example.', 'corp.example'],
    ['corp.example:8443', 'corp.example:8443'],
    ['a.corp,b.corp  c.corp;"d.corp"\n', 'a.corp,b.corp,c.corp,d.corp'],
    ['https://desk.corp/', 'desk.corp'],
    ['127.0.0.1, 127.0.0.1:9090', '127.0.0.1,127.0.0.1:9090'],
    ['::1', '[::1]'],
    ['[::1]:8443', '[::1]:8443'],
    ['FD00:0::1', '[fd00::1]'],
    ['bücher.example', 'xn--bcher-kva.example'],
  ])('may be %j', async (NO_PROXY, none) => {
    expect((await proxyOf({ HTTPS_PROXY, NO_PROXY })).none).toBe(none);
    expect(await warningsOf({ HTTPS_PROXY, NO_PROXY })).toEqual([]);
  });

  it.each(['10.0.0.0/8', 'fd00::/8', '192.168.*', '10.', '<local>', '*corp.example'])(
    'has no effect with %j, and the log says so',
    async (one) => {
      const NO_PROXY = `${one},desk.corp`;
      expect((await proxyOf({ HTTPS_PROXY, NO_PROXY })).none).toBe('desk.corp');
      expect(await warningsOf({ HTTPS_PROXY, NO_PROXY })).toEqual([
        expect.stringMatching(/^NO_PROXY has items that are not host names/),
      ]);
      expect(await warningsOf({ NO_PROXY })).toEqual([]);
    },
  );
});

describe('ALL_PROXY', () => {
  it.each(['ALL_PROXY', 'all_proxy'])(
    'alone is not read, and the log says so (%s)',
    async (name) => {
      expect(await warningsOf({ [name]: 'socks5://proxy.corp' })).toEqual([
        'ALL_PROXY is not read: if SecurID Desk needs a proxy, set HTTPS_PROXY',
      ]);
      expect(await warningsOf({ [name]: 'socks5://proxy.corp', http_proxy: PROXY })).toEqual([]);
    },
  );
});
