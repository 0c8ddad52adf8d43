import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/playground/tenant/index.ts';
import type { SecurID, SecurIDError } from '../../src/securid/index.ts';
import { alan, CODE, failureOf, grace, idleFor, LOOKUP, openClient } from './support.ts';

const LICENSE = 'GET /v1/licenseusage';
const byEmail = { email: grace.emailAddress };
const issue = ({ registrationCodes }: SecurID, options?: { until: number }) =>
  registrationCodes.issue({ email: alan.emailAddress }, 'ios', options);

/** Text from the vendor, which must stay inside the client. */
const VENDOR = 'VENDORTEXT';
const page = (status: number) => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<html><body><h1>${status} ${VENDOR}</h1></body></html>`,
});
const described = (status: number) => ({
  status,
  body: { code: `${status} X`, description: VENDOR },
});
const forbidden = (message: string) => ({
  status: 403,
  body: { timestamp: 1578675038636, status: 403, error: 'Forbidden', message, path: '/' },
});
const redirect = (status: number) => ({ status, headers: { location: '/elsewhere' } });

type Expected = { code: string; reads: number; changes: number };
const refused = (code: string): Expected => ({ code, reads: 1, changes: 1 });
const passing: Expected = { code: 'UNAVAILABLE', reads: 3, changes: 1 };

const gateway = (body: object): Fault => ({ status: 404, body });
const STRANGE = refused('UNEXPECTED_RESPONSE');

const table: [string, Fault, Expected][] = [
  ['400', described(400), refused('INVALID_REQUEST')],
  ['400 with a page', page(400), STRANGE],
  ['400 without a body', { status: 400 }, refused('INVALID_REQUEST')],
  ['401', { status: 401 }, { code: 'NOT_AUTHORIZED', reads: 2, changes: 2 }],
  ['401 with a page', page(401), { code: 'UNEXPECTED_RESPONSE', reads: 2, changes: 1 }],
  [
    '403 that refuses the token',
    forbidden(`Server failed to process provided access token ${VENDOR}`),
    { code: 'NOT_AUTHORIZED', reads: 2, changes: 2 },
  ],
  ['403 that refuses the role', forbidden(`Access is denied ${VENDOR}`), refused('NOT_AUTHORIZED')],
  ['403 without a body', { status: 403, body: ' \r\n' }, refused('NOT_AUTHORIZED')],
  [
    '403 without a message',
    { status: 403, body: { timestamp: 1, status: 403, error: 'Forbidden', path: '/' } },
    refused('NOT_AUTHORIZED'),
  ],
  ['403 with a page', page(403), STRANGE],
  ['403 of a firewall, in words', { status: 403, body: `Blocked by policy ${VENDOR}` }, STRANGE],
  ['403 of a firewall, in JSON', { status: 403, body: { blocked: true, by: VENDOR } }, STRANGE],
  ['403 with half a body', { status: 403, body: `{"message": "${VENDOR}` }, STRANGE],
  ['404 without a body', { status: 404 }, refused('UNEXPECTED_RESPONSE')],
  ['404 in JSON', described(404), refused('NOT_FOUND')],
  ['404 with a page', page(404), refused('UNEXPECTED_RESPONSE')],
  ['404 of Kong', gateway({ message: `no Route matched with those values ${VENDOR}` }), STRANGE],
  [
    '404 of Spring',
    gateway({ timestamp: 1, status: 404, error: 'Not Found', message: VENDOR, path: '/x' }),
    STRANGE,
  ],
  ['404 of a mesh', gateway({ code: 404, description: VENDOR }), STRANGE],
  ['404 with a bare code', gateway({ code: '404', description: VENDOR }), STRANGE],
  ['404 without a description', gateway({ code: '404 NOT_FOUND', message: VENDOR }), STRANGE],
  ['405', page(405), refused('UNEXPECTED_RESPONSE')],
  ['408', page(408), refused('UNAVAILABLE')],
  ['409', described(409), refused('CONFLICT')],
  ['409 with a page', page(409), STRANGE],
  ['415', described(415), refused('INVALID_REQUEST')],
  ['415 with a page', page(415), STRANGE],
  ['418', page(418), refused('UNEXPECTED_RESPONSE')],
  ['500', described(500), refused('UNAVAILABLE')],
  ['501', page(501), refused('UNAVAILABLE')],
  ['502', page(502), passing],
  ['503', page(503), passing],
  ['504', page(504), passing],
  ['599', page(599), refused('UNAVAILABLE')],
  ['a reset', 'reset', passing],
  ['a reset after the work', 'reset after', passing],
  ['an answer that is cut off', 'cut off', passing],
  ['201', { status: 201, body: { VENDOR } }, refused('UNEXPECTED_RESPONSE')],
  ['204', { status: 204 }, refused('UNEXPECTED_RESPONSE')],
  ['302', redirect(302), refused('UNEXPECTED_RESPONSE')],
  ['307', redirect(307), refused('UNEXPECTED_RESPONSE')],
  ['200 without a body', { status: 200 }, refused('UNEXPECTED_RESPONSE')],
  ['200 with a page', page(200), refused('UNEXPECTED_RESPONSE')],
  [
    '200 with half a body',
    { status: 200, body: `{"id": "${VENDOR}` },
    refused('UNEXPECTED_RESPONSE'),
  ],
  ['200 with another object', { status: 200, body: { VENDOR } }, refused('UNEXPECTED_RESPONSE')],
  ['200 with text', { status: 200, body: `"${VENDOR}"` }, refused('UNEXPECTED_RESPONSE')],
  ['200 with a list', { status: 200, body: [VENDOR] }, refused('UNEXPECTED_RESPONSE')],
  ['too much', { status: 200, body: VENDOR.repeat(300_000) }, refused('UNEXPECTED_RESPONSE')],
];

