import { describe, expect, it } from 'vitest';
import { APPROVALS, MIRA, NOBODY, SECURID_AUDIT } from '../../src/playground/company.ts';
import {
  eventually,
  type HelpDesk,
  type HelpDeskOptions,
  type Message,
  markedUp,
  openHelpDesk,
} from '../support/help-desk.ts';
import { rowsOf } from '../support/rows.ts';
import { type Recorded, verify } from '../support/verification.ts';

type Options = { env?: Record<string, string> } & Omit<HelpDeskOptions, 'env'>;

const openDesk = ({ env = {}, ...options }: Options = {}) =>
  openHelpDesk({
    ...options,
    env: { SECURID_CHANGES: 'code,unlock,token', SECURID_APPROVERS: `${MIRA},${NOBODY}`, ...env },
  });

const tokenOf = ({ tenant }: HelpDesk, serial: string) => {
  const token = tenant.records.tokens.find((one) => one.tokenSerialNumber === serial);
  if (!token) throw new Error(`no token ${serial}`);
  return token;
};

const userOf = ({ tenant }: HelpDesk, email: string) => {
  const user = tenant.records.users.find((one) => one.emailAddress === email);
  if (!user) throw new Error(`nobody has ${email}`);
  return user;
};

/** How each change is typed, recorded, requested and seen. Every example is Grace's or, at last, Alan's. */
type Example = {
  name: string;
  typed: string;
  button: string;
  route: string;
  serial: string;
  email: string;
  prepare?: (desk: HelpDesk) => void;
  recorded?: Recorded;
  /** In the answer. */
  done: string;
  /** In the tenant. */
  state: object;
  /** To the user. */
  told: string;
  none: string;
  unknown: string;
};

const GRACES = { serial: '000000900001', email: 'grace@acme.test' };
const DS100 = { serial: '014010900007', email: 'grace@acme.test' };

const disable = (desk: HelpDesk, serial: string) =>
  Object.assign(tokenOf(desk, serial), { tokenStatus: 'Disabled' });

const EXAMPLES: Example[] = [
  {
    ...GRACES,
    name: 'token-disable',
    typed: '000000900001 disable grace@acme.test',
    button: 'Disable the token',
    recorded: { method: '' },
    route: 'PATCH /v1/users/{id}/sidTokens/disable',
    done: 'Token status: Disabled',
    state: { tokenStatus: 'Disabled' },
    told: 'A hardware token of your SecurID account was disabled',
    none: 'The token was not disabled.',
    unknown: 'SecurID may have disabled the token',
  },
  {
    ...GRACES,
    name: 'token-enable',
    typed: '000000900001 enable grace@acme.test',
    button: 'Verify and enable',
    prepare: (desk) => disable(desk, GRACES.serial),
    route: 'PATCH /v1/users/{id}/sidTokens/enable',
    done: 'Token status: Enabled',
    state: { tokenStatus: 'Enabled' },
    told: 'A hardware token of your SecurID account was enabled',
    none: 'The token was not enabled.',
    unknown: 'SecurID may have enabled the token',
  },
  {
    ...GRACES,
    name: 'token-clear-pin',
    typed: '000000900001 clear pin grace@acme.test',
    button: 'Verify and clear PIN',
    route: 'PATCH /v2/users/{id}/sidTokens/clearPin',
    done: 'PIN: Not set',
    state: { pinSet: false },
    told: 'The PIN of a hardware token of your SecurID account was cleared',
    none: 'The PIN was not cleared.',
    unknown: 'SecurID may have cleared the PIN',
  },
  {
    ...GRACES,
    name: 'token-unassign',
    typed: '000000900001 unassign grace@acme.test',
    button: 'Verify and unassign',
    route: 'PATCH /v1/users/{id}/sidTokens/unassign',
    done: 'State: Unassigned',
    state: { userId: null, tokenState: 'Unassigned' },
    told: 'A hardware token of your SecurID account was unassigned',
    none: 'The token was not unassigned.',
    unknown: 'SecurID may have unassigned the token',
  },
  {
    name: 'token-assign',
    serial: '000000900002',
    email: 'alan@acme.test',
    typed: '000000900002 assign alan@acme.test',
    button: 'Verify and assign',
    route: 'PATCH /v1/users/{id}/sidTokens/assign',
    done: 'State: Activation Pending',
    state: { tokenState: 'Activation Pending', pinSet: false },
    told: 'A hardware token was assigned to your SecurID account',
    none: 'The token was not assigned.',
    unknown: 'SecurID may have assigned the token',
  },
  {
    ...DS100,
    name: 'token-disable',
    typed: '140109000 disable grace@acme.test',
    button: 'Disable the token',
    recorded: { method: '' },
    route: 'PATCH /v1/ds100/disable/otp',
    done: 'Token status: Disabled',
    state: { tokenStatus: 'Disabled' },
    told: 'A hardware token of your SecurID account was disabled',
    none: 'The token was not disabled.',
    unknown: 'SecurID may have disabled the token',
  },
  {
    ...DS100,
    name: 'token-enable',
    typed: '014010900007 enable grace@acme.test',
    button: 'Verify and enable',
    prepare: (desk) => disable(desk, DS100.serial),
    route: 'PATCH /v1/ds100/enable/otp',
    done: 'Token status: Enabled',
    state: { tokenStatus: 'Enabled' },
    told: 'A hardware token of your SecurID account was enabled',
    none: 'The token was not enabled.',
    unknown: 'SecurID may have enabled the token',
  },
  {
    ...DS100,
    name: 'token-clear-pin',
    typed: '140109000 clear-pin grace@acme.test',
    button: 'Verify and clear PIN',
    route: 'PATCH /v1/ds100/clearPin/otp',
    done: 'PIN: Not set',
    state: { pinSet: false },
    told: 'The PIN of a hardware token of your SecurID account was cleared',
    none: 'The PIN was not cleared.',
    unknown: 'SecurID may have cleared the PIN',
  },
];

