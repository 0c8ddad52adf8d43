import { describe, expect, it } from 'vitest';
import { splitWords } from '../../src/desk/words.ts';
import { readToken } from '../../src/operations/hardware-token/words.ts';
import { MIRA } from '../../src/playground/company.ts';
import { type HelpDesk, type Message, modal, openHelpDesk } from '../support/help-desk.ts';

const LOOK_UP = 'POST /v1/sidTokens/lookup';

const openDesk = (env: Record<string, string> = {}) =>
  openHelpDesk({ env: { SECURID_CHANGES: 'code,unlock,token', SECURID_APPROVERS: MIRA, ...env } });

const buttonsOf = ({ screen }: HelpDesk, card: Message) =>
  [...screen(card).matchAll(/\[ ([^\]]+) \]/g)].map(([, label]) => label);

/** Looks the owner up first, so that this app knows them. */
async function cardOf(desk: HelpDesk, serial: string, owner?: string) {
  if (owner) await desk.agent.asks(`/securid user ${owner}@acme.test`);
  return desk.agent.asks(`/securid token ${serial}`);
}

describe('a token’s card', () => {
  it.each([
    ['000000900001', 'grace', ['Disable token', 'Clear PIN', 'Unassign token']],
    ['000000900004', 'noor', ['Enable token', 'Clear PIN', 'Unassign token']],
    ['000000900005', 'mira', ['Unassign token']],
    ['140109000', 'grace', ['Disable token', 'Clear PIN']],
    ['014010900007', 'grace', ['Disable token', 'Clear PIN']],
    ['000000900003', 'jonas', ['Disable token']],
  ])('%s of %s offers what makes sense in its state', async (serial, owner, changes) => {
    const desk = await openDesk();
    const card = await cardOf(desk, serial, owner);
    expect(buttonsOf(desk, card)).toEqual([...changes, 'Owner', "Owner's authenticators"]);
  });

  it('offers no PIN to clear where none is set', async () => {
    const desk = await openDesk();
    const token = desk.tenant.records.tokens.find(
      ({ tokenSerialNumber }) => tokenSerialNumber === '000000900001',
    );
    if (token) token.pinSet = false;
    const card = await cardOf(desk, '000000900001', 'grace');
    expect(desk.screen(card)).toContain('⚠️ No PIN');
    expect(buttonsOf(desk, card)).not.toContain('Clear PIN');
  });

  it('names its owner, and leads to their card and to each change', async () => {
    const desk = await openDesk();
    const card = await cardOf(desk, '000000900001', 'grace');

    expect(desk.screen(card)).toContain('Owner: Grace Okafor, grace@acme.test');
    expect(desk.screen(await desk.agent.clicks(card, 'Owner'))).toContain('# Grace Okafor');
    const disabling = await desk.agent.clicks(card, 'Disable token');
    expect(desk.screen(disabling)).toContain('# Disable a token of Grace Okafor');
    expect(desk.screen(disabling)).toContain('[ Disable the token ]');
  });

  it('offers only what takes access away during a lockdown, and to approvers', async () => {
    const desk = await openDesk();
    await desk.agent.asks('/securid user grace@acme.test');
    const mira = desk.person(MIRA);
    const offered = ['Disable token', 'Owner', "Owner's authenticators"];
    expect(buttonsOf(desk, await mira.asks('/securid token 000000900001'))).toEqual(offered);
    await mira.asks('/securid lockdown on');
    expect(buttonsOf(desk, await cardOf(desk, '000000900001'))).toEqual(offered);
    expect(buttonsOf(desk, await cardOf(desk, '000000900002'))).toEqual([]);
  });

  it('says how to find out whose it is if this app has not seen them', async () => {
    const desk = await openDesk();
    const card = await cardOf(desk, '000000900001');
    expect(desk.screen(card)).toContain('Owner: SecurID user 28f964d0');
    expect(desk.screen(card)).toContain(
      'SecurID tells only the owner’s id. Look up the person you think it is, then the token again. To change the token, name its owner, too: `/securid token 000000900001 disable jane@example.com`.',
    );
    expect(buttonsOf(desk, card)).toEqual(["Owner's authenticators"]);
    expect(desk.screen(await desk.agent.asks('/securid token 900001 disable'))).toBe(
      'SecurID tells only the owner’s id, so name the owner as well: `/securid token 000000900001 disable jane@example.com`. SecurID Desk then checks that the token is theirs.',
    );
  });

  it('asks SecurID for the owner’s record, and knows them from then on', async () => {
    const desk = await openDesk({ SECURID_CHANGES: 'code,token,sync' });
    const card = await cardOf(desk, '000000900001');
    expect(desk.screen(card)).toContain('Synchronize owner shows who it is.');
    expect(buttonsOf(desk, card)).toEqual(['Synchronize owner', "Owner's authenticators"]);

    const record = await desk.agent.clicks(card, 'Synchronize owner');

    expect(desk.screen(record)).toContain('Grace Okafor');
    expect(desk.screen(await cardOf(desk, '000000900001'))).toContain(
      'Owner: Grace Okafor, grace@acme.test',
    );
    expect(desk.screen(await desk.agent.asks('/securid token 900001 disable'))).toContain(
      '# Disable a token of Grace Okafor',
    );
  });

  it('comes without its owner if SecurID does not answer about them', async () => {
    const desk = await openDesk();
    await desk.agent.asks('/securid user grace@acme.test');
    desk.tenant.answerNext({ status: 500 }, 9, 'POST /v1/users/lookup');

    const card = desk.screen(await cardOf(desk, '000000900001'));

    expect(card).toContain('Status: 🟢 Enabled');
    expect(card).toContain('Owner: SecurID user 28f964d0');
  });

  it('offers nothing for somebody who has the owner’s address by now', async () => {
    const desk = await openDesk();
    await desk.agent.asks('/securid user grace@acme.test');
    const { users } = desk.tenant.records;
    const grace = users.find(({ emailAddress }) => emailAddress === 'grace@acme.test');
    const alan = users.find(({ emailAddress }) => emailAddress === 'alan@acme.test');
    if (grace && alan) Object.assign(grace, { emailAddress: 'g@acme.test' });
    if (alan) alan.emailAddress = 'grace@acme.test';

    const card = await cardOf(desk, '000000900001');

    expect(desk.screen(card)).toContain('Owner: SecurID user 28f964d0');
    expect(buttonsOf(desk, card)).toEqual(["Owner's authenticators"]);
    expect(desk.screen(await desk.agent.asks('/securid token 900001 disable'))).toContain(
      'name the owner as well',
    );
  });

  it('asks in a form whom a token is for', async () => {
    const desk = await openDesk();
    const card = await cardOf(desk, '000000900002');
    expect(buttonsOf(desk, card)).toEqual(['Assign token']);

    const press = await desk.agent.presses(card, 'Assign token');
    const form = modal(await press.answer());
    expect(desk.screen(form)).toContain('Who is the token 000000900002 for?');
    const missing = await desk.agent.submits(form);
    expect(missing.errors).toEqual({ 'home:person': 'Pick a person, or type below.' });
    desk.agent.fills(form, 'Or an e-mail address or SecurID user name', 'alan@acme.test');
    expect(await desk.agent.submits(form)).toMatchObject({ closed: true });

    const answer = (await press.answer()) as Message;
    expect(desk.screen(answer)).toContain('# Assign a token to Alan Mertens');
    expect(desk.screen(answer)).toContain('Token: 000000900002');
    expect(desk.screen(answer)).toContain('[ Verify and assign ]');
  });

  it('shows no change that is not switched on', async () => {
    const desk = await openDesk({ SECURID_CHANGES: 'code' });
    expect(buttonsOf(desk, await cardOf(desk, '000000900001', 'grace'))).toEqual([
      'Owner',
      "Owner's authenticators",
    ]);
    expect(buttonsOf(desk, await cardOf(desk, '000000900002'))).toEqual([]);
    expect(desk.screen(await desk.agent.asks('/securid help'))).not.toContain('clear-pin');
  });

  it('says that nobody has a token that is to be disabled', async () => {
    const desk = await openDesk();
    expect(desk.screen(await desk.agent.asks('/securid token 900002 disable'))).toBe(
      'Nobody has the token `000000900002`: it is not assigned. To assign it, type `/securid token 000000900002 assign jane@example.com`.',
    );
    expect(desk.screen(await desk.agent.asks('/securid token 900002 assign'))).toBe(
      'Who is the token for? Type `/securid token 000000900002 assign jane@example.com`.',
    );
  });

  it('refuses a change to people without the role for it', async () => {
    const desk = await openDesk();
    const mira = desk.person(MIRA);
    expect(desk.screen(await mira.asks('/securid token 900001 enable grace@acme.test'))).toMatch(
      /^Sorry,/,
    );
    expect(desk.screen(await mira.asks('/securid token 900001 disable grace@acme.test'))).toContain(
      '[ Disable the token ]',
    );
  });
});