/** Everything that a log could print of an error. */
const everything = (error: SecurIDError) =>
  [
    inspect(error, { showHidden: true, depth: null, getters: true }),
    JSON.stringify(error),
    JSON.stringify(Object.getOwnPropertyDescriptors(error)),
    String(error.stack),
  ].join('\n');

describe.each([
  {
    what: 'a look-up',
    route: LOOKUP,
    kind: 'reads',
    call: ({ users }: SecurID) => users.find(byEmail),
  },
  {
    what: 'a figure',
    route: LICENSE,
    kind: 'reads',
    call: ({ licenseUsage }: SecurID) => licenseUsage.v1(),
  },
  { what: 'a code', route: CODE, kind: 'changes', call: issue },
] as const)('$what that meets', ({ route, kind, call }) => {
  it.each(table)('%s', async (_, fault, expected) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext(fault, 10);
    const notFound = expected.code === 'NOT_FOUND' && route === LOOKUP;
    if (notFound) {
      expect(await call(securid)).toBeUndefined();
    } else {
      const error = await failureOf(call(securid));
      expect(error).toMatchObject({ code: expected.code, sent: true });
      const told = everything(error);
      for (const secret of [...tenant.secrets(), VENDOR, 'Bearer', grace.emailAddress]) {
        expect(told.includes(secret)).toBe(false);
      }
    }
    expect(tenant.requests.map((request) => request.route)).toEqual(
      Array(expected[kind]).fill(route),
    );
  });
});

describe('a registration code', () => {
  it.each([
    ['reset', 0],
    ['reset after', 1],
    ['cut off', 1],
  ] as const)('is requested once if the answer is lost by %s', async (fault, issued) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext(fault);
    expect(await failureOf(issue(securid))).toMatchObject({ code: 'UNAVAILABLE', sent: true });
    expect(tenant.calls()).toEqual([CODE]);
    expect(tenant.issuedCodes).toHaveLength(issued);
  });

  it.each(['hang', 'hang after'] as const)(
    'is requested once if no answer comes (%s), until its time is up',
    async (fault) => {
      const { securid, tenant, clock } = await openClient();
      tenant.answerNext(fault);
      const failed = failureOf(issue(securid, { until: clock.elapsed() + 12_000 }));
      await tenant.saw(CODE);
      clock.advance(12_000);
      expect(await failed).toMatchObject({ code: 'UNAVAILABLE', sent: true });
      clock.advance(60_000);
      await securid.licenseUsage.v1();
      expect(tenant.calls()).toEqual([CODE, LICENSE]);
    },
  );

  it('is still awaited if it takes longer than a read may', async () => {
    const { securid, tenant, clock } = await openClient();
    const hold = tenant.hold();
    const issued = issue(securid);
    await hold.arrived();
    clock.advance(14_000);
    hold.release();
    expect(await issued).toMatchObject({ deviceRegistrationCode: tenant.issuedCodes[0]?.code });
  });

  it('that was issued but cannot be read counts as sent', async () => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 200, body: { companyID: 'acme', deviceRegistrationCode: '' } });
    expect(await failureOf(issue(securid))).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      sent: true,
      message: expect.stringContaining('wrong shape at deviceRegistrationCode'),
    });
  });
});

