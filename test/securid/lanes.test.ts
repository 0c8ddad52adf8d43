import { describe, expect, it } from 'vitest';
import type { Tenant } from '../../src/playground/tenant/index.ts';
import { letTimePass } from '../support/passing-time.ts';
import { bucketOf, openLimited } from './limited-tenant.ts';
import { email, failureOf, openClient, people } from './support.ts';

const records = { users: people(40) };
const person = (number: number) => ({ email: email(number) });
const asked = ({ requests }: Tenant) =>
  requests.map(({ body }) => (body as { email: string }).email);

describe('the asker', () => {
  it('gets a turn in rotation, whoever asked for more', async () => {
    const { securid, tenant } = await openClient({ records, pace: { concurrency: 1 } });
    const find = (number: number, lane?: string) => securid.users.find(person(number), { lane });
    const hold = tenant.hold();
    const first = find(1, 'jonas');
    await hold.arrived();

    const others = [find(2, 'jonas'), find(3, 'jonas'), find(4, 'jonas'), find(5, 'mira')];
    others.push(find(6, 'mira'), find(7), find(8, 'edda'));
    hold.release();
    await Promise.all([first, ...others]);

    expect(asked(tenant)).toEqual([1, 5, 7, 8, 2, 6, 3, 4].map(email));
  });

  it('comes after what the tenant refused, whoever asked for that', async () => {
    const { securid, tenant, clock } = await openClient({ records, pace: { concurrency: 1 } });
    tenant.answerNext({ status: 429, headers: { 'retry-after': '1' } });
    const calls = [1, 2, 3].map((number) =>
      securid.users.find(person(number), { lane: String(number) }),
    );
    await letTimePass(clock, Promise.all(calls));
    expect(asked(tenant)).toEqual([1, 1, 2, 3].map(email));
  });

  it("shares another's request for the same read", async () => {
    const { securid, tenant } = await openClient({ records });
    const hold = tenant.hold();
    const calls = ['jonas', 'mira'].map((lane) => securid.users.find(person(1), { lane }));
    await hold.arrived();
    hold.release();
    expect(await Promise.all(calls)).toMatchObject([{}, {}]);
    expect(tenant.requests).toHaveLength(1);
  });

  it('is turned away when too many wait, and then nobody is preferred', async () => {
    const { securid, tenant } = await openClient({ records, pace: { concurrency: 1, queue: 2 } });
    const find = (number: number, lane: string) => securid.users.find(person(number), { lane });
    const hold = tenant.hold();
    const first = find(1, 'jonas');
    await hold.arrived();
    const waiting = [find(2, 'jonas'), find(3, 'mira')];
    expect(await failureOf(find(4, 'edda'))).toMatchObject({ code: 'RATE_LIMITED', sent: false });
    expect(securid.pace()).toMatchObject({ queued: 2, running: 1, learned: false });
    hold.release();
    await Promise.all([first, ...waiting]);
    expect(securid.pace()).toMatchObject({ queued: 0, running: 0, pausedFor: 0 });
  });
});

describe.each([
  ['set', { requestsPerSecond: 20, burst: 20 }],
  ['learned', {}],
])('an agent who asks once a second, at a pace that is %s', (_, pace) => {
  it('hardly waits longer because another makes 500 requests at once', async () => {
    const tenant = openLimited({ limit: bucketOf(20, 20), retryAfter: true, pace });
    await tenant.busyFor(20);

    /** The 95th percentile of the time for two calls in sequence, in milliseconds. */
    async function slowest(): Promise<number> {
      const took: number[] = [];
      for (let second = 0; second < 20; second++) {
        const start = tenant.clock.now();
        const commands = async () => {
          await tenant.ask('mira');
          await tenant.ask('mira');
          took.push(tenant.clock.now() - start);
        };
        void commands();
        await tenant.passFor(1);
      }
      expect(took).toHaveLength(20);
      return took.toSorted((one, other) => one - other)[18] ?? 0;
    }

    const quiet = await slowest();
    const answeredBefore = tenant.answered.length;
    for (let ask = 0; ask < 500; ask++) void tenant.ask('jonas');
    expect(await slowest()).toBeLessThanOrEqual(3 * quiet);
    expect((tenant.answered.length - answeredBefore) / 20 / 20).toBeGreaterThanOrEqual(0.85);
  });
});
