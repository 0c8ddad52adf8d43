import { describe, expect, it } from 'vitest';
import { eventually, type HelpDesk, keepBody, openHelpDesk } from '../support/help-desk.ts';
import { letTimePass } from '../support/passing-time.ts';
import { type Refusal, startProxy } from '../support/proxy.ts';

const PAGE = {
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><title>Sign in</title>',
};
const USER = '/securid user grace@acme.test';

const OPENED = 'HTTP/1.1 200 Connection established\r\n\r\n';

const readyz = async ({ ops }: HelpDesk) =>
  JSON.parse(await keepBody(await fetch(`${ops}/readyz`)));

const aboutSockets = ({ logged }: HelpDesk) =>
  logged().filter(({ msg }) => msg === 'Slack gave no socket; trying again');

describe('a socket to Slack', () => {
  it.each<[string, Refusal, string, string]>([
    ['asks for a password', { status: 407 }, 'asks for a user', 'the-proxy-asks-for-a-password'],
    ['refuses', { status: 403, ...PAGE }, '(403)', 'the-proxy-refuses'],
    ['hangs', 'hang', 'does not answer in time', 'the-proxy-does-not-answer'],
    [
      'shows a page',
      { status: 200, ...PAGE },
      'web page',
      'a-web-page-comes-in-place-of-an-answer',
    ],
  ])('is opened again after a proxy that %s', async (_, refusal, words, symptom) => {
    const proxy = await startProxy();
    const desk = await openHelpDesk({ mode: 'socket', env: { HTTP_PROXY: proxy.url } });
    proxy.refuse(refusal);

    proxy.cut();
    desk.workspace.dropSockets();
    await eventually(() => aboutSockets(desk).some(({ network }) => network !== undefined));

    const line = aboutSockets(desk).find(({ network }) => network !== undefined);
    expect(line).toMatchObject({
      proxy: proxy.place,
      network: expect.stringContaining(words),
      see: `docs/troubleshooting.md#${symptom}`,
    });
    expect(await readyz(desk)).toMatchObject({
      ready: false,
      reasons: { slack: expect.stringContaining(proxy.place) },
      see: { slack: `docs/troubleshooting.md#${symptom}` },
    });

    proxy.refuse(undefined);
    const answer = await letTimePass(desk.clock, desk.agent.asks(USER));
    expect(answer.text).toMatch(/^Grace/);
  });
});

describe('a tunnel in which TLS never begins', () => {
  const slow: Refusal = (client) => void setTimeout(() => client.write(OPENED), 1000);

  it.each<[string, Refusal]>([
    ['stays silent', 'silent tunnel'],
    ['was long in opening', slow],
  ])('is named where Slack is asked: it %s', async (_, refusal) => {
    const proxy = await startProxy();
    proxy.refuse(refusal);
    const env = { HTTPS_PROXY: proxy.url, SLACK_API_URL: 'https://slack.test/api/' };
    const desk = await openHelpDesk({ env });

    expect(await readyz(desk)).toMatchObject({
      ready: false,
      reasons: { slack: `the proxy ${proxy.place} does not answer in time` },
      see: { slack: 'docs/troubleshooting.md#the-proxy-does-not-answer' },
    });
  });

  it('is given up for a socket, which is then asked for again', async () => {
    const proxy = await startProxy();
    proxy.refuse('silent tunnel');
    const desk = await openHelpDesk({ mode: 'socket', env: { HTTPS_PROXY: proxy.url } });
    const body = { ok: true, url: 'wss://slack.test/link/?ticket=1' };
    desk.workspace.failNext('apps.connections.open', { status: 200, body: JSON.stringify(body) });

    desk.workspace.dropSockets();
    await eventually(() => aboutSockets(desk).length > 0);

    expect(aboutSockets(desk)).toMatchObject([
      { proxy: proxy.place, network: `the proxy ${proxy.place} does not answer in time` },
    ]);
    expect(proxy.refused).toEqual(['slack.test:443']);
    const answer = await letTimePass(desk.clock, desk.agent.asks(USER));
    expect(answer.text).toMatch(/^Grace/);
  });
});

describe('a web page instead of Slack’s answer', () => {
  it.each([200, 302, 403])('with status %i is named, and none of it is shown', async (status) => {
    const proxy = await startProxy();
    const desk = await openHelpDesk({ env: { HTTP_PROXY: proxy.url } });
    const headers = { ...PAGE.headers, location: 'http://portal.test/' };
    desk.workspace.setAlways((where) =>
      where === 'response_url' ? undefined : { status, headers, body: PAGE.body },
    );

    const answer = await desk.agent.asks(USER);

    expect(desk.screen(answer)).not.toContain('Grace');
    expect(desk.printed.join('')).not.toContain('Sign in');
    expect(desk.logged()).toContainEqual(
      expect.objectContaining({
        proxy: proxy.place,
        see: 'docs/troubleshooting.md#a-web-page-comes-in-place-of-an-answer',
      }),
    );
    expect(desk.tenant.requests).toEqual([]);
  });
});

describe('a wrong password', () => {
  it('is tried once for a look-up, because the proxy may lock the account', async () => {
    const proxy = await startProxy({ signIn: 'desk:right' });
    const env = { HTTPS_PROXY: proxy.url.replace('right', 'wrong') };
    const desk = await openHelpDesk({ tenantUrl: 'https://tenant.test', env });

    expect((await desk.agent.asks(USER)).text).toContain('does not accept the password');

    expect(proxy.refused).toEqual(['tenant.test:443']);
  });

  it('that was right is tried once more, whoever asks: commands, probes and the socket', async () => {
    const { place, refuse, refused, cut } = await startProxy();
    const env = { HTTP_PROXY: `http://desk:old@${place}` };
    const desk = await openHelpDesk({ mode: 'socket', env });
    refuse({ status: 407, headers: { 'proxy-authenticate': 'Basic realm="corp"' } });
    cut();
    desk.workspace.dropSockets();
    await eventually(() => aboutSockets(desk).length > 0);

    for (let time = 0; time < 5; time++) {
      desk.clock.advance(60_000);
      await eventually(() => aboutSockets(desk).length > time + 1);
      expect(await readyz(desk)).toMatchObject({ ready: false });
    }

    expect(refused.length).toBeLessThanOrEqual(2);
  });
});