describe('a read', () => {
  it('is answered by the third try', async () => {
    const { securid, tenant } = await openClient();
    tenant.answerNext('reset');
    tenant.answerNext(page(503));
    expect(await securid.users.find(byEmail)).toMatchObject({ id: grace.id });
    expect(tenant.calls()).toEqual([LOOKUP, LOOKUP, LOOKUP]);
  });

  it('waits a little before each retry', async () => {
    const { securid, tenant, clock } = await openClient({ pace: { retryPause: 250 } });
    tenant.answerNext(page(502), 2);
    const start = clock.now();
    const call = securid.users.find(byEmail);
    for (const [tries, pause] of [
      [1, 250],
      [2, 500],
    ] as const) {
      await tenant.saw(LOOKUP, tries);
      await idleFor(clock, pause);
      clock.advance(pause);
    }
    expect(await call).toMatchObject({ id: grace.id });
    expect(tenant.requests.map(({ startedAt }) => startedAt - start)).toEqual([0, 250, 750]);
  });

  it('gets eight seconds for each try, and ends when its time is over', async () => {
    const { securid, tenant, clock } = await openClient();
    tenant.answerNext('hang', 3, LOOKUP);
    const failed = failureOf(securid.users.find(byEmail));
    await tenant.saw(LOOKUP);
    clock.advance(8000);
    await tenant.saw(LOOKUP, 2);
    clock.advance(7000);
    expect(await failed).toMatchObject({ code: 'UNAVAILABLE', sent: true });
    await securid.licenseUsage.v1();
    expect(tenant.calls()).toEqual([LOOKUP, LOOKUP, LICENSE]);
  });

  it('is unavailable, not rate limited, if its time ends between two tries', async () => {
    const { securid, tenant, clock } = await openClient({ pace: { retryPause: 250 } });
    tenant.answerNext(page(502));
    const failed = failureOf(securid.users.find(byEmail, { until: clock.elapsed() + 100 }));
    await tenant.saw(LOOKUP);
    // Answered after the first try's late answer.
    await securid.licenseUsage.v1();
    clock.advance(100);
    expect(await failed).toMatchObject({ code: 'UNAVAILABLE', status: 502 });
  });
});

describe('a connection', () => {
  it.each([
    ['a look-up', (securid: SecurID) => securid.users.find(byEmail)],
    ['a code', (securid: SecurID) => issue(securid)],
  ])('that is refused is tried three times for %s, and nothing was sent', async (_, call) => {
    const { securid, tenant, sent } = await openClient();
    await tenant.stop();
    expect(await failureOf(call(securid))).toMatchObject({
      code: 'UNAVAILABLE',
      sent: false,
      message: 'POST: no answer (ECONNREFUSED)',
    });
    expect(sent.count.total).toBe(3);
  });

  it.each(['CERT_NOT_YET_VALID', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'])(
    'whose certificate is refused with %s carried no request',
    async (code) => {
      const cause = Object.assign(new Error(), { code });
      const client = await openClient({
        fetch: () => Promise.reject(new TypeError('fetch failed', { cause })),
      });
      expect(await failureOf(issue(client.securid))).toMatchObject({
        sent: false,
        message: `POST: no answer (${code})`,
      });
    },
  );

  it.each([
    ['connect', 3, false],
    ['read', 1, true],
    ['write', 1, true],
  ])(
    'that fails with EHOSTUNREACH in %s is tried %i times for a code',
    async (syscall, tries, sent) => {
      const cause = Object.assign(new Error(), { code: 'EHOSTUNREACH', syscall });
      const client = await openClient({
        fetch: () => Promise.reject(new TypeError('fetch failed', { cause })),
      });
      expect(await failureOf(issue(client.securid))).toMatchObject({ code: 'UNAVAILABLE', sent });
      expect(client.sent.count.total).toBe(tries);
    },
  );
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('with %i is not followed', async (status) => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({
      status,
      headers: { location: `${tenant.url}/AdminInterface/restapi/v1/licenseusage` },
    });
    expect(await failureOf(securid.users.find(byEmail))).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
    });
    expect(tenant.requests).toHaveLength(1);
  });
});
