import { expect, it } from 'vitest';
import { MIRA, SECURITY } from '../../src/playground/company.ts';
import { fidoKey, phone, sid700 } from '../../src/playground/tenant-records.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { objectsIn } from '../support/nested.ts';
import { verify } from '../support/verification.ts';

const ALAN = 'U0ALAN';
const CHANGES = 'code,unlock,delete,emergency,token,fido,user,sync';
/** Longer than what fits into a button in Slack. */
const LONG = 'x'.repeat(4000);

const buttonsIn = ({ blocks }: Message) =>
  objectsIn(blocks).flatMap(({ type, text }) =>
    type === 'button' ? [(text as { text: string }).text] : [],
  );

const openDesk = () =>
  openHelpDesk({
    env: {
      SECURID_CHANGES: CHANGES,
      SECURID_SECURITY_CHANNEL: SECURITY,
      SECURID_APPROVERS: MIRA,
    },
  });

/** Alan's record at SecurID and his Slack profile. */
function alanIn({ tenant, workspace }: HelpDesk) {
  const record = tenant.records.users.find(({ emailAddress }) => emailAddress === 'alan@acme.test');
  const profile = workspace.people.find(({ id }) => id === ALAN);
  if (!record || !profile) throw new Error('Alan is gone');
  return { record, profile };
}

it('leaves out the button of a token whose serial number is too long, and nothing else', async () => {
  const desk = await openDesk();
  const { record } = alanIn(desk);
  const odd = { userId: record.id, name: 'Odd', tokenStatus: 'Disabled' } as const;
  desk.tenant.records.tokens.push(sid700({ ...odd, tokenSerialNumber: LONG }));

  const card = await desk.agent.asks('/securid user alan@acme.test');
  const list = await desk.agent.asks('/securid authenticators alan@acme.test');

  expect(desk.screen(card)).toContain('• Odd, no serial number · SecurID 700 · 🔴 Disabled');
  expect(buttonsIn(card).filter((label) => label.startsWith('Token'))).toEqual([]);
  expect(buttonsIn(card)).toContain('Last sign-ins');
  expect(desk.screen(list)).toContain('Odd, no serial number');
  expect(buttonsIn(list)).toEqual(['Show browsers']);
});

it('leaves out the buttons that need the id of an owner that is too long', async () => {
  const desk = await openDesk();
  desk.tenant.records.tokens.push(sid700({ tokenSerialNumber: '000000900042', userId: LONG }));

  const card = await desk.agent.asks('/securid token 900042');

  expect(desk.screen(card)).toContain('# Hardware token 000000900042');
  expect(desk.screen(card)).toContain('Owner: SecurID user xxx');
  expect(buttonsIn(card)).toEqual([]);
});

it('shows the card without a form if the user’s address is too long for a button', async () => {
  const desk = await openDesk();
  const { record, profile } = alanIn(desk);
  record.emailAddress = profile.email = `${LONG}@acme.test`;

  const card = await desk.agent.asks('/securid user @alan');
  const code = await desk.agent.asks('/securid code @alan ios');

  expect(desk.screen(card)).toContain('# Alan Mertens');
  expect(buttonsIn(card)).toEqual([]);
  expect(desk.screen(code)).toContain(
    '⛔ SecurID’s record of this user is too long for a card in Slack. Use the Cloud Administration Console instead.',
  );
  expect(buttonsIn(code)).toEqual([]);
});

it.each([
  [400, true],
  [900, true],
  [1000, true],
  [1050, true],
  [1100, true],
  [1150, true],
  [1200, false],
])('with an address of %i letters and a domain, opens a form: %s', async (length, fits) => {
  const desk = await openDesk();
  const { record, profile } = alanIn(desk);
  record.emailAddress = profile.email = `${'x'.repeat(length)}@acme.test`;

  const card = await desk.agent.asks('/securid code @alan ios');

  expect(buttonsIn(card).includes('Verify and issue')).toBe(fits);
  // Slack would refuse a form whose sealed content is too long.
  if (!fits) return;
  const press = await verify(desk.agent, card);
  expect(desk.screen(await press.answer())).toContain('Asking SecurID');
});

it('says so if the id of a user is too long, and changes nothing', async () => {
  const desk = await openDesk();
  alanIn(desk).record.id = LONG;

  for (const typed of ['user', 'code', 'authenticators', 'unlock']) {
    const answer = await desk.agent.asks(`/securid ${typed} alan@acme.test`);
    expect(desk.screen(answer)).toContain('an answer that this app does not understand');
  }
});

it.each([
  ['4,000 letters', LONG],
  ['control characters', '\u0000'.repeat(200)],
  ['letters of three bytes', '電'.repeat(200)],
  ['letters of four bytes', '😈'.repeat(200)],
  ['quotes', '"'.repeat(200)],
])('lists devices and credentials whose ids are %s', async (_, id) => {
  const desk = await openDesk();
  const { id: userId } = alanIn(desk).record;
  desk.tenant.records.devices.push(phone({ userId, id, name: 'Phone' }));
  desk.tenant.records.fidoTokens.push(fidoKey({ userId, id, name: 'Key' }));

  for (const typed of ['user', 'authenticators', 'delete', 'code']) {
    const answer = await desk.agent.asks(`/securid ${typed} alan@acme.test`);
    expect(desk.screen(answer)).toContain('Alan Mertens');
  }
});

it('tells security of a report by somebody with a long id, name and address', async () => {
  const desk = await openDesk();
  const { record, profile } = alanIn(desk);
  const email = `${'電'.repeat(64)}@${'電'.repeat(184)}.test`;
  record.emailAddress = profile.email = email;
  record.firstName = '電'.repeat(100);
  record.id = 'x'.repeat(150);

  const press = await verify(desk.agent, await desk.agent.asks(`/securid code ${email} ios`));
  await press.answer();
  await press.answer();
  const notice = desk.workspace.seenBy(ALAN, `D${ALAN}`).at(-1) as Message;
  const reported = await desk.person(ALAN).clicks(notice, "This wasn't me");

  expect(desk.screen(reported)).toContain('Security has been notified.');
  await eventually(() => desk.workspace.messages.some(({ channel }) => channel === SECURITY));
});
