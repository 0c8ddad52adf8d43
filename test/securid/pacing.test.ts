import { describe, expect, it } from 'vitest';
import type { Tenant } from '../../src/playground/tenant/index.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { letTimePass } from '../support/passing-time.ts';
import {
  alan,
  CODE,
  email,
  failureOf,
  grace,
  idleFor,
  LOOKUP,
  openClient,
  people,
  soon,
} from './support.ts';

const HOUR = 60 * 60_000;
const FIVE_MINUTES = 5 * 60_000;
const byEmail = { email: grace.emailAddress };
const records = { users: people(40) };
const person = (number: number) => ({ email: email(number) });

/** The users that the tenant was asked about, and how many milliseconds after the start. */
const asked = ({ requests }: Tenant, start: number) =>
  requests.map(({ body, startedAt }) => [(body as { email: string }).email, startedAt - start]);

/** Resolves with the length of the client's pause, once that is about `ms`. */
const aPauseOf = (clock: ManualClock, ms: number) =>
  soon(() => {
    expect(clock.nextIn()).toBeGreaterThanOrEqual(ms * 0.75);
    expect(clock.nextIn()).toBeLessThanOrEqual(ms * 1.25 + 1);
  });

describe('the budget', () => {
  const pace = { requestsPerSecond: 2, burst: 3 };

  it('allows a burst, then as many as the rate', async () => {
    const { securid, tenant, clock } = await openClient({ records, pace });
    const start = clock.now();
    const calls = Promise.all([1, 2, 3, 4, 5].map((number) => securid.users.find(person(number))));

    for (const seen of [3, 4]) {
      await tenant.saw(LOOKUP, seen);
      await idleFor(clock, 500);
      clock.advance(500);
    }
    expect((await calls).map((found) => found?.emailAddress)).toEqual([1, 2, 3, 4, 5].map(email));
    expect(asked(tenant, start)).toEqual([
      [email(1), 0],
      [email(2), 0],
      [email(3), 0],
      [email(4), 500],
      [email(5), 1000],
    ]);
  });

  it('saves up no more than a burst while there are no requests', async () => {
    const { securid, tenant, clock } = await openClient({ records, pace });
    clock.advance(HOUR);
    const calls = Promise.all([1, 2, 3, 4].map((number) => securid.users.find(person(number))));
    await tenant.saw(LOOKUP, 3);
    await idleFor(clock, 500);
    clock.advance(500);
    await calls;
  });

  it.each([-HOUR, HOUR])('is the same when the clock is set by %i ms', async (by) => {
    const { securid, tenant, clock, setClock } = await openClient({
      records,
      pace: { requestsPerSecond: 2, burst: 1 },
    });
    await securid.users.find(person(1));
    setClock(by);
    const start = clock.now();
    await letTimePass(clock, securid.users.find(person(2)));
    const waited = (tenant.requests[1]?.startedAt ?? 0) - start;
    expect(waited).toBeGreaterThanOrEqual(500);
    expect(waited).toBeLessThanOrEqual(600);
  });
});

