import { describe, expect, it } from 'vitest';
import {
  APPROVALS,
  HELP_DESK_GROUP,
  MIRA,
  NOBODY,
  SECURID_AUDIT,
} from '../../src/playground/company.ts';
import { denies } from '../support/denial.ts';
import {
  eventually,
  type HelpDesk,
  type HelpDeskOptions,
  type Message,
  modal,
  openHelpDesk,
  type View,
} from '../support/help-desk.ts';
import { inTime } from '../support/passing-time.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { rowsOf } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const UNLOCK = 'PATCH /v1/users/{id}/methods';
const CODE = 'POST /v1/users/deviceRegistrationCode';
const NOOR = 'U0NOOR';
const MINUTE = 60_000;
const EARLIER = 'You verified this caller at';
const NONE = 'Your earlier verification of the caller no longer counts. Verify the caller again.';

type Options = { env?: Record<string, string> } & Omit<HelpDeskOptions, 'env'>;
type Change = 'code' | 'unlock';

/** Nobody has a device. Noor's OTP, SMS and voice are locked. */
async function openDesk({ env = {}, ...options }: Options = {}) {
  const all = { SECURID_CHANGES: 'code,unlock', SECURID_APPROVERS: `${MIRA},${NOBODY}`, ...env };
  const desk = await openHelpDesk({ ...options, env: all });
  desk.tenant.records.devices = [];
  return desk;
}

type Agent = HelpDesk['agent'];

const BUTTON: Record<Change, string> = {
  code: 'Verify and issue',
  unlock: 'Verify and unlock',
};

const cardOf = (agent: Agent, change: Change, who = 'noor@acme.test') =>
  agent.asks(`/securid ${change} ${who}${change === 'code' ? ' ios' : ''}`);

/** Records a verification and waits for the answer. */
async function change(desk: HelpDesk, name: Change, recorded: { ticket?: string } = {}) {
  const card = await cardOf(desk.agent, name);
  const press = await verify(desk.agent, card, { ...recorded, button: BUTTON[name] });
  await press.answer();
  await press.answer();
  return card;
}

/** The form behind the card, and what to wait for after it was submitted. */
async function formOf(agent: Agent, card: Message, name: Change) {
  const press = await agent.presses(card, BUTTON[name]);
  return { press, form: modal(await press.answer()) };
}

/** Gives a reason and nothing else. */
async function submits(agent: Agent, form: View, reason = 'Locked out') {
  agent.fills(form, 'Reason', reason);
  return agent.submits(form);
}

/** Asks for a change without choosing a method. `before` happens while the form is open. */
async function changeAgain(
  desk: HelpDesk,
  name: Change,
  before: () => unknown = () => {},
): Promise<Message> {
  const card = await cardOf(desk.agent, name);
  const { press, form } = await formOf(desk.agent, card, name);
  await before();
  const done = await submits(desk.agent, form);
  if (!done.closed) throw new Error(`not submitted: ${JSON.stringify(done.errors)}`);
  await press.answer();
  if (desk.screen(card).startsWith('Asking')) await press.answer();
  return card;
}

/** What stands in the form's text fields. */
const typedIn = ({ view }: View) =>
  [...JSON.stringify(view.blocks).matchAll(/"initial_value":"([^"]*)"/g)].map(([, text]) => text);

const asked = ({ tenant }: HelpDesk, route: string) =>
  tenant.calls().filter((call) => call === route).length;

function lockAgain({ tenant }: HelpDesk) {
  const noor = tenant.records.users.find(({ emailAddress }) => emailAddress === 'noor@acme.test');
  if (noor) noor.isTokenLocked = true;
}

/** Whether the form for the change refers to an earlier verification. */
async function offers(desk: HelpDesk, name: Change, agent = desk.agent, who?: string) {
  const { form } = await formOf(agent, await cardOf(agent, name, who), name);
  return desk.screen(form).includes(EARLIER);
}