const cardFor = ({ agent }: HelpDesk, { typed }: Pick<Example, 'typed'>) =>
  agent.asks(`/securid token ${typed}`);

/** Submits the form, and waits for the message that replaces "Asking SecurID…". */
async function make(desk: HelpDesk, card: Message, { button, recorded }: Example): Promise<string> {
  const press = await verify(desk.agent, card, { button, ...recorded });
  await press.answer();
  await press.answer();
  return desk.screen(card);
}

const askedFor = ({ tenant }: HelpDesk, { route }: Example) =>
  tenant.calls().filter((call) => call === route);

describe.each(EXAMPLES)('$name $serial', (example) => {
  const { name, serial, email, route, button, done, state, told, none, unknown } = example;
  const isProtecting = name === 'token-disable';

  async function open(options: Options = {}) {
    const desk = await openDesk(options);
    example.prepare?.(desk);
    return desk;
  }

  it('shows a card, and changes nothing yet', async () => {
    const desk = await open();
    const card = desk.screen(await cardFor(desk, example));
    expect(card).toContain(`Token: ${serial}`);
    expect(card).toContain(`[ ${button} ]`);
    expect(askedFor(desk, example)).toEqual([]);
  });

  it('is made once, shown, told and recorded', async () => {
    const desk = await open();

    const reads = await make(desk, await cardFor(desk, example), example);

    expect(reads).toContain(`Token: ${serial}`);
    expect(reads).toContain(done);
    expect(tokenOf(desk, serial)).toMatchObject(state);
    expect(askedFor(desk, example)).toHaveLength(1);
    const notice = desk.workspace.messages.find(({ text }) => text.includes(told));
    expect(notice).toBeDefined();
    expect(notice && desk.screen(notice).includes("This wasn't me")).toBe(!isProtecting);
    expect(notice && desk.screen(notice)).toContain(
      `Serial number ${serial === DS100.serial ? '140109000' : serial}`,
    );
    const rows = (await rowsOf(desk)).filter(({ operation }) => operation === name);
    expect(rows.map(({ event }) => event)).toEqual(['intent', 'done', 'told']);
    expect(rows[0]).toMatchObject({
      target: userOf(desk, email).id,
      input: { serial },
      ticket: 'INC-4711',
    });
    expect('method' in (rows[0] ?? {})).toBe(!isProtecting);
  });

  it.each(['nothing', 'no content'] as const)(
    'reads the token back if SecurID answers %s',
    async (changeAnswer) => {
      const desk = await open({ traits: { changeAnswer } });
      expect(await make(desk, await cardFor(desk, example), example)).toContain(done);
      expect(askedFor(desk, example)).toHaveLength(1);
    },
  );

  it('says that it is not confirmed if the token cannot be read back', async () => {
    const desk = await open({ traits: { changeAnswer: 'nothing' } });
    const card = await cardFor(desk, example);
    const press = await verify(desk.agent, card, { button, ...example.recorded });
    await press.answer();
    desk.tenant.answerNext({ status: 403 }, 9, 'POST /v1/sidTokens/lookup');
    await press.answer();
    expect(desk.screen(card)).toContain('SecurID accepted it, but did not confirm it.');
  });

  it('says what SecurID has now if the token is gone meanwhile', async () => {
    const desk = await open();
    const card = await cardFor(desk, example);
    desk.tenant.records.tokens.length = 0;

    const reads = await make(desk, card, example);

    expect(reads).toContain(`${none} SecurID no longer has that token`);
    expect(reads).toContain('SecurID has no such token now.');
    expect(reads).not.toContain('Try again');
  });

  it('tells the state as it is now if it is so already', async () => {
    const desk = await open();
    const card = await cardFor(desk, example);
    Object.assign(tokenOf(desk, serial), state, name === 'token-assign' && { userId: 'someone' });
    if (name === 'token-unassign') desk.tenant.traits.tokenOfAnother = 'conflict';

    const reads = await make(desk, card, example);

    expect(reads).toContain(none);
    expect(reads).toContain('Now: ');
    expect((await rowsOf(desk)).map(({ event }) => event)).toContain('not done');
  });

  it.each([{ status: 502 }, 'reset after', 'cut off'] as const)(
    'is never sent again after %o, and told as the record says',
    async (fault) => {
      const desk = await open();
      const card = await cardFor(desk, example);
      desk.tenant.answerNext(fault, 1, route);

      const reads = await make(desk, card, example);

      if (fault === 'reset after' || fault === 'cut off') expect(reads).toContain(done);
      else expect(reads).toContain(unknown);
      expect(reads).not.toContain('[ Try again ]');
      expect(askedFor(desk, example)).toHaveLength(1);
    },
  );

  it('has an unknown outcome if the record cannot be read either', async () => {
    const desk = await open();
    const card = await cardFor(desk, example);
    const press = await verify(desk.agent, card, { button, ...example.recorded });
    desk.tenant.answerNext('reset after', 1, route);
    await press.answer();
    desk.tenant.answerNext({ status: 403 }, 9, 'POST /v1/sidTokens/lookup');
    await press.answer();
    expect(desk.screen(card)).toContain(unknown);
    expect(desk.screen(card)).not.toContain('[ Try again ]');
    expect((await rowsOf(desk)).map(({ event }) => event)).toContain('unknown');
  });

  it(isProtecting ? 'goes on during a lockdown' : 'stops in a lockdown', async () => {
    const desk = await open();
    const card = await cardFor(desk, example);
    await desk.person(MIRA).asks('/securid lockdown on');

    if (isProtecting) {
      expect(await make(desk, card, example)).toContain(done);
      return;
    }
    const press = await verify(desk.agent, card, { button, ...example.recorded });
    await press.answer();
    expect(desk.screen(card)).toContain(`⛔ ${none} SecurID Desk is in lockdown`);
    expect(askedFor(desk, example)).toEqual([]);
  });

  it('is not made for oneself, unless it takes access away', async () => {
    const desk = await open();
    const jonas = userOf(desk, 'jonas@acme.test');
    const token = tokenOf(desk, serial);
    if (name !== 'token-assign') token.userId = jonas.id;

    const typed = example.typed.replace(email, 'jonas@acme.test');
    const card = desk.screen(await cardFor(desk, { typed }));

    if (isProtecting) expect(card).toContain(`[ ${button} ]`);
    else expect(card).toContain('⛔ This is your own account.');
  });

  it('needs a second person for a protected user, unless it takes access away', async () => {
    const desk = await open({
      env: { SECURID_PROTECTED: email, SECURID_APPROVAL_CHANNEL: APPROVALS },
    });
    const card = await cardFor(desk, example);
    if (isProtecting) {
      expect(await make(desk, card, example)).toContain(done);
      return;
    }
    await (await verify(desk.agent, card, { button })).answer();
    const request = desk.workspace.messages.find(
      ({ channel, to }) => channel === APPROVALS && !to,
    ) as Message;
    expect(desk.screen(request)).toContain(`Token: ${serial}`);
    expect(askedFor(desk, example)).toEqual([]);
    await desk.person(MIRA).clicks(request, 'Approve');
    await eventually(() => desk.screen(card).includes(done));
    expect(askedFor(desk, example)).toHaveLength(1);
  });

  it('counts for the agent’s limit', async () => {
    const env: Record<string, string> = isProtecting
      ? { SECURID_PROTECTIONS_PER_AGENT_HOUR: '1', SECURID_APPROVAL_CHANNEL: APPROVALS }
      : { SECURID_CHANGES_PER_AGENT_HOUR: '1' };
    const desk = await open({ env });
    await make(desk, await cardFor(desk, example), example);
    Object.assign(tokenOf(desk, serial), {
      ...{ tokenStatus: isProtecting ? 'Enabled' : 'Disabled', pinSet: true },
      userId: name === 'token-assign' ? null : userOf(desk, email).id,
    });

    const card = desk.screen(await cardFor(desk, example));

    if (isProtecting) expect(card).toContain('A second person has to approve');
    else expect(card).toContain('⛔ You have made one change within an hour.');
  });

  it('names the permission that is missing', async () => {
    const desk = await open({ credential: 'oauth rsa' });
    const permission = route.includes('ds100')
      ? 'rsa.authenticator.ds100.manage'
      : 'rsa.authenticator.sidtoken.manage';
    const { scopes } = desk.tenant.oauth;
    scopes.splice(scopes.indexOf(permission), 1);

    const reads = await make(desk, await cardFor(desk, example), example);

    expect(reads).toContain(none);
    expect(reads).toContain(`\`${permission}\``);
    expect(askedFor(desk, example)).toEqual([]);
  });

  it('is nowhere if it is not switched on', async () => {
    const desk = await open({ env: { SECURID_CHANGES: 'code' } });
    expect(desk.screen(await cardFor(desk, example))).toMatch(
      /is not switched on here\. Your SecurID Desk administrator can add `token` to `SECURID_CHANGES`\./,
    );
  });

  it('leads nobody into a token of somebody else', async () => {
    if (name === 'token-assign') return;
    const desk = await open();
    const reads = desk.screen(
      await cardFor(desk, { typed: example.typed.replace(email, 'alan@acme.test') }),
    );
    expect(reads).toContain(`The token ${serial} is somebody else’s`);
    expect(reads).not.toContain(button);
  });
});