describe('the queue', () => {
  it('never has more requests under way than allowed', async () => {
    const { securid, tenant, sent } = await openClient({ records, pace: { concurrency: 3 } });
    const hold = tenant.hold();
    const calls = Promise.all(
      Array.from({ length: 20 }, (_, index) => securid.users.find(person(index + 1))),
    );
    await hold.arrived(3);
    hold.release();
    expect(await calls).toHaveLength(20);
    expect(sent.count).toEqual({ total: 20, mostAtOnce: 3 });
  });

  it('turns one more away when it is full, and still answers the others', async () => {
    const { securid, tenant } = await openClient({
      records,
      pace: { concurrency: 1, queue: 2 },
    });
    const hold = tenant.hold();
    const first = securid.users.find(person(1));
    await hold.arrived();
    const waiting = [2, 3].map((number) => securid.users.find(person(number)));
    expect(await failureOf(securid.users.find(person(4)))).toMatchObject({
      code: 'RATE_LIMITED',
      sent: false,
    });

    hold.release();
    await Promise.all([first, ...waiting]);
    expect(asked(tenant, 0).map(([who]) => who)).toEqual([1, 2, 3].map(email));
  });

  it('has room again for as many as have left', async () => {
    const { securid, clock, tenant } = await openClient({
      records,
      pace: { concurrency: 1, queue: 2 },
    });
    const hold = tenant.hold();
    const first = securid.users.find(person(1));
    await hold.arrived();
    const until = clock.elapsed() + 1000;
    const leaving = [2, 3].map((number) =>
      failureOf(securid.users.find(person(number), { until })),
    );
    clock.advance(1000);
    await Promise.all(leaving);

    const waiting = [4, 5].map((number) => securid.users.find(person(number)));
    expect(await failureOf(securid.users.find(person(6)))).toMatchObject({ code: 'RATE_LIMITED' });
    hold.release();
    await Promise.all([first, ...waiting]);
    expect(asked(tenant, 0).map(([who]) => who)).toEqual([1, 4, 5].map(email));
    expect(securid.pace()).toMatchObject({ queued: 0, running: 0 });
  });

  it('never turns away what the tenant has refused, however full it is', async () => {
    const { securid, tenant, clock } = await openClient({
      records,
      pace: { concurrency: 2, queue: 3 },
    });
    tenant.answerNext({ status: 429, headers: { 'retry-after': '2' } }, 2);
    const hold = tenant.hold();
    const calls = [1, 2].map((number) => securid.users.find(person(number)));
    await hold.arrived(2);
    calls.push(...[3, 4, 5].map((number) => securid.users.find(person(number))));
    await soon(() => expect(securid.pace()).toMatchObject({ queued: 3, running: 2 }));
    hold.release();

    const outcomes = await letTimePass(clock, Promise.allSettled(calls));
    expect(outcomes.slice(0, 3).map(({ status }) => status)).toEqual(Array(3).fill('fulfilled'));
  });

  it('sends nothing more once the client stops, and waits for what is under way', async () => {
    const { securid, tenant, clock } = await openClient({ records, pace: { concurrency: 1 } });
    const hold = tenant.hold();
    const first = securid.users.find(person(1));
    await hold.arrived();
    const waiting = failureOf(securid.registrationCodes.issue(person(2), 'ios'));

    const stopped = securid.stop();
    const refused = { code: 'UNAVAILABLE', sent: false };
    expect(await waiting).toMatchObject(refused);
    expect(await failureOf(securid.users.find(person(3)))).toMatchObject(refused);
    hold.release();
    await stopped;
    expect(await first).toMatchObject({ emailAddress: email(1) });
    expect(tenant.calls()).toEqual([LOOKUP]);
    expect(clock.waiting()).toBe(0);
  });

  it('sends nothing more if the client stops during a pause', async () => {
    const { securid, tenant, clock } = await openClient({ records });
    tenant.answerNext({ status: 429, headers: { 'retry-after': '5' } });
    const refused = failureOf(securid.registrationCodes.issue(person(1), 'ios'));
    await idleFor(clock, 5000);

    await securid.stop();

    expect(await refused).toMatchObject({ code: 'UNAVAILABLE', sent: false });
    clock.advance(10_000);
    expect(tenant.calls()).toEqual([CODE]);
  });

  it('never sends a call whose caller has gone', async () => {
    const { securid, tenant, clock } = await openClient({ records, pace: { concurrency: 1 } });
    const hold = tenant.hold();
    const first = securid.users.find(person(1));
    await hold.arrived();
    const impatient = failureOf(
      securid.registrationCodes.issue(person(2), 'ios', { until: clock.elapsed() + 1000 }),
    );
    clock.advance(1000);
    expect(await impatient).toMatchObject({ code: 'RATE_LIMITED', sent: false });

    hold.release();
    await Promise.all([first, securid.users.find(person(3))]);
    expect(tenant.calls()).toEqual([LOOKUP, LOOKUP]);
  });

  it.each([
    ['a minute ago', -60_000],
    ['now', 0],
  ])('turns away a call whose answer was wanted by %s', async (_, ms) => {
    const { securid, tenant, clock } = await openClient();
    const until = clock.elapsed() + ms;
    for (const call of [
      securid.users.find(byEmail, { until }),
      securid.registrationCodes.issue({ email: alan.emailAddress }, 'ios', { until }),
    ]) {
      expect(await failureOf(call)).toMatchObject({ code: 'RATE_LIMITED', sent: false });
    }
    await securid.licenseUsage.v1();
    expect(tenant.calls()).toEqual(['GET /v1/licenseusage']);
  });

  it('loses no place to failed calls', async () => {
    const { securid, tenant } = await openClient({ records, pace: { concurrency: 2 } });
    for (const fault of [
      'reset' as const,
      { status: 500 },
      { status: 409 },
      { status: 200, body: 'text' },
    ]) {
      tenant.answerNext(fault, 3);
      await Promise.all(
        [1, 2, 3].map((number) =>
          failureOf(securid.registrationCodes.issue(person(number), 'ios')),
        ),
      );
    }
    const hold = tenant.hold();
    const calls = Promise.all([11, 12, 13].map((number) => securid.users.find(person(number))));
    await hold.arrived(2);
    hold.release();
    await calls;
  });

  it('gives its place to the next one when a request is abandoned', async () => {
    const { securid, tenant, clock } = await openClient({ records, pace: { concurrency: 1 } });
    tenant.answerNext('hang');
    const impatient = failureOf(securid.users.find(person(1), { until: clock.elapsed() + 1000 }));
    await tenant.saw(LOOKUP);
    clock.advance(1000);
    expect(await impatient).toMatchObject({ code: 'UNAVAILABLE', sent: true });
    expect(await securid.users.find(person(2))).toBeDefined();
  });
});