describe('a verification that counts for the call', () => {
  it('is offered in the next form, with its ticket, and is enough', async () => {
    const desk = await openDesk();
    await change(desk, 'code');
    desk.clock.advance(6 * MINUTE);
    const card = await cardOf(desk.agent, 'unlock');

    const { press, form } = await formOf(desk.agent, card, 'unlock');

    expect(desk.screen(form)).toMatchInlineSnapshot(`
      "== Verification ==
      Unlock Noor Haddad
      Anyone who has the token or the phone can sign in with it again. What you enter here goes into the audit trail, and the user is notified.
      ✅ You verified this caller at 09:00:00. That counts until 09:15:00, for the same ticket.
        In person with badge · INC-4711
      How did you verify the caller? (optional): (Call back to the number on file | In person with badge | Video with badge | Manager confirmed)
      Ticket: ____ = INC-4711
      Reason: ____ (Locked after wrong tokencodes, …)
      [ Unlock ]  [ Cancel ]"
    `);
    expect(await submits(desk.agent, form)).toMatchObject({ closed: true });
    await press.answer();
    await press.answer();
    expect(desk.screen(card)).toContain('Unlocked: Authenticate OTP');
  });

  it('stands in the rows of the change, with the incident it is from and its age', async () => {
    const desk = await openDesk();
    await change(desk, 'code');
    desk.clock.advance(6 * MINUTE + 1500);
    await changeAgain(desk, 'unlock');

    const [first, second] = await rowsOf(desk, { event: 'done' });

    expect(first).not.toHaveProperty('verified');
    expect(second).toMatchObject({
      operation: 'unlock',
      method: 'In person with badge',
      ticket: 'INC-4711',
      verified: { incident: first?.incident, age: 361 },
    });
  });

  it('is told with its age in the audit channel', async () => {
    const desk = await openDesk({ env: { AUDIT_CHANNEL: SECURID_AUDIT } });
    await change(desk, 'code');
    desk.clock.advance(MINUTE - 1);
    await changeAgain(desk, 'unlock');
    const told = () =>
      desk.workspace.messages.filter(({ channel }) => channel === SECURID_AUDIT).map(desk.screen);
    await inTime(desk, () => told().some((line) => line.includes('unlocked sign-in methods')));

    expect(told().join('\n')).toContain(
      'verified: In person with badge, less than a minute ago for another change',
    );
  });

  it('counts from a change that grants for others that grant or restore', async () => {
    const desk = await openDesk();
    await change(desk, 'code');
    desk.clock.advance(6 * MINUTE);

    expect(await offers(desk, 'unlock')).toBe(true);
    expect(await offers(desk, 'code')).toBe(true);
  });

  it('never counts from a change that restores for one that grants', async () => {
    const desk = await openDesk();
    await change(desk, 'unlock');
    lockAgain(desk);

    expect(await offers(desk, 'unlock')).toBe(true);
    expect(await offers(desk, 'code')).toBe(false);
  });

  it('still counts for what grants if the caller was verified for an unlock since', async () => {
    const desk = await openDesk();
    await change(desk, 'code');
    desk.clock.advance(6 * MINUTE);
    await change(desk, 'unlock');

    expect(await offers(desk, 'code')).toBe(true);
  });

  it('counts no longer because it was used', async () => {
    const desk = await openDesk();
    await change(desk, 'code');
    desk.clock.advance(10 * MINUTE);
    await changeAgain(desk, 'unlock');
    desk.clock.advance(5 * MINUTE);
    lockAgain(desk);

    expect(await offers(desk, 'unlock')).toBe(false);
  });

  it('is not offered to another agent, or for another user', async () => {
    const desk = await openDesk({ env: { SECURID_AGENTS: `${HELP_DESK_GROUP},${MIRA}` } });
    await change(desk, 'code');

    expect(await offers(desk, 'unlock', desk.person(MIRA))).toBe(false);
    expect(await offers(desk, 'code', desk.agent, 'alan@acme.test')).toBe(false);
  });

  it('is only an offer: the agent may choose how they verified the caller now', async () => {
    const desk = await openDesk();
    await change(desk, 'code');
    desk.clock.advance(6 * MINUTE);
    const card = await cardOf(desk.agent, 'unlock');
    const { press, form } = await formOf(desk.agent, card, 'unlock');
    await desk.agent.chooses(form, 'How did you verify the caller?', 'Video with badge');

    expect(await submits(desk.agent, form)).toMatchObject({ closed: true });
    await press.answer();
    await press.answer();

    const [, row] = await rowsOf(desk, { event: 'done' });
    expect(row).toMatchObject({ operation: 'unlock', method: 'Video with badge' });
    expect(row).not.toHaveProperty('verified');
  });

  it('needs a method for another ticket', async () => {
    const desk = await openDesk();
    await change(desk, 'code');
    const { form } = await formOf(desk.agent, await cardOf(desk.agent, 'unlock'), 'unlock');
    desk.agent.fills(form, 'Ticket', 'INC-4712');

    expect(await submits(desk.agent, form)).toMatchObject({
      closed: false,
      errors: {
        method:
          'You verified the caller for INC-4711. Choose how you verified them for this ticket.',
      },
    });
    expect(asked(desk, UNLOCK)).toBe(0);
  });

  it('ends with another ticket', async () => {
    const desk = await openDesk();
    await change(desk, 'code');
    desk.clock.advance(6 * MINUTE);
    await change(desk, 'unlock', { ticket: 'INC-4712' });

    expect(await offers(desk, 'code')).toBe(false);
  });

  it('shows a method and a ticket with markup as they are written', async () => {
    const method = 'Call *back* <!here>';
    const desk = await openDesk({ env: { SECURID_VERIFICATION_METHODS: method } });
    const code = await cardOf(desk.agent, 'code');
    const ticket = '<@U0MIRA> `1`';
    const press = await verify(desk.agent, code, { method, ticket });
    await press.answer();
    await press.answer();

    const { form } = await formOf(desk.agent, await cardOf(desk.agent, 'unlock'), 'unlock');

    expect(desk.screen(form)).toContain(`${method} · ${ticket}`);
    expect(desk.screen(await changeAgain(desk, 'unlock'))).toContain('Unlocked:');
  });

  it('is asked for each time if it counts for no minutes', async () => {
    const desk = await openDesk({ env: { SECURID_VERIFICATION_MINUTES: '0' } });
    await change(desk, 'code');

    expect(await offers(desk, 'unlock')).toBe(false);
  });

  it.each<[string, (desk: HelpDesk) => Promise<unknown>]>([
    [
      'SecurID refused',
      (desk) => {
        desk.tenant.answerNext({ status: 403, body: { message: 'no' } }, 1, CODE);
        return change(desk, 'code');
      },
    ],
    [
      'its outcome is unknown',
      (desk) => {
        desk.tenant.answerNext({ status: 502 }, 1, CODE);
        return change(desk, 'code');
      },
    ],
    [
      'a rule refused',
      async (desk) => {
        const card = await cardOf(desk.agent, 'code');
        const { press, form } = await formOf(desk.agent, card, 'code');
        const [noor] = desk.tenant.records.users.filter(({ firstName }) => firstName === 'Noor');
        if (noor) noor.userStatus = 'Disabled';
        await desk.agent.chooses(form, 'How did you verify the caller?', 'Video with badge');
        desk.agent.fills(form, 'Ticket', 'INC-4711');
        await submits(desk.agent, form);
        await press.answer();
        if (noor) noor.userStatus = 'Enabled';
      },
    ],
  ])('is not kept from a change that was not made: %s', async (_, attempt) => {
    const desk = await openDesk();
    await attempt(desk);

    expect(await offers(desk, 'unlock')).toBe(false);
  });

  it('is used once, however often the card is', async () => {
    const desk = await openDesk();
    await change(desk, 'code');
    const card = await cardOf(desk.agent, 'unlock');
    const blocks = structuredClone(card.blocks);
    const first = await formOf(desk.agent, card, 'unlock');
    await submits(desk.agent, first.form);
    await first.press.answer();
    await first.press.answer();
    lockAgain(desk);

    card.blocks = blocks;
    const second = await formOf(desk.agent, card, 'unlock');
    await submits(desk.agent, second.form);

    expect(desk.screen(await second.press.answer())).toContain('already been used');
    expect(asked(desk, UNLOCK)).toBe(1);
  });

  it('does not pass for a new one after a failure', async () => {
    const desk = await openDesk({ credential: 'oauth rsa' });
    await change(desk, 'code');
    desk.clock.advance(6 * MINUTE);
    const { scopes } = desk.tenant.oauth;
    scopes.splice(scopes.indexOf('rsa.user.factor.manage'), 1);
    const card = await changeAgain(desk, 'unlock');
    expect(desk.screen(card)).toContain('[ Try again ]');

    const again = await desk.agent.clicks(card, 'Try again');
    const { form } = await formOf(desk.agent, again, 'unlock');

    expect(desk.screen(form)).toContain(EARLIER);
    expect(typedIn(form)).toEqual(['INC-4711', 'Locked out']);
    expect(desk.screen(form)).not.toContain('= In person with badge');
  });
});