describe('the card of a change', () => {
  it('shows the token as plain text, whatever its user named it', async () => {
    const desk = await openDesk();
    const card = await cardFor(desk, { typed: '000000900006 disable mallory@acme.test' });
    expect(desk.screen(card)).toContain('Name: <!channel> ```token``` ~gone~ & > quote');
    expect(markedUp(card).join()).not.toContain('<!channel>');
  });

  it.each([
    ['000000900004 disable noor@acme.test', 'The token is already disabled.'],
    ['000000900001 enable grace@acme.test', 'The token is already enabled.'],
    ['000000900005 enable mira@acme.test', 'The token has expired'],
    ['000000900005 clear-pin mira@acme.test', 'The token has expired'],
    ['140109000 unassign grace@acme.test', 'The OTP credential of a DS100 cannot be unassigned.'],
    ['000000900001 assign grace@acme.test', 'The token is already assigned to this user.'],
    [
      '000000900001 assign alan@acme.test',
      'The token is already assigned to somebody else. Take another one, or unassign it first: `/securid token 000000900001` shows its card.',
    ],
  ])('%s: offers no form', async (typed, why) => {
    const desk = await openDesk();
    const card = desk.screen(await cardFor(desk, { typed }));
    expect(card).toContain(`⛔ ${why}`);
    expect(card).not.toContain('[ Verify');
  });

  it('names whose the token is, if this app has seen them', async () => {
    const desk = await openDesk();
    await desk.agent.asks('/securid user grace@acme.test');
    expect(
      desk.screen(await cardFor(desk, { typed: '000000900001 assign alan@acme.test' })),
    ).toContain('Owner: Grace Okafor, grace@acme.test');
    expect(
      desk.screen(await cardFor(desk, { typed: '000000900001 disable alan@acme.test' })),
    ).toContain('it belongs to Grace Okafor, grace@acme.test.');
  });

  it('assigns nothing to a disabled user', async () => {
    const desk = await openDesk();
    const card = desk.screen(await cardFor(desk, { typed: '000000900002 assign ivy@acme.test' }));
    expect(card).toContain('⛔ The user is not enabled and gets no token.');
    expect(card).not.toContain('[ Verify');
  });

  it('assigns no token that has expired', async () => {
    const desk = await openDesk();
    tokenOf(desk, '000000900002').expiryDate = '2026-01-01T00:00:00.000Z';
    expect(
      desk.screen(await cardFor(desk, { typed: '000000900002 assign alan@acme.test' })),
    ).toContain('⛔ The token has expired: nobody could sign in with it.');
  });
});