describe('a 429', () => {
  const busy = (retryAfter?: string) => ({
    status: 429,
    ...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }),
  });
  const pace = { requestsPerSecond: 10, burst: 10, pause: 500 };

  it.each([
    ['2', 2000],
    ['1.5', 1500],
    ['Wed, 04 Mar 2026 09:00:02 GMT', 2000],
    ['Wednesday, 04-Mar-26 09:00:02 GMT', 2000],
  ])('holds all calls for Retry-After: %s', async (retryAfter, ms) => {
    const { securid, tenant, clock } = await openClient({ records, pace });
    const start = clock.now();
    tenant.answerNext(busy(retryAfter));
    const refused = securid.users.find(person(1));
    await idleFor(clock, ms);
    const others = [2, 3].map((number) => securid.users.find(person(number)));

    await letTimePass(clock, Promise.all([refused, ...others]));
    const [, ...later] = tenant.requests.map(({ startedAt }) => startedAt - start);
    expect(later).toHaveLength(3);
    expect(Math.min(...later)).toBeGreaterThanOrEqual(ms);
  });

  it('is followed by the refused request first, then by the others in order', async () => {
    const { securid, tenant, clock } = await openClient({
      records,
      pace: { ...pace, concurrency: 2 },
    });
    tenant.answerNext(busy('1'));
    const refused = securid.users.find(person(1));
    await idleFor(clock, 1000);
    const others = [2, 3, 4].map((number) => securid.users.find(person(number)));
    await letTimePass(clock, Promise.all([refused, ...others]));
    expect(asked(tenant, 0).map(([who]) => who)).toEqual([1, 1, 2, 3, 4].map(email));
  });

  it('is followed by the refused request before one that was already waiting', async () => {
    const { securid, tenant, clock } = await openClient({
      records,
      pace: { ...pace, requestsPerSecond: 1, burst: 1 },
    });
    tenant.answerNext(busy('2'));
    const hold = tenant.hold();
    const refused = securid.users.find(person(1));
    await hold.arrived();
    const waiting = securid.users.find(person(2));
    await idleFor(clock, 1000);
    hold.release();
    await idleFor(clock, 2000);
    await letTimePass(clock, Promise.all([refused, waiting]));
    expect(asked(tenant, 0).map(([who]) => who)).toEqual([1, 1, 2].map(email));
  });

  it('is followed by one request, then by the usual pace', async () => {
    const { securid, tenant, clock } = await openClient({ records, pace });
    const start = clock.now();
    tenant.answerNext(busy('1'));
    const refused = securid.users.find(person(1));
    await idleFor(clock, 1000);
    const others = [2, 3].map((number) => securid.users.find(person(number)));
    clock.advance(1000);
    for (const seen of [2, 3]) {
      await tenant.saw(LOOKUP, seen);
      await idleFor(clock, 100);
      clock.advance(100);
    }
    await Promise.all([refused, ...others]);
    expect(asked(tenant, start)).toEqual([
      [email(1), 0],
      [email(1), 1000],
      [email(2), 1100],
      [email(3), 1200],
    ]);
  });

  it('without Retry-After is followed by short pauses again after a 404', async () => {
    const { securid, tenant, clock } = await openClient({ pace: { ...pace, pause: 90 } });
    const nobody = () => securid.users.find({ email: 'nobody@acme.test' });
    tenant.answerNext(busy(), 3);

    const first = nobody();
    for (const pause of [90, 180, 360]) {
      await aPauseOf(clock, pause);
      clock.advance(clock.nextIn() ?? 0);
    }
    expect(await first).toBeUndefined();

    clock.advance(1000);
    tenant.answerNext(busy());
    const second = nobody();
    await aPauseOf(clock, 90);
    clock.advance(clock.nextIn() ?? 0);
    expect(await second).toBeUndefined();
  });

  it('without Retry-After is followed by pauses that grow to half a minute until a request passes', async () => {
    const { securid, tenant, clock } = await openClient({ pace: { ...pace, pause: 90 } });
    const until = clock.elapsed() + HOUR;
    const pauses = [90, 180, 360, 720, 1440, 2880, 5760, 11_520, 23_040, 30_000, 30_000];
    tenant.answerNext(busy(), pauses.length);
    const call = securid.users.find(byEmail, { until });
    for (const pause of pauses) {
      await aPauseOf(clock, pause);
      clock.advance(clock.nextIn() ?? 0);
    }
    expect(await call).toMatchObject({ id: grace.id });

    clock.advance(1000);
    tenant.answerNext(busy());
    const another = securid.users.find(byEmail, { until });
    await aPauseOf(clock, 90);
    clock.advance(clock.nextIn() ?? 0);
    await another;
  });

  it('counts once if several requests get it together', async () => {
    const { securid, tenant, clock } = await openClient({ records, pace });
    const hold = tenant.hold();
    tenant.answerNext(busy(), 4);
    const calls = Promise.all([1, 2, 3, 4].map((number) => securid.users.find(person(number))));
    await hold.arrived(4);
    hold.release();
    // The patience of four callers and the pause. No request is under way.
    await soon(() => expect(clock.waiting()).toBe(5));
    await aPauseOf(clock, 500);
    await letTimePass(clock, calls);
  });

  it('still counts if a request that was sent before it passes', async () => {
    const { securid, tenant, clock } = await openClient({ pace });
    const hold = tenant.hold('GET /v1/licenseusage');
    const early = securid.licenseUsage.v1();
    await hold.arrived();
    tenant.answerNext(busy(), 2);
    const refused = securid.users.find(byEmail);
    await aPauseOf(clock, 500);
    hold.release();
    await early;

    clock.advance(clock.nextIn() ?? 0);
    await aPauseOf(clock, 1000);
    clock.advance(clock.nextIn() ?? 0);
    await refused;
  });

  it.each(['0', '-5', 'soon', 'Wed, 04 Mar 2026 08:00:00 GMT', ' ', 'Infinity'])(
    'with Retry-After: %s counts as one without',
    async (retryAfter) => {
      const { securid, tenant, clock } = await openClient({ pace });
      tenant.answerNext(busy(retryAfter), 2);
      const call = securid.users.find(byEmail);
      await aPauseOf(clock, 500);
      clock.advance(clock.nextIn() ?? 0);
      await aPauseOf(clock, 1000);
      clock.advance(clock.nextIn() ?? 0);
      await call;
      expect(tenant.requests).toHaveLength(3);
    },
  );

  it.each([
    ['five minutes and a second', '301'],
    ['a day', '86400'],
    ['three thousand years', '99999999999'],
    ['more seconds than a number holds', '9'.repeat(400)],
    ['the last day of the year 9999', 'Fri, 31 Dec 9999 23:59:59 GMT'],
  ])('that asks for %s holds all calls for five minutes at most', async (_, retryAfter) => {
    const { securid, tenant, clock } = await openClient({ pace });
    tenant.answerNext(busy(retryAfter));
    expect(await failureOf(securid.users.find(byEmail))).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfter: FIVE_MINUTES,
    });
    clock.advance(FIVE_MINUTES - 1);
    expect(await failureOf(securid.users.find(byEmail, { until: clock.elapsed() }))).toMatchObject({
      code: 'RATE_LIMITED',
    });
    clock.advance(1);
    expect(await securid.users.find(byEmail)).toMatchObject({ id: grace.id });
    expect(tenant.requests).toHaveLength(2);
  });

  it.each([
    ['a rate that is set', 100],
    ['a rate that is learned', undefined],
  ])(
    'that asks for a day is followed by a single request, with %s',
    async (_, requestsPerSecond) => {
      const { securid, tenant, clock } = await openClient({
        records,
        pace: { ...pace, requestsPerSecond, burst: 10, concurrency: 5 },
      });
      const until = clock.elapsed() + HOUR;
      tenant.answerNext(busy('86400'), 2);
      const together = tenant.hold(LOOKUP);
      const calls = Promise.all(
        [1, 2, 3].map((number) => securid.users.find(person(number), { until })),
      );
      await together.arrived(3);
      together.release();
      await soon(() => expect(securid.pace()).toMatchObject({ queued: 2, running: 0 }));
      await aPauseOf(clock, FIVE_MINUTES);
      const before = tenant.requests.length;
      const hold = tenant.hold(LOOKUP);
      clock.advance(clock.nextIn() ?? 0);
      await tenant.saw(LOOKUP, before + 1);
      clock.advance(1000);
      await soon(() => expect(tenant.requests.length - before).toBe(1));

      hold.release();
      await letTimePass(clock, calls);
    },
  );

  it.each([-HOUR, HOUR])(
    'may name a date in the tenant’s time, with the clock %i ms off',
    async (by) => {
      const { securid, tenant, clock, setClock } = await openClient({ pace });
      await securid.users.find(byEmail);
      setClock(by);
      tenant.answerNext(busy('Wed, 04 Mar 2026 09:00:02 GMT'));
      const call = securid.users.find(byEmail);
      await aPauseOf(clock, 2000);
      clock.advance(2000);
      expect(await call).toMatchObject({ id: grace.id });
    },
  );

  it('turns callers away at once if their patience ends within the pause, and never sends their requests', async () => {
    const { securid, tenant, clock } = await openClient({ records, pace });
    tenant.answerNext(busy('5'));
    const until = clock.elapsed() + 4000;
    const issue = securid.registrationCodes.issue(person(1), 'ios', { until });
    expect(await failureOf(issue)).toMatchObject({
      code: 'RATE_LIMITED',
      sent: false,
      retryAfter: 5000,
    });
    clock.advance(1000);
    expect(await failureOf(securid.users.find(person(2), { until }))).toMatchObject({
      code: 'RATE_LIMITED',
      sent: false,
      retryAfter: 4000,
    });

    await letTimePass(clock, securid.users.find(person(3)));
    expect(tenant.calls()).toEqual([CODE, LOOKUP]);
    expect(tenant.issuedCodes).toEqual([]);
  });

  it('lets a call wait for the end of a pause that is too long for others', async () => {
    const { securid, tenant, clock } = await openClient({ records, pace });
    tenant.answerNext(busy('5'));
    const patient = securid.users.find(person(1));
    await idleFor(clock, 5000);
    const impatient = securid.users.find(person(2), { until: clock.elapsed() + 1000 });
    expect(await failureOf(impatient)).toMatchObject({ code: 'RATE_LIMITED' });
    clock.advance(5000);
    expect(await patient).toMatchObject({ emailAddress: email(1) });
  });

  it.each([-HOUR, HOUR])('lasts as long when the clock is set by %i ms', async (by) => {
    const { securid, tenant, clock, setClock } = await openClient({ pace });
    const start = clock.now();
    tenant.answerNext(busy('2'));
    const call = securid.users.find(byEmail);
    await idleFor(clock, 2000);
    setClock(by);
    await letTimePass(clock, call);
    const waited = (tenant.requests[1]?.startedAt ?? 0) - start;
    expect(waited).toBeGreaterThanOrEqual(2000);
    expect(waited).toBeLessThanOrEqual(2100);
  });

  it('does not keep a registration code from being retried, since none was issued', async () => {
    const { securid, tenant, clock } = await openClient({ pace });
    tenant.answerNext(busy('1'), 2);
    const issued = securid.registrationCodes.issue({ email: alan.emailAddress }, 'ios');
    await letTimePass(clock, issued);
    expect(tenant.calls()).toEqual([CODE, CODE, CODE]);
    expect(tenant.issuedCodes).toHaveLength(1);
  });

  it.each(['seconds', 'date', 'none'] as const)(
    'loses nothing if the tenant is slower than expected (Retry-After: %s)',
    async (retryAfter) => {
      const { securid, tenant, clock } = await openClient({ records, pace });
      tenant.rateLimit({ perSecond: 5, burst: 5, retryAfter });
      const options = { until: clock.elapsed() + 20_000 };
      const calls = Array.from({ length: 40 }, (_, index) =>
        securid.users.find(person(index + 1), options),
      );
      const found = await letTimePass(clock, Promise.all(calls));
      expect(found.map((one) => one?.emailAddress)).toEqual(
        records.users.map((one) => one.emailAddress),
      );
    },
  );
});