/** What ends a verification, and what the agent reads if it ends while the form is open. */
const ENDS: [string, string, (desk: HelpDesk) => unknown][] = [
  [
    'a lockdown, even if it was lifted',
    'Nothing was unlocked. There has been a lockdown since you verified the caller. Verify the caller again.',
    async (desk) => {
      await desk.manager.asks('/securid lockdown on');
      await desk.manager.liftsLockdown();
    },
  ],
  [
    'a report by the user, even if the block was lifted',
    'Nothing was unlocked. This account has been put on hold since you verified the caller. Verify the caller again.',
    async (desk) => {
      const notice = desk.workspace.seenBy(NOOR, `D${NOOR}`).at(-1) as Message;
      await desk.person(NOOR).clicks(notice, "This wasn't me");
      await desk.manager.asks('/securid unblock noor@acme.test');
    },
  ],
  [
    'a clock that is set back',
    `Nothing was unlocked. ${NONE}`,
    ({ clock }) => clock.set(-7 * MINUTE),
  ],
];

describe('a verification ends with', () => {
  it.each(ENDS)('%s', async (_, reads, end) => {
    const desk = await openDesk();
    await change(desk, 'code');
    desk.clock.advance(6 * MINUTE);

    const card = await changeAgain(desk, 'unlock', () => end(desk));

    expect(desk.screen(card)).toContain(`⛔ ${reads}`);
    expect(asked(desk, UNLOCK)).toBe(0);
    const again = await desk.agent.clicks(card, 'Try again');
    const { form } = await formOf(desk.agent, again, 'unlock');
    expect(desk.screen(form)).not.toContain(EARLIER);
    expect(typedIn(form)).toEqual(['INC-4711', 'Locked out']);
    expect(await rowsOf(desk, { event: 'refusal' })).toContainEqual(
      expect.objectContaining({ operation: 'unlock:form', reason: 'verification' }),
    );
  });

  it.each(ENDS)('%s, before the card is made', async (_, __, end) => {
    const desk = await openDesk();
    await change(desk, 'code');
    desk.clock.advance(6 * MINUTE);
    expect(await offers(desk, 'unlock')).toBe(true);

    await end(desk);

    expect(await offers(desk, 'unlock')).toBe(false);
  });

  it('its minutes, said at the field while the form is open', async () => {
    const desk = await openDesk({ env: { SECURID_VERIFICATION_MINUTES: '7' } });
    await change(desk, 'code');
    desk.clock.advance(6 * MINUTE);
    const { form } = await formOf(desk.agent, await cardOf(desk.agent, 'unlock'), 'unlock');
    desk.clock.advance(MINUTE);

    expect((await submits(desk.agent, form)).errors).toEqual({
      method: 'Your earlier verification no longer counts. Choose how you verified the caller.',
    });
    await desk.agent.chooses(form, 'How did you verify the caller?', 'Video with badge');
    expect(await submits(desk.agent, form)).toMatchObject({ closed: true });
    await eventually(() => asked(desk, UNLOCK) === 1);
    expect(await offers(desk, 'code')).toBe(false);
  });

  it.each<[string, (desk: HelpDesk) => Promise<unknown>]>([
    ['asked for a change', async ({ agent }) => agent.asks('/securid unlock noor@acme.test')],
    ['looked something up', async ({ agent }) => agent.asks('/securid user alan@acme.test')],
  ])('the agent’s role, if they %s without it', async (_, act) => {
    const desk = await openDesk();
    await change(desk, 'code');
    const groups = structuredClone(desk.workspace.groups.map(({ users }) => users));
    for (const group of desk.workspace.groups) group.users = [];
    desk.clock.advance(6 * MINUTE);
    expect(desk.screen((await act(desk)) as Message)).toMatch(/^Sorry,/);

    desk.workspace.groups.forEach((group, index) => {
      group.users = groups[index] ?? [];
    });
    desk.clock.advance(6 * MINUTE);

    expect(await offers(desk, 'unlock')).toBe(false);
  });

  it('a restart without Redis', async () => {
    const desk = await openDesk();
    await change(desk, 'code');
    await desk.app.stop();
    (await desk.openSecondBot()).isAsked();

    expect(await offers(desk, 'unlock')).toBe(false);
  });
});