it('says what the user of an assigned token does next', async () => {
  const desk = await openDesk();
  const [example] = EXAMPLES.filter(({ name }) => name === 'token-assign');
  if (!example) throw new Error('no example');
  expect(await make(desk, await cardFor(desk, example), example)).toMatchInlineSnapshot(`
    "Assign a token to Alan Mertens
    Token: 000000900002
    State: Activation Pending
    What Alan Mertens does next:
    1. Sign in to My Page, and register a hardware token.
    2. Enter its serial number, and the tokencode that it shows.
    3. Name it, and choose a PIN of 6 to 8 digits, unless your company requires another length.
    Until then its state is Activation Pending.
      Alan Mertens was notified in Slack.
    [ Show token ]"
  `);
});

it.each([{ status: 405 }, 'no such path'] as const)(
  'says that a tenant cannot disable a DS100 (%o)',
  async (fault) => {
    const desk = await openDesk();
    const [example] = EXAMPLES.filter(({ route }) => route.includes('ds100/disable'));
    if (!example) throw new Error('no example');
    const card = await cardFor(desk, example);
    if (fault === 'no such path') desk.tenant.traits.unrouted = [example.route];
    else desk.tenant.answerNext(fault, 1, example.route);

    const reads = await make(desk, card, example);

    expect(reads).toContain(
      'The token was not disabled. This SecurID tenant does not let an app do that',
    );
    expect(reads).toContain('Cloud Administration Console');
    expect((await rowsOf(desk)).map(({ event }) => event)).toContain('not done');
  },
);

