import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createOutbound } from '../../src/http/outbound.ts';
import { alan, failureOf, openClient } from '../securid/support.ts';
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts';
import { type Refusal, startProxy } from '../support/proxy.ts';
import { cardFor, codesAskedFor, events, ISSUE, issue } from '../support/registration-code.ts';

const PAGE = {
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>Sign in</title>',
};

const HALF: Refusal = (client) => client.end('HTTP/1.1 200 Connection est');

function floods(client: Socket): void {
  client.write('HTTP/1.1 200 Connection established\r\n');
  const flood = () => client.write(`X: ${'x'.repeat(10_000)}\r\n`, (gone) => gone || flood());
  flood();
}

/** A desk behind a proxy that opens a tunnel for each request, and a card for a code. */
async function cardBehind(mode: 'http' | 'socket' = 'http') {
  const proxy = await startProxy({ closes: true });
  const env = { HTTP_PROXY: proxy.url, SECURID_CODES_PER_TARGET_DAY: '1' };
  const desk = await openHelpDesk({ mode, env });
  const card = await cardFor(desk);
  const tenant = new URL(desk.tenant.url).host;
  /** Refuses the tunnel for the change itself. */
  const refuse = (refusal: Refusal) =>
    proxy.refuse(refusal, (target) => target === tenant && events(desk).includes('intent'));
  return { proxy, desk, card, refuse };
}

const lastLine = ({ logged }: HelpDesk) =>
  logged().findLast(({ network }) => network !== undefined) ?? {};

describe.each(['http', 'socket'] as const)('a change behind a proxy, in %s mode', (mode) => {
  it.each<[string, Refusal, string, RegExp]>([
    ['asks for a password', { status: 407 }, 'asks for a password', /password/],
    ['refuses with a page', { status: 403, ...PAGE }, 'refuses the connection', /\(403\)/],
    ['finds no such host', { status: 502, ...PAGE }, 'refuses the connection', /\(502\)/],
    ['is overloaded', { status: 503 }, 'refuses the connection', /\(503\)/],
    ['says yes in another way', { status: 204 }, 'refuses the connection', /\(204\)/],
    ['hangs up', 'reset', 'cannot be reached', /cannot be reached/],
    ['hangs up in mid-answer', HALF, 'cannot be reached', /cannot be reached/],
    ['speaks no HTTP', (client) => client.end('SSH-2.0-x\r\n'), 'cannot be reached', /reached$/],
    ['sends endless headers', floods, 'cannot be reached', /cannot be reached/],
    ['sends to a sign-in page', { status: 302, ...PAGE }, 'refuses the connection', /\(302\)/],
    ['shows a page', { status: 200, ...PAGE }, 'sent a web page instead', /web page/],
  ])('is not made if the proxy %s', async (_, refusal, reads, network) => {
    const { proxy, desk, card, refuse } = await cardBehind(mode);
    refuse(refusal);

    await issue(desk, card);

    expect(desk.screen(card)).toMatch(/^⚠️ No code was issued\. /);
    expect(desk.screen(card)).toContain(`this server's proxy \`${proxy.place}\` ${reads}`);
    expect(codesAskedFor(desk)).toEqual([]);
    expect(events(desk).slice(-2)).toEqual(['intent', 'not done']);
    expect(lastLine(desk)).toMatchObject({
      proxy: proxy.place,
      network: expect.stringMatching(network),
      see: expect.stringContaining('docs/troubleshooting.md#'),
    });

    // The limit of one code in a day was given back.
    proxy.refuse(undefined);
    const again = await cardFor(desk);
    await issue(desk, again);
    expect(desk.tenant.issuedCodes).toHaveLength(1);
  });
});

describe('a tunnel in which TLS never begins', () => {
  it.each<[string, Refusal]>([
    ['stays silent', 'silent tunnel'],
    ['is not opened', 'hang'],
  ])('carries no change: it %s', async (_, refusal) => {
    const proxy = await startProxy();
    proxy.refuse(refusal);
    const { fetch } = await createOutbound({ https: proxy.url, http: undefined, none: '' });
    const keyFile = { adminRestApiUrl: 'https://tenant.test/AdminInterface/restapi' };
    const { securid } = await openClient({ fetch, keyFile });

    const issued = securid.registrationCodes.issue({ email: alan.emailAddress }, 'ios');

    expect(await failureOf(issued)).toMatchObject({
      code: 'UNAVAILABLE',
      sent: false,
      network: { kind: 'silence', proxy: proxy.place },
    });
  });
});

