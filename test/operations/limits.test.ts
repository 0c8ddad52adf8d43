import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.ts';
import { createLimits } from '../../src/operations/registration-code/limits.ts';
import { createMemoryUses, StoreError, type Uses } from '../../src/store/index.ts';
import { type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { manualClock } from '../support/manual-clock.ts';
import { verify } from '../support/verification.ts';

const MINUTE = 60_000;
const CODE = 'POST /v1/users/deviceRegistrationCode';

/** A help desk at which nobody has a device yet. */
async function openDesk(env: Record<string, string> = {}) {
  const desk = await openHelpDesk({ env });
  desk.tenant.records.devices = [];
  return desk;
}

async function cardFor({ agent }: HelpDesk, who: string) {
  const card = await agent.asks(`/securid code ${who} ios`);
  return card;
}

const press = ({ agent }: HelpDesk, card: Message) => verify(agent, card);

async function issueFor(desk: HelpDesk, who: string) {
  const came = await press(desk, await cardFor(desk, who));
  await came.answer();
  await came.answer();
}

/** What the card says, the time of the next code left out. */
const shown = (desk: HelpDesk, card: Message) =>
  desk.screen(card).replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, 'TIME');

describe('the limits for registration codes', () => {
  it('let a user have one active code, and say when the next is possible', async () => {
    const desk = await openDesk();
    await issueFor(desk, 'alan@acme.test');

    const card = await cardFor(desk, 'alan@acme.test');

    expect(shown(desk, card)).toContain(
      '⛔ There is a code for this user already, which may still be used. The next is possible from TIME on.',
    );
    expect(shown(desk, card)).not.toContain('[ Verify and issue ]');
  });

  it('hold for two cards that are pressed at once', async () => {
    const desk = await openDesk();
    const [first, second] = [
      await cardFor(desk, 'alan@acme.test'),
      await cardFor(desk, 'alan@acme.test'),
    ];

    const presses = await Promise.all([press(desk, first), press(desk, second)]);
    await Promise.all(presses.map((one) => one.answer()));
    await desk.close();

    expect(desk.tenant.calls().filter((call) => call === CODE)).toHaveLength(1);
    const screens = [desk.screen(first), desk.screen(second)].join();
    expect(screens).toContain('No code was issued. There is a code for this user already');
    expect(readFileSync(desk.auditFile, 'utf8')).toContain('"reason":"one active code"');
  });

  it('let an agent issue so many in an hour', async () => {
    const desk = await openDesk({ SECURID_CODES_PER_AGENT_HOUR: '2' });
    await issueFor(desk, 'alan@acme.test');
    await issueFor(desk, 'noor@acme.test');

    const card = await cardFor(desk, 'grace@acme.test');

    expect(shown(desk, card)).toContain('You have issued 2 codes within an hour.');
  });

  it('slide, so that no hour has more, wherever it begins', async () => {
    const desk = await openDesk({ SECURID_CODES_PER_AGENT_HOUR: '2' });
    await issueFor(desk, 'alan@acme.test');
    desk.clock.advance(59 * MINUTE);
    await issueFor(desk, 'noor@acme.test');
    desk.clock.advance(2 * MINUTE);
    await issueFor(desk, 'grace@acme.test');

    const card = await cardFor(desk, 'otto@acme.test');

    expect(desk.tenant.issuedCodes).toHaveLength(3);
    expect(shown(desk, card)).toContain('You have issued 2 codes within an hour.');
  });

  it('are not longer after the clock was set back', async () => {
    const clock = manualClock();
    const uses = createMemoryUses(clock);
    const codes = { key: 'alan', limit: 1, period: MINUTE };
    await uses.add('a', [codes]);
    clock.advance(-60 * MINUTE);
    expect(await uses.full([codes])).toMatchObject({ wait: MINUTE });

    clock.advance(MINUTE);

    expect(await uses.full([codes])).toBeUndefined();
  });

  it('let a user have so many in a day', async () => {
    const desk = await openDesk({ SECURID_CODES_PER_TARGET_DAY: '1' });
    await issueFor(desk, 'alan@acme.test');

    const card = await cardFor(desk, 'alan@acme.test');

    expect(shown(desk, card)).toContain('This user has had one code within a day.');
  });

  it('do not count what SecurID refused', async () => {
    const desk = await openDesk({ SECURID_CODES_PER_AGENT_HOUR: '1' });
    desk.tenant.records.licensed = false;
    await issueFor(desk, 'alan@acme.test');
    desk.tenant.records.licensed = true;

    await issueFor(desk, 'alan@acme.test');

    expect(desk.tenant.issuedCodes).toHaveLength(1);
  });

  it('count what may have been issued', async () => {
    const desk = await openDesk();
    desk.tenant.answerNext('reset after', 1, CODE);
    await issueFor(desk, 'alan@acme.test');

    const card = await cardFor(desk, 'alan@acme.test');

    expect(shown(desk, card)).toContain('There is a code for this user already');
  });
});

describe('the count of registration codes', () => {
  const clock = manualClock();
  const log = createLog('silent');
  const perDay = { perAgentHour: 10, perTargetDay: 3 };

  const use = (incident: string, agentId: string) => ({ incident, agentId, userId: 'alan' });

  it('does not go up by what is refused', async () => {
    const limits = createLimits(perDay, { counters: [createMemoryUses(clock)], clock, log });
    await limits.take(use('first', 'U0JONAS'));
    const refused = await limits.take(use('second', 'U0MIRA'));
    expect(refused).toMatchObject({ rule: 'one active code' });

    await limits.giveBack(use('first', 'U0JONAS'));

    expect(await limits.take(use('third', 'U0MIRA'))).toBeUndefined();
  });

  it('refuses nobody and lets nobody through while it cannot be told', async () => {
    const fail = () => Promise.reject(new StoreError('gone'));
    const failing: Uses = { full: fail, add: fail, remove: fail };
    const own = createMemoryUses(clock);
    const limits = createLimits(perDay, { counters: [own, failing], clock, log });

    await expect(limits.reached('U0JONAS', 'alan')).rejects.toThrow(StoreError);
    await expect(limits.take(use('first', 'U0JONAS'))).rejects.toThrow(StoreError);
    await limits.giveBack(use('first', 'U0JONAS'));

    expect(await own.full([{ key: 'active code alan', limit: 1, period: 1000 }])).toBeUndefined();
  });
});