describe('identical reads', () => {
  it('share one request while it is under way', async () => {
    const { securid, tenant } = await openClient();
    const hold = tenant.hold();
    const calls = [securid.users.find(byEmail), securid.users.find({ ...byEmail })];
    await hold.arrived();
    calls.push(securid.users.find(byEmail));
    hold.release();
    expect((await Promise.all(calls)).map((found) => found?.id)).toEqual(Array(3).fill(grace.id));
    expect(tenant.calls()).toEqual([LOOKUP]);

    await securid.users.find(byEmail);
    expect(tenant.calls()).toEqual([LOOKUP, LOOKUP]);
  });

  it('share a failure, and the next one asks again', async () => {
    const { securid, tenant } = await openClient();
    tenant.answerNext({ status: 500 });
    const calls = [securid.users.find(byEmail), securid.users.find(byEmail)];
    const failures = await Promise.all(calls.map(failureOf));
    expect(failures.map(({ status }) => status)).toEqual([500, 500]);
    expect(await securid.users.find(byEmail)).toMatchObject({ id: grace.id });
    expect(tenant.calls()).toEqual([LOOKUP, LOOKUP]);
  });

  it('are not shared if they differ in anything', async () => {
    const { securid, tenant } = await openClient();
    const { authenticators, users } = securid;
    await Promise.all([
      users.find(byEmail),
      users.find({ email: alan.emailAddress }),
      users.find({ username: grace.emailAddress }),
      authenticators.detailsV2(grace.id, { includeBrowsers: true }),
      authenticators.detailsV2(grace.id, { includeBrowsers: false }),
      authenticators.detailsV1(grace.id, { includeBrowsers: false }),
      authenticators.detailsV2(alan.id, { includeBrowsers: false }),
    ]);
    expect(tenant.calls()).toHaveLength(7);
  });

  it('are not shared if they have to be fresh', async () => {
    const { securid, tenant } = await openClient();
    const hold = tenant.hold();
    const early = securid.users.find(byEmail);
    await hold.arrived();
    const fresh = securid.users.find(byEmail, { fresh: true });
    hold.release();
    await Promise.all([early, fresh]);
    expect(tenant.calls()).toEqual([LOOKUP, LOOKUP]);
  });

  it('never include changes', async () => {
    const { securid, tenant } = await openClient();
    const issue = () => securid.registrationCodes.issue({ email: alan.emailAddress }, 'ios');
    await Promise.all([issue(), issue()]);
    expect(tenant.calls()).toEqual([CODE, CODE]);
    expect(tenant.issuedCodes).toHaveLength(2);
  });

  it('continue for one caller when the other leaves', async () => {
    const { securid, tenant, clock } = await openClient();
    const hold = tenant.hold();
    const impatient = failureOf(securid.users.find(byEmail, { until: clock.elapsed() + 1000 }));
    const patient = securid.users.find(byEmail, { until: clock.elapsed() + 7000 });
    await hold.arrived();
    clock.advance(1000);
    expect(await impatient).toMatchObject({ code: 'UNAVAILABLE', sent: true });

    clock.advance(5000);
    hold.release();
    expect(await patient).toMatchObject({ id: grace.id });
    expect(tenant.calls()).toEqual([LOOKUP]);
  });

  it('wait for the end of a pause for the caller with more patience', async () => {
    const { securid, tenant, clock } = await openClient();
    tenant.answerNext({ status: 429, headers: { 'retry-after': '3' } });
    const patient = securid.users.find(byEmail);
    await idleFor(clock, 3000);
    const impatient = failureOf(securid.users.find(byEmail, { until: clock.elapsed() + 1000 }));
    clock.advance(1000);
    expect(await impatient).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 2000 });
    clock.advance(2000);
    expect(await patient).toMatchObject({ id: grace.id });
    expect(tenant.calls()).toEqual([LOOKUP, LOOKUP]);
  });

  it('wait for their turn as long as the most patient caller', async () => {
    const { securid, tenant, clock } = await openClient({ pace: { concurrency: 1 } });
    const hold = tenant.hold();
    const first = securid.licenseUsage.v1();
    await hold.arrived();
    const impatient = failureOf(securid.users.find(byEmail, { until: clock.elapsed() + 1000 }));
    const patient = securid.users.find(byEmail);
    clock.advance(1000);
    expect(await impatient).toMatchObject({ code: 'RATE_LIMITED', sent: false });
    hold.release();
    await first;
    expect(await patient).toMatchObject({ id: grace.id });
  });

  it('start again when everyone has left', async () => {
    const { securid, tenant, clock } = await openClient();
    tenant.answerNext('hang');
    const impatient = failureOf(securid.users.find(byEmail, { until: clock.elapsed() + 1000 }));
    await tenant.saw(LOOKUP);
    clock.advance(1000);
    const next = securid.users.find(byEmail);
    expect(await impatient).toMatchObject({ code: 'UNAVAILABLE' });
    expect(await next).toMatchObject({ id: grace.id });
    expect(tenant.calls()).toEqual([LOOKUP, LOOKUP]);
  });
});

describe('the connection', () => {
  it('is reused by the next call', async () => {
    const { securid, tenant, clock } = await openClient();
    await securid.users.find(byEmail);
    clock.advance(30_000);
    await securid.users.find(byEmail);
    expect(tenant.connections()).toBe(1);
  });
});