describe('what people type', () => {
  const read = (text: string) => readToken(splitWords(text) ?? []);
  const serial = '000000900001';
  const who = { email: 'jane@example.com' };

  it.each([
    ['000000900001', { serial }],
    ['000000900001 disable', { serial, change: 'disable' }],
    ['disable 000000900001', { serial, change: 'disable' }],
    ['DISABLE #000000900001', { serial, change: 'disable' }],
    ['0000 0090 0001 enable', { serial, change: 'enable' }],
    ['SN: 000000900001 un-assign', { serial, change: 'unassign' }],
    ['000000900001 clear-pin', { serial, change: 'clear-pin' }],
    ['000000900001 clear pin', { serial, change: 'clear-pin' }],
    ['000000900001 Clear the PIN', { serial, change: 'clear-pin' }],
    ['000000900001 clearpin', { serial, change: 'clear-pin' }],
    ['000000900001 reset PIN', { serial, change: 'clear-pin' }],
    ['clear pin 000000900001', { serial, change: 'clear-pin' }],
    ['000000900001 pin clear', { serial, change: 'clear-pin' }],
    ['000000900001 assign jane@example.com', { serial, change: 'assign', who }],
    ['000000900001 assign to jane@example.com', { serial, change: 'assign', who }],
    ['assign 000000900001 to jane@example.com', { serial, change: 'assign', who }],
    ['assign jane@example.com 000000900001', { serial, change: 'assign', who }],
    ['jane@example.com assign 000000900001', { serial, change: 'assign', who }],
    ['000000900001 jane@example.com assign', { serial, change: 'assign', who }],
    ['0000 0090 0001 jane@example.com assign', { serial, change: 'assign', who }],
    ['000000900001 assign Jane Doe <jane@example.com>', { serial, change: 'assign', who }],
    ['000000900001 disable 123456', { serial, change: 'disable', who: { username: '123456' } }],
    ['disable 000000900001 123456', { serial, change: 'disable', who: { username: '123456' } }],
    ['000000900001 assign <@U0ALAN>', { serial, change: 'assign', who: { mention: 'U0ALAN' } }],
    ['000000900001;disable', { serial, change: 'disable' }],
    ['000000900001, assign, jane@example.com', { serial, change: 'assign', who }],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ['000000900001 enable disable', 'One change at a time, please.'],
    ['000000900001, 000000900002 disable', 'One serial number at a time, please.'],
    ['disable jane@example.com', 'A serial number has only digits'],
    ['000000900001 assign jane@example.com bob@example.com', 'One user at a time'],
  ])('%j is refused', (text, why) => {
    const answer = read(text);
    expect(answer && 'problem' in answer ? answer.problem.text : answer).toContain(why);
  });

  it('takes no answer about another token', async () => {
    const desk = await openDesk();
    const [other] = desk.tenant.records.tokens.filter(
      ({ tokenSerialNumber }) => tokenSerialNumber === '000000900003',
    );
    desk.tenant.answerNext({ status: 200, body: { ...other } }, 1, LOOK_UP);
    expect(desk.screen(await desk.agent.asks('/securid token 000000900001 disable'))).toContain(
      'SecurID sent an answer that this app does not understand.',
    );
  });

  it('keeps the leading zeros that a number has lost', async () => {
    const desk = await openDesk();
    desk.tenant.answerNext({ status: 200, body: { tokenSerialNumber: 900001 } }, 1, LOOK_UP);
    expect((await desk.agent.asks('/securid token 000000900001')).text).toMatch(
      /^Hardware token 000000900001/,
    );
  });

  it.each([
    '000000900001 disabel',
    '0000 0090 0001 remove',
    '000000900001 asign alan@acme.test',
    'clear 000000900001',
  ])('says what can be typed if it knows no such change: %s', async (typed) => {
    const desk = await openDesk();
    expect(desk.screen(await desk.agent.asks(`/securid token ${typed}`))).toMatch(
      /^Usage: `\/securid token <serial> \[disable\|enable\|clear-pin/,
    );
    expect(desk.tenant.requests).toEqual([]);
  });

  it.each(['grace@acme.test', '<@U0GRACE>', 'Grace Okafor <grace@acme.test>'])(
    'says where the tokens of %s are',
    async (typed) => {
      const desk = await openDesk();
      expect((await desk.agent.asks(`/securid token ${typed}`)).text).toContain(
        '`/securid user` shows which tokens a user has.',
      );
    },
  );

  it.each([
    'unassign 000000900001',
    'clear pin 000000900001',
    'assign 000000900001 grace@acme.test',
  ])('needs no “token”: %s', async (typed) => {
    const desk = await openDesk();
    await desk.agent.asks('/securid user grace@acme.test');
    expect(desk.screen(await desk.agent.asks(`/securid ${typed}`))).toMatch(
      /^# (Unassign a token|Clear a token PIN|Assign a token)/,
    );
  });

  it.each([
    'disable 000000900001',
    'disable token 900001',
    'disable 000000900001 grace@acme.test',
    'Disable the token 0000-0090-0001',
  ])('is about a token, not a user: %s', async (typed) => {
    const desk = await openDesk({ SECURID_CHANGES: 'code,token,user' });
    await desk.agent.asks('/securid user grace@acme.test');
    expect(desk.screen(await desk.agent.asks(`/securid ${typed}`))).toMatch(
      /^# Disable a token of Grace/,
    );
  });

  it.each(['disable grace@acme.test', 'disable 123456'])('is about a user: %s', async (typed) => {
    const desk = await openDesk({ SECURID_CHANGES: 'code,token,user' });
    expect(desk.screen(await desk.agent.asks(`/securid ${typed}`))).toMatch(
      /^# Disable Grace|^SecurID has no user with the user name/,
    );
  });
});