describe('a verification and a second person', () => {
  const protectedNoor = {
    env: { SECURID_PROTECTED: 'noor@acme.test', SECURID_APPROVAL_CHANNEL: APPROVALS },
  };
  const requestIn = ({ workspace }: HelpDesk) =>
    workspace.messages.findLast(({ channel, to }) => channel === APPROVALS && !to) as Message;

  it('counts once approval was asked for, never replaces it, and the approver reads its age', async () => {
    const desk = await openDesk(protectedNoor);
    const code = await cardOf(desk.agent, 'code');
    await (await verify(desk.agent, code)).answer();
    desk.clock.advance(6 * MINUTE);

    await changeAgain(desk, 'unlock');
    const request = requestIn(desk);

    expect(asked(desk, UNLOCK)).toBe(0);
    expect(desk.screen(request)).toContain(
      'Verified: In person with badge, 6 min ago for another change',
    );
    await desk.person(NOBODY).clicks(request, 'Approve');
    await eventually(() => asked(desk, UNLOCK) === 1);
    const [asking] = await rowsOf(desk, { event: 'approval asked' });
    const [done] = await rowsOf(desk, { event: 'done' });
    for (const row of [...(await rowsOf(desk, { event: 'approved' })), done]) {
      expect(row).toMatchObject({ verified: { incident: asking?.incident, age: 360 } });
    }
  });

  it('ends if an approver denies what it was recorded for', async () => {
    const desk = await openDesk(protectedNoor);
    const code = await cardOf(desk.agent, 'code');
    await (await verify(desk.agent, code)).answer();
    const { form } = await formOf(desk.agent, await cardOf(desk.agent, 'unlock'), 'unlock');
    desk.agent.closes(form);
    expect(desk.screen(form)).toContain(EARLIER);

    await (await denies(desk.person(NOBODY), requestIn(desk))).answer();

    await eventually(() => desk.screen(code).includes('denied'));
    expect(await offers(desk, 'unlock')).toBe(false);
  });

  it('is not kept if approval could not be asked for', async () => {
    const desk = await openDesk(protectedNoor);
    desk.workspace.failNext('chat.postMessage', {
      status: 200,
      body: '{"ok":false,"error":"not_in_channel"}',
    });
    const code = await cardOf(desk.agent, 'code');
    await (await verify(desk.agent, code)).answer();

    expect(await offers(desk, 'unlock')).toBe(false);
  });
});