describe('a wrong password for the proxy', () => {
  it('is tried once, however many requests leave at once', async () => {
    const proxy = await startProxy({ signIn: 'desk:right' });
    const { fetch } = await createOutbound({
      https: `http://desk:wrong@${proxy.place}`,
      http: undefined,
      none: '',
    });

    const all = ['a', 'b', 'c', 'd'].flatMap((name) => [
      fetch(`https://${name}.test/`),
      fetch(`https://${name}.test/`),
    ]);

    for (const one of await Promise.allSettled(all)) expect(one.status).toBe('rejected');
    expect(proxy.refused).toHaveLength(1);
  });
});

describe('a web page instead of SecurID’s answer', () => {
  it.each([200, 302, 307, 400, 401, 403, 404, 407, 409, 415, 502, 503])(
    'with status %i leaves the outcome unknown, and the change is not sent again',
    async (status) => {
      const { proxy, desk, card } = await cardBehind();
      const headers = { ...PAGE.headers, location: 'http://portal.test/' };
      desk.tenant.answerNext({ status, headers, body: PAGE.body }, 1, ISSUE);

      await issue(desk, card);

      expect(desk.screen(card)).toMatch(/^⚠️ SecurID may have issued a code/);
      expect(codesAskedFor(desk)).toHaveLength(1);
      expect(events(desk).slice(-2)).toEqual(['intent', 'unknown']);
      expect(lastLine(desk)).toMatchObject({
        proxy: proxy.place,
        network: `the proxy ${proxy.place} answered with a web page (${status}): exempt this server from it`,
      });
    },
  );

  it.each(
    ['text/plain', 'application/xhtml+xml', 'application/json', ''].flatMap((type) =>
      [200, 400, 403, 409].map((status) => ({ status, type })),
    ),
  )('is one under any other name: $status $type', async ({ status, type }) => {
    const { proxy, desk, card } = await cardBehind();
    const headers = { 'content-type': type };
    desk.tenant.answerNext({ status, headers, body: PAGE.body }, 1, ISSUE);

    await issue(desk, card);

    expect(desk.screen(card)).toMatch(/^⚠️ SecurID may have issued a code/);
    expect(codesAskedFor(desk)).toHaveLength(1);
    expect(events(desk).slice(-2)).toEqual(['intent', 'unknown']);
    if (status >= 400) expect(lastLine(desk)).toMatchObject({ proxy: proxy.place });
  });

  it.each([400, 401, 403, 409, 415])(
    'is nothing else than words in its place (%i)',
    async (status) => {
      const { desk, card } = await cardBehind();
      desk.tenant.answerNext({ status, body: 'Blocked by policy' }, 1, ISSUE);

      await issue(desk, card);

      expect(desk.screen(card)).toMatch(/^⚠️ SecurID may have issued a code/);
      expect(codesAskedFor(desk)).toHaveLength(1);
      expect(events(desk).slice(-2)).toEqual(['intent', 'unknown']);
    },
  );

  it('is none if SecurID itself refuses', async () => {
    const { desk, card } = await cardBehind();
    const body = { status: 403, error: 'Forbidden', message: 'No' };
    desk.tenant.answerNext({ status: 403, body }, 1, ISSUE);

    await issue(desk, card);

    expect(desk.screen(card)).toContain("SecurID refused this app's key.");
    expect(events(desk).slice(-2)).toEqual(['intent', 'not done']);
  });
});

describe('a tunnel that breaks after the change was sent', () => {
  it('leaves the outcome unknown', async () => {
    const { proxy, desk, card } = await cardBehind();
    const hold = desk.tenant.hold(ISSUE);
    const pressed = issue(desk, card);
    await hold.arrived();
    proxy.cut();

    await pressed;

    expect(desk.screen(card)).toMatch(/^⚠️ SecurID may have issued a code/);
    expect(codesAskedFor(desk)).toHaveLength(1);
    hold.release();
  });
});