it('offers what usually comes next, if it is switched on and for this person', async () => {
  const [example] = EXAMPLES;
  if (!example) throw new Error('no example');
  const desk = await openDesk({ env: { SECURID_CHANGES: 'code,token,emergency' } });
  const card = await cardFor(desk, example);

  expect(await make(desk, card, example)).toContain('[ Emergency code ]  [ Show token ]');

  const token = desk.screen(await desk.agent.clicks(card, 'Show token'));
  expect(token).toContain('🔴 Disabled');
  expect(token).toContain('[ Enable token ]');
});

it('shows an owner’s name as plain text, wherever it is', async () => {
  const desk = await openDesk();
  await desk.agent.asks('/securid user mallory@acme.test');
  const typed = ['assign alan@acme.test', 'disable alan@acme.test', 'disable', ''];
  for (const words of typed) {
    const answer = await desk.agent.asks(`/securid token 000000900006 ${words}`);
    expect(desk.screen(answer)).toContain('<!channel> *Mallory*');
    expect(markedUp(answer).join()).not.toMatch(/<!channel>/);
  }
});

it('says in the audit channel which token it was', async () => {
  const [example] = EXAMPLES;
  if (!example) throw new Error('no example');
  const desk = await openDesk({ env: { AUDIT_CHANNEL: SECURID_AUDIT } });
  await make(desk, await cardFor(desk, example), example);

  const lines = desk.workspace.messages.filter(({ channel }) => channel === SECURID_AUDIT);
  const [line] = lines.filter(({ text }) => text.includes('disabled a hardware token'));
  expect(line && desk.screen(line)).toContain('which: Serial number 000000900001 · ');
});
