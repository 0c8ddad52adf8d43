import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MIRA, SECURITY } from '../../src/playground/company.ts';
import {
  eventually,
  type HelpDesk,
  type Message,
  modal,
  openHelpDesk,
} from '../support/help-desk.ts';
import { verify } from '../support/verification.ts';

const ALAN = 'U0ALAN';

/** Mira approves, and is no agent. */
const openDesk = (env: Record<string, string> = {}) =>
  openHelpDesk({
    env: {
      SECURID_CHANGES: 'code,user',
      SECURID_SECURITY_CHANNEL: SECURITY,
      SECURID_APPROVERS: MIRA,
      ...env,
    },
  });

function alan({ tenant }: HelpDesk) {
  const found = tenant.records.users.find(({ firstName }) => firstName === 'Alan');
  if (!found) throw new Error('Alan is gone');
  return found;
}

/** Jonas issues a code for Alan, who says that it was not him. */
async function report(desk: HelpDesk, before = () => {}) {
  const press = await verify(desk.agent, await desk.agent.asks('/securid code alan@acme.test ios'));
  await press.answer();
  await press.answer();
  const notice = desk.workspace.seenBy(ALAN, `D${ALAN}`).at(-1) as Message;
  before();
  await desk.person(ALAN).clicks(notice, "This wasn't me");
  return desk.workspace.messages.find(({ channel }) => channel === SECURITY) as Message;
}

/** Mira fills the card's form in and submits it. */
async function submit({ manager }: HelpDesk, card: Message, button: string) {
  const press = await manager.presses(card, button);
  const form = modal(await press.answer());
  manager.fills(form, 'Ticket', 'INC-4711');
  manager.fills(form, 'Reason', 'Somebody else has the code');
  expect((await manager.submits(form)).errors).toBeUndefined();
}

async function rowsOf(desk: HelpDesk, operation: string): Promise<Record<string, unknown>[]> {
  await desk.close();
  const lines = readFileSync(desk.auditFile, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line)).filter((row) => row.operation === operation);
}

describe('“Disable user” on an alert', () => {
  it('disables the user, by an approver who is no agent', async () => {
    const desk = await openDesk();
    const alert = await report(desk);

    const card = await desk.manager.clicks(alert, 'Disable user');
    await submit(desk, card, 'Disable');
    await eventually(() => desk.screen(card).includes('was notified'));

    expect(alan(desk).userStatus).toBe('Disabled');
    expect(desk.screen(card)).toContain('Status: 🔴 Disabled');
    const notice = desk.workspace.seenBy(ALAN, `D${ALAN}`).at(-1) as Message;
    expect(desk.screen(notice)).toContain('🛡️ Your SecurID account was disabled by @mira');
    expect(desk.screen(notice)).not.toContain("This wasn't me");
    const rows = await rowsOf(desk, 'disable');
    expect(rows.map(({ event }) => event)).toEqual(['look-up', 'intent', 'done', 'told']);
  });

  it('says that the user is disabled already', async () => {
    const desk = await openDesk();
    const alert = await report(desk);
    alan(desk).userStatus = 'Disabled';

    const card = await desk.manager.clicks(alert, 'Disable user');

    expect(desk.screen(card)).toContain('⛔ The user is already disabled.');
  });

  it('is not there unless it is switched on', async () => {
    const desk = await openDesk({ SECURID_CHANGES: 'code' });

    expect(desk.screen(await report(desk))).toContain('[ Show the devices ]  [ Lift the block ]');
  });
});
