import { describe, expect, it, vi } from 'vitest';
import { APPROVALS, MIRA } from '../../src/playground/company.ts';
import { atRest } from '../support/at-rest.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { inTime } from '../support/passing-time.ts';
import { PATIENCE } from '../support/patience.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { rowsIn } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const CODE = 'POST /v1/users/deviceRegistrationCode';
const MINUTE = 60_000;
const LOOK = 5000;

/**
 * Jonas asks one of several instances for a code that a second person has to approve.
 * @param switches what is switched on in the others, if not the same
 */
async function askOne(instances: number, switches?: string[]) {
  const redis = await startRedis();
  const desk = await openHelpDesk({
    env: {
      SECURID_APPROVERS: MIRA,
      SECURID_APPROVAL: 'always',
      SECURID_APPROVAL_CHANNEL: APPROVALS,
      REDIS_URL: redis.url,
    },
  });
  desk.tenant.records.devices = [];
  const others: Awaited<ReturnType<HelpDesk['openSecondBot']>>[] = [];
  for (let count = 1; count < instances; count += 1) {
    others.push(await desk.openSecondBot(switches && { switches }));
  }
  const card = await desk.agent.asks('/securid code alan@acme.test ios');
  await (await verify(desk.agent, card)).answer();
  const request = desk.workspace.messages.find(({ channel }) => channel === APPROVALS) as Message;
  return { desk, redis, others, card, request };
}

const taken = ({ logged }: HelpDesk) =>
  logged().filter(({ msg }) => msg === 'this instance took over a request for approval').length;
const isTakenUp = (desk: HelpDesk) => taken(desk) > 0;

/** Another instance finds the request. */
async function takenUp(desk: HelpDesk): Promise<void> {
  desk.clock.advance(LOOK);
  await eventually(() => isTakenUp(desk));
}

const endsIn = (file: string) =>
  rowsIn(file)
    .map(({ event }) => event)
    .filter((event) => ['approval asked', 'approved', 'lapsed', 'intent', 'done'].includes(event));

describe.skipIf(!redisInstalled)('a request for approval, whose instance stops', () => {
  it('goes on in another one, which carries it out', async () => {
    const { desk, others, card, request } = await askOne(2);
    const [second] = others;

    await desk.app.stop();
    expect(desk.screen(request)).toContain('[ Approve ]');
    expect(desk.screen(card)).toContain('Waiting for approval');
    await takenUp(desk);
    second?.isAsked();
    await desk.manager.clicks(request, 'Approve');
    await eventually(() => desk.screen(card).includes('Hide now'));

    expect(desk.tenant.calls().filter((call) => call === CODE)).toHaveLength(1);
    expect(endsIn(desk.auditFile)).toEqual(['approval asked']);
    expect(endsIn(second?.auditFile ?? '')).toEqual(['approved', 'intent', 'done']);
    // After the time at which the request would have expired.
    desk.clock.advance(11 * MINUTE);
    await desk.agent.asks('/securid help');
    expect(desk.screen(request)).toContain('Approved by @mira.');
  });

  it('lapses there, for the agent and in the channel, once', async () => {
    const { desk, others, card, request } = await askOne(3);

    await desk.app.stop();
    await takenUp(desk);
    desk.clock.advance(10 * MINUTE);
    await eventually(() => desk.screen(request).includes('Expired'));
    await eventually(() => desk.screen(card).includes('Nobody approved'));

    await desk.close();
    expect(others.flatMap(({ auditFile }) => endsIn(auditFile))).toEqual(['lapsed']);
  });

  it('lapses there even if its change is no longer switched on', async () => {
    const { desk, card, request } = await askOne(2, ['unlock']);

    await desk.app.stop();
    desk.clock.advance(LOOK);
    await atRest();
    expect(desk.screen(card)).toContain('Waiting for approval');
    desk.clock.advance(10 * MINUTE);
    await inTime(desk, () => desk.screen(request).includes('Expired'));

    await eventually(() => desk.screen(card).includes('Nobody approved'));
  });

  it('is withdrawn there if a lockdown begins', async () => {
    const { desk, others, card } = await askOne(2);

    await desk.app.stop();
    await takenUp(desk);
    others[0]?.isAsked();
    await desk.manager.asks('/securid lockdown on');

    await eventually(() => desk.screen(card).includes('SecurID Desk is in lockdown'));
  });

  it('goes on though each is replaced, one after the other', async () => {
    const { desk, others, card } = await askOne(2);
    await desk.app.stop();
    await takenUp(desk);
    await desk.openSecondBot();
    others[0]?.isAsked();
    desk.clock.advance(LOOK);
    // Hears of the third.
    await desk.agent.asks('/securid help');

    await others[0]?.app.stop();
    await eventually(() => {
      desk.clock.advance(LOOK / 10);
      return taken(desk) === 2;
    });
    desk.clock.advance(10 * MINUTE);

    await eventually(() => desk.screen(card).includes('Nobody approved'));
  });

  it('is taken up at the next look if Redis refused it at the first', async () => {
    const { desk, redis } = await askOne(2);
    await desk.app.stop();
    const refused = async () => {
      const said = String(await redis.ask('INFO', 'commandstats'));
      return /cmdstat_getdel:.*rejected_calls=[1-9]/.test(said);
    };
    await redis.ask('ACL', 'SETUSER', 'default', '-getdel');
    desk.clock.advance(LOOK);
    await vi.waitUntil(refused, PATIENCE);
    await redis.ask('ACL', 'SETUSER', 'default', '+getdel');

    await eventually(() => {
      desk.clock.advance(LOOK / 100);
      return isTakenUp(desk);
    });
  });

  it.each([
    ['in time', 0, 'Waiting for approval'],
    ['too late', 20 * MINUTE, 'Nobody approved'],
  ])('waits for the next start if all stop, which comes %s', async (_, away, text) => {
    const { desk, others, card, request } = await askOne(2);

    await Promise.all([desk.app.stop(), others[0]?.app.stop()]);
    desk.clock.advance(away);
    await desk.openSecondBot();
    await takenUp(desk);
    desk.clock.advance(0);

    await eventually(() => desk.screen(card).includes(text));
    expect(desk.screen(request).includes('[ Approve ]')).toBe(away === 0);
  });

  it.each<[string, number, boolean]>([
    ['there is no other', 1, false],
    ['the store is away', 2, true],
  ])('is withdrawn if %s', async (_, instances, isAway) => {
    const { desk, redis, request, card } = await askOne(instances);
    if (isAway) await redis.kill();

    await desk.app.stop();

    const isWithdrawn = desk.screen(card).includes('the request was withdrawn');
    expect(isWithdrawn).toBe(!isAway);
    expect(desk.screen(request).includes('[ Approve ]')).toBe(isAway);
  });
});