describe.skipIf(!redisInstalled)('a verification in Redis', () => {
  async function openTwo(env: Record<string, string> = {}) {
    const redis = await startRedis();
    const desk = await openDesk({ env: { REDIS_URL: redis.url, ...env } });
    return { redis, desk, second: await desk.openSecondBot() };
  }

  const keys = async (redis: Awaited<ReturnType<typeof startRedis>>) =>
    ((await redis.ask('KEYS', 'securid-desk:verification*')) as string[]) ?? [];

  it('counts on every instance', async () => {
    const { desk, second } = await openTwo();
    await change(desk, 'code');

    second.isAsked();

    expect(desk.screen(await changeAgain(desk, 'unlock'))).toContain('Unlocked:');
  });

  it('ends everywhere with a lockdown on another instance', async () => {
    const { desk, second } = await openTwo();
    await change(desk, 'code');

    const card = await changeAgain(desk, 'unlock', async () => {
      second.isAsked();
      await desk.manager.asks('/securid lockdown on');
      await desk.manager.liftsLockdown();
      desk.isAsked();
    });

    expect(desk.screen(card)).toContain('There has been a lockdown since you verified the caller');
    expect(asked(desk, UNLOCK)).toBe(0);
  });

  it('is ciphertext there, for its minutes', async () => {
    const { desk, redis } = await openTwo();
    await change(desk, 'code');

    const [key = '', ...others] = await keys(redis);
    const value = String(await redis.ask('GET', key));

    expect(others).toEqual([]);
    expect(value).toMatch(/^eyJ[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(Number(await redis.ask('PTTL', key))).toBeLessThanOrEqual(15 * MINUTE);
  });

  it.each<[string, (value: string) => string]>([
    ['damaged', (value) => `${value.slice(0, -9)}AAAAAAAAA`],
    ['empty', () => ''],
    ['plain words', () => '{"agentId":"U0JONAS"}'],
  ])('does not count if it is %s', async (_, damage) => {
    const { desk, redis } = await openTwo();
    await change(desk, 'code');
    const [key = ''] = await keys(redis);

    const card = await changeAgain(desk, 'unlock', async () =>
      redis.ask('SET', key, damage(String(await redis.ask('GET', key)))),
    );

    expect(desk.screen(card)).toContain(NONE);
    expect(asked(desk, UNLOCK)).toBe(0);
  });

  it('does not count for another agent or user to whom it was copied', async () => {
    const agents = { SECURID_AGENTS: `${HELP_DESK_GROUP},${MIRA}` };
    const { desk, redis } = await openTwo(agents);
    await change(desk, 'code');
    const [key = ''] = await keys(redis);
    const value = String(await redis.ask('GET', key));
    const [noor, alan] = ['Noor', 'Alan'].map((name) =>
      desk.tenant.records.users.find(({ firstName }) => firstName === name),
    );

    await redis.ask('SET', key.replace('U0JONAS', MIRA), value);
    await redis.ask('SET', key.replace(noor?.id ?? '-', alan?.id ?? '-'), value);

    expect(await keys(redis)).toHaveLength(3);
    expect(await offers(desk, 'unlock', desk.person(MIRA))).toBe(false);
    expect(await offers(desk, 'code', desk.agent, 'alan@acme.test')).toBe(false);
    expect(await offers(desk, 'unlock')).toBe(true);
  });

  it('is asked for again if Redis has lost it', async () => {
    const { desk, redis } = await openTwo();
    await change(desk, 'code');

    const card = await changeAgain(desk, 'unlock', async () =>
      redis.ask('DEL', ...(await keys(redis))),
    );

    expect(desk.screen(card)).toContain(NONE);
    expect(asked(desk, UNLOCK)).toBe(0);
  });

  it('stops nothing but the change if Redis is away', async () => {
    const { desk, redis } = await openTwo();
    await change(desk, 'code');

    const card = await cardOf(desk.agent, 'unlock');
    const { press, form } = await formOf(desk.agent, card, 'unlock');
    await redis.kill();
    expect(await submits(desk.agent, form)).toMatchObject({ closed: true });

    expect(desk.screen(await press.answer())).toContain('SecurID Desk cannot reach its store');
    expect(asked(desk, UNLOCK)).toBe(0);
  });
});
