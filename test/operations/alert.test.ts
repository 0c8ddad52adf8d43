import { describe, expect, it } from 'vitest';
import { MIRA, SECURITY } from '../../src/playground/company.ts';
import { phone } from '../../src/playground/tenant-records.ts';
import {
  eventually,
  type HelpDesk,
  type Message,
  modal,
  openHelpDesk,
} from '../support/help-desk.ts';
import { rowsOf } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const ALAN = 'U0ALAN';

/** Mira approves, and is no agent. */
const openDesk = (env: Record<string, string> = {}) =>
  openHelpDesk({
    env: {
      SECURID_CHANGES: 'code,delete,user',
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
async function submit({ manager }: HelpDesk, card: Message, button: string, device?: string) {
  const press = await manager.presses(card, button);
  const form = modal(await press.answer());
  if (device) await manager.chooses(form, 'Device', device);
  manager.fills(form, 'Ticket', 'INC-4711');
  manager.fills(form, 'Reason', 'Somebody else has the code');
  expect((await manager.submits(form)).errors).toBeUndefined();
}

/** Registers a phone of Alan's, a minute after now or when told. */
function register(desk: HelpDesk, name: string, registeredDate?: string) {
  const at = registeredDate ?? new Date(desk.clock.now() + 60_000).toISOString();
  const one = phone({ userId: alan(desk).id, name, deviceType: 'iOS 18.1', registeredDate: at });
  desk.tenant.records.devices.push(one);
  return one;
}

const DELETE = 'DELETE /v1/users/{id}/devices/{deviceId}';
const DELETES = 'Delete an added device';

describe('“Delete an added device” on an alert', () => {
  it('deletes it, by an approver who is no agent', async () => {
    const desk = await openDesk();
    const alert = await report(desk, () => {
      register(desk, 'Old phone', '2025-01-28T09:00:00Z');
      register(desk, 'Burner <!channel>');
      desk.clock.advance(2 * 60_000);
    });

    const card = await desk.manager.clicks(alert, DELETES);
    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "# Delete the device added for Alan Mertens
      E-mail: alan@acme.test
      User name: alan
      Status: 🟢 Enabled
      Identity source: Acme Directory
      Reported change: 2026-03-04 09:00
      Added since: Burner <!channel> (iOS 18.1) since 2026-03-04
      [ Delete the device ]  [ Cancel ]"
    `);
    await submit(desk, card, 'Delete the device', 'Burner <!channel> (iOS 18.1) since 2026-03-04');
    await eventually(() => desk.screen(card).includes('was notified'));

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "Delete the device added for Alan Mertens
      Deleted: Burner <!channel> (iOS 18.1) since 2026-03-04
      Registered devices: Old phone (iOS 18.1) since 2025-01-28
        Alan Mertens was notified in Slack.
      [ User details ]  [ Disable user ]"
    `);
    expect(desk.tenant.records.devices.some(({ name }) => name?.startsWith('Burner'))).toBe(false);
    expect(desk.tenant.calls().filter((call) => call === DELETE)).toHaveLength(1);
    const notice = desk.workspace.seenBy(ALAN, `D${ALAN}`).at(-1) as Message;
    expect(desk.screen(notice)).toContain(
      '🛡️ A device that had been added to your SecurID account was deleted by @mira',
    );
    expect(desk.screen(notice)).toContain('\nBurner <!channel> (iOS 18.1) since 2026-03-04\n');
    const rows = await rowsOf(desk, { operation: 'delete-added' });
    expect(rows.map(({ event }) => event)).toEqual(['look-up', 'intent', 'done', 'told']);
    expect(rows[1]).toMatchObject({
      actor: MIRA,
      input: { since: '2026-03-04T09:00:00.000Z', device: expect.stringContaining('Burner') },
    });
    expect(rows[1]).not.toHaveProperty('method');
  });

  it('offers nothing that may be the user’s own', async () => {
    const desk = await openDesk();
    const alert = await report(desk, () => {
      register(desk, 'Old phone', '2025-01-28T09:00:00Z');
      register(desk, 'Without a date', '');
    });

    const card = await desk.manager.clicks(alert, DELETES);

    expect(desk.screen(card)).toContain(
      '⛔ SecurID lists no device that was added since the reported change.',
    );
    expect(desk.screen(card)).not.toContain('[ Delete the device ]');
  });

  it('finds a device that was added after the alert', async () => {
    const desk = await openDesk();
    const alert = await report(desk);
    expect(desk.screen(alert)).toContain('No device has been added so far.');
    register(desk, 'Late phone');

    expect(desk.screen(await desk.manager.clicks(alert, DELETES))).toContain(
      'Added since: Late phone (iOS 18.1) since 2026-03-04',
    );
  });

  it('says that it is gone meanwhile, and what is there now', async () => {
    const desk = await openDesk();
    const alert = await report(desk, () => register(desk, 'Burner'));
    const card = await desk.manager.clicks(alert, DELETES);
    desk.tenant.records.devices.length = 0;

    await submit(desk, card, 'Delete the device', 'Burner (iOS 18.1) since 2026-03-04');
    await eventually(() => desk.screen(card).includes('nothing left to delete'));

    expect(desk.screen(card)).toContain('Registered now: None');
  });

  it('asks once, and believes the list, if no answer comes', async () => {
    const desk = await openDesk();
    const alert = await report(desk, () => register(desk, 'Burner'));
    const card = await desk.manager.clicks(alert, DELETES);
    desk.tenant.answerNext('reset after', 1, DELETE);

    await submit(desk, card, 'Delete the device', 'Burner (iOS 18.1) since 2026-03-04');
    await eventually(() => desk.screen(card).includes('Deleted: Burner'));

    expect(desk.tenant.calls().filter((call) => call === DELETE)).toHaveLength(1);
    expect(desk.screen(card)).not.toContain('Try again');
  });

  it('is not offered on the card of a user, and not typed', async () => {
    const desk = await openDesk();
    register(desk, 'Burner');

    const user = await desk.agent.asks('/securid user alan@acme.test');
    expect(desk.screen(user)).not.toContain(DELETES);
    const typed = await desk.agent.asks('/securid delete-added alan@acme.test');
    expect(desk.screen(typed)).not.toContain('Delete the device added');
  });
});

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
    const rows = await rowsOf(desk, { operation: 'disable' });
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
