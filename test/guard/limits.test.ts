import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLimits } from '../../src/guard/limits/limits.ts';
import { createLog } from '../../src/log.ts';
import { CHANGES } from '../../src/operations/changes.ts';
import { createMemoryUses, StoreError, type Uses } from '../../src/store/index.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { manualClock } from '../support/manual-clock.ts';
import { OUTPUT } from '../support/printed.ts';
import { verify } from '../support/verification.ts';

const MINUTE = 60_000;
const CODE = 'POST /v1/users/deviceRegistrationCode';

/** A help desk whose users have no devices yet. */
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

/** The card's text without the time of the next code. */
const shown = (desk: HelpDesk, card: Message) =>
  desk.screen(card).replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, 'TIME');

describe('the limits for registration codes', () => {
  it('allow a user one active code, and say when the next is possible', async () => {
    const desk = await openDesk();
    await issueFor(desk, 'alan@acme.test');

    const card = await cardFor(desk, 'alan@acme.test');

    expect(shown(desk, card)).toContain(
      '⛔ This user already has a code that may still be used. The next one is possible after TIME.',
    );
    expect(shown(desk, card)).not.toContain('[ Verify and issue ]');
  });

  it('apply to two cards that are submitted at once', async () => {
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
    expect(screens).toContain('No code was issued. This user already has a code');
    expect(readFileSync(desk.auditFile, 'utf8')).toContain('"reason":"one active code"');
  });

  it('allow an agent a number of codes per hour', async () => {
    const desk = await openDesk({ SECURID_CODES_PER_AGENT_HOUR: '2' });
    await issueFor(desk, 'alan@acme.test');
    await issueFor(desk, 'noor@acme.test');

    const card = await cardFor(desk, 'grace@acme.test');

    expect(shown(desk, card)).toContain('You have issued 2 codes within an hour.');
  });

  it('slide, so that no hour has more, whenever it begins', async () => {
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

  it.each([-60, 60])(
    'last as long as ever after the clock was set by %i minutes',
    async (minutes) => {
      const clock = manualClock();
      const uses = createMemoryUses(clock);
      const codes = { key: 'alan', limit: 1, period: MINUTE };
      await uses.add('a', [codes]);
      clock.set(minutes * MINUTE);
      expect(await uses.full([codes])).toMatchObject({ wait: MINUTE });

      clock.advance(MINUTE);

      expect(await uses.full([codes])).toBeUndefined();
    },
  );

  it('allow a user a number of codes per day', async () => {
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

  it('count codes that may have been issued', async () => {
    const desk = await openDesk();
    desk.tenant.answerNext('reset after', 1, CODE);
    await issueFor(desk, 'alan@acme.test');

    const card = await cardFor(desk, 'alan@acme.test');

    expect(shown(desk, card)).toContain('This user already has a code');
  });
});

/** A desk whose bot can be restarted on the same trail. A killed bot leaves the state of its start. */
async function openLastingDesk(env: Record<string, string> = {}) {
  const AUDIT_FILE = join(OUTPUT, `printed-audit-${randomUUID()}.jsonl`);
  const state = `${AUDIT_FILE}.state`;
  const desk = await openDesk({ AUDIT_FILE, ...env });
  const atStart = existsSync(state) ? readFileSync(state) : undefined;

  async function restart(how: 'stopped' | 'killed') {
    await desk.app.stop();
    if (how === 'killed' && atStart) writeFileSync(state, atStart);
    if (how === 'killed' && !atStart) rmSync(state, { force: true });
    (await desk.openSecondBot()).isAsked();
  }
  return { ...desk, restart };
}

describe.each(['stopped', 'killed'] as const)('a bot without Redis that was %s', (how) => {
  it('knows the active codes and the counts of the previous process', async () => {
    const desk = await openLastingDesk({ SECURID_CODES_PER_AGENT_HOUR: '2' });
    await issueFor(desk, 'alan@acme.test');
    desk.clock.advance(2 * MINUTE);
    await desk.restart(how);

    const card = await cardFor(desk, 'alan@acme.test');
    await issueFor(desk, 'noor@acme.test');
    const full = await cardFor(desk, 'grace@acme.test');
    desk.clock.advance(58 * MINUTE);
    const slid = await cardFor(desk, 'grace@acme.test');

    expect(shown(desk, card)).toContain('This user already has a code');
    expect(shown(desk, full)).toContain('You have issued 2 codes within an hour.');
    expect(shown(desk, slid)).toContain('[ Verify and issue ]');
    expect(desk.tenant.issuedCodes).toHaveLength(2);
  });

  it('counts what may have been issued, but not what was refused', async () => {
    const desk = await openLastingDesk({ SECURID_CODES_PER_TARGET_DAY: '1' });
    desk.tenant.answerNext('reset after', 1, CODE);
    await issueFor(desk, 'alan@acme.test');
    desk.tenant.records.licensed = false;
    await issueFor(desk, 'noor@acme.test');
    desk.tenant.records.licensed = true;
    await desk.restart(how);

    const unknown = await cardFor(desk, 'alan@acme.test');
    const refused = await cardFor(desk, 'noor@acme.test');

    expect(shown(desk, unknown)).toContain('This user has had one code within a day.');
    expect(shown(desk, refused)).toContain('[ Verify and issue ]');
  });

  it('accepts no card a second time', async () => {
    const desk = await openLastingDesk();
    const [used, canceled] = [
      await cardFor(desk, 'alan@acme.test'),
      await cardFor(desk, 'noor@acme.test'),
    ];
    const buttons = [used.blocks, canceled.blocks].map((blocks) => structuredClone(blocks));
    const came = await press(desk, used);
    await came.answer();
    await came.answer();
    await desk.agent.clicks(canceled, 'Cancel');
    await desk.restart(how);
    desk.clock.advance(6 * MINUTE);
    [used.blocks, canceled.blocks] = [buttons[0] ?? [], buttons[1] ?? []];

    for (const card of [used, canceled]) {
      const again = await (await press(desk, card)).answer();
      expect(shown(desk, again as Message)).toContain('This card has already been used.');
    }
    expect(desk.tenant.issuedCodes).toHaveLength(1);
  });
});

it('a bot that takes a trail over counts the codes of the previous bot', async () => {
  const first = await openDesk();
  const standby = await openDesk({ AUDIT_FILE: first.auditFile });
  await issueFor(first, 'alan@acme.test');
  await first.close();
  standby.clock.advance(2000);
  await eventually(() => standby.logged().some(({ msg }) => `${msg}`.includes('writes the audit')));

  const card = await cardFor(standby, 'alan@acme.test');

  expect(shown(standby, card)).toContain('This user already has a code');
});

describe('removing access', () => {
  const clock = manualClock();
  const shut = (incident: string, agentId = 'U0JONAS') => ({
    change: 'shut',
    incident,
    agentId,
    userId: 'alan',
  });
  const open = () =>
    createLimits(
      {
        changesPerAgentHour: 1,
        protectionsPerAgentHour: 10,
        codesPerAgentHour: 1,
        codesPerUserDay: 1,
      },
      {
        changes: [{ name: 'shut', risk: 'protects', limits: [] }],
        own: createMemoryUses(clock),
        shared: undefined,
        clock,
        log: createLog('silent'),
      },
    );

  it('is never refused, and needs a second person beyond its budget', async () => {
    const limits = open();
    for (let nth = 1; nth <= 10; nth++) {
      expect(await limits.isBeyondBudget(shut('next'))).toBe(false);
      expect(await limits.take(shut(`${nth}`))).toBeUndefined();
    }
    expect(await limits.isBeyondBudget(shut('next'))).toBe(true);
    expect(await limits.isBeyondBudget(shut('next', 'U0MIRA'))).toBe(false);
    expect(await limits.reached(shut('next'))).toBeUndefined();
    expect(await limits.take(shut('next'))).toBeUndefined();

    clock.advance(60 * MINUTE);
    expect(await limits.isBeyondBudget(shut('last'))).toBe(false);
  });

  it('does not count if it had no effect', async () => {
    const limits = open();
    for (let nth = 1; nth <= 10; nth++) await limits.take(shut(`${nth}`));
    await limits.giveBack(shut('10'));
    expect(await limits.isBeyondBudget(shut('next'))).toBe(false);
  });
});

describe('the count of registration codes', () => {
  const clock = manualClock();
  const log = createLog('silent');
  const perDay = {
    changesPerAgentHour: 30,
    protectionsPerAgentHour: 10,
    codesPerAgentHour: 10,
    codesPerUserDay: 3,
  };

  const use = (incident: string, agentId: string) => ({
    change: 'code',
    incident,
    agentId,
    userId: 'alan',
  });

  it('is not increased by refusals', async () => {
    const limits = createLimits(perDay, {
      changes: CHANGES,
      own: createMemoryUses(clock),
      shared: undefined,
      clock,
      log,
    });
    await limits.take(use('first', 'U0JONAS'));
    const refused = await limits.take(use('second', 'U0MIRA'));
    expect(refused).toMatchObject({ rule: 'one active code' });

    await limits.giveBack(use('first', 'U0JONAS'));

    expect(await limits.take(use('third', 'U0MIRA'))).toBeUndefined();
  });

  it('counts both changes of one request', async () => {
    const limits = createLimits(
      { ...perDay, changesPerAgentHour: 2 },
      { changes: CHANGES, own: createMemoryUses(clock), shared: undefined, clock, log },
    );
    const both = use('both', 'U0SANA');
    expect(await limits.take({ ...both, change: 'unlock' })).toBeUndefined();
    expect(await limits.take({ ...both, userId: 'noor' })).toBeUndefined();

    expect(await limits.reached({ ...use('next', 'U0SANA'), change: 'unlock' })).toMatchObject({
      rule: 'changes per agent and hour',
    });
    await limits.giveBack({ ...both, userId: 'noor' });
    expect(await limits.reached({ ...use('next', 'U0SANA'), change: 'unlock' })).toBeUndefined();
  });

  it('refuses nobody and allows nobody while it is unknown', async () => {
    const fail = () => Promise.reject(new StoreError('gone'));
    const failing: Uses = { full: fail, add: fail, remove: fail };
    const own = createMemoryUses(clock);
    const limits = createLimits(perDay, { changes: CHANGES, own, shared: failing, clock, log });

    await expect(limits.reached(use('first', 'U0JONAS'))).rejects.toThrow(StoreError);
    await expect(limits.take(use('first', 'U0JONAS'))).rejects.toThrow(StoreError);
    await limits.giveBack(use('first', 'U0JONAS'));

    expect(await own.full([{ key: 'active code alan', limit: 1, period: 1000 }])).toBeUndefined();
  });
});
