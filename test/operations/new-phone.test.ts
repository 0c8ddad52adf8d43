import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { APPROVALS, MIRA, SECURITY } from '../../src/playground/company.ts';
import { phone } from '../../src/playground/tenant-records.ts';
import { openDeleteDesk } from '../support/delete-device.ts';
import { eventually, type HelpDesk, type Message } from '../support/help-desk.ts';
import { ISSUE } from '../support/registration-code.ts';
import { rowsIn, rowsOf } from '../support/rows.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { fillIn, verify } from '../support/verification.ts';

const DELETE = 'DELETE /v1/users/{id}/devices/{deviceId}';
const DEVICES = 'GET /v2/users/{id}/devices';
const IPHONE = 'iPhone von Noor (iOS 18.3) since 2025-01-28';
const FIRST = `Delete ${IPHONE} first`;

const cardFor = ({ agent }: HelpDesk, typed = '/securid code noor@acme.test ios') =>
  agent.asks(typed);

async function submit({ agent }: HelpDesk, card: Message, device = FIRST) {
  const { press, form } = await fillIn(agent, card);
  await agent.chooses(form, 'Registered device', device);
  await agent.submits(form);
  await press.answer();
  return press;
}

/** Asks for both, and waits for the message that replaces "Asking SecurID…". */
async function done(desk: HelpDesk, card: Message, device?: string): Promise<string> {
  const press = await submit(desk, card, device);
  await press.answer();
  return desk.screen(card).replace(/\b\d{3} \d{3} \d{3}\b|\b\d{9}\b/g, 'CODE');
}

const asked = ({ tenant }: HelpDesk) =>
  tenant.calls().filter((call) => call === DELETE || call === ISSUE);

const noor = ({ tenant }: HelpDesk) =>
  tenant.records.users.find(({ emailAddress }) => emailAddress === 'noor@acme.test')?.id ?? '';
const devicesOf = (desk: HelpDesk) =>
  desk.tenant.records.devices.filter(({ userId }) => userId === noor(desk));

/** What happened to both, as the audit trail has it. */
/** Submits the form, and puts the app into lockdown before the device is deleted. Returns the card. */
async function lockedDownBetween(desk: HelpDesk): Promise<Message> {
  const card = await cardFor(desk);
  const hold = desk.tenant.hold(DELETE);
  const press = await submit(desk, card);
  await hold.arrived();
  await desk.person(MIRA).asks('/securid lockdown on');
  hold.release();
  await press.answer();
  return card;
}

async function ends(desk: HelpDesk) {
  const rows = (await rowsOf(desk)).filter(({ operation }) =>
    /^(code|delete)$/.test(`${operation}`),
  );
  const ended = rows.filter(({ event }) => !/^(look-up|erased)$/.test(`${event}`));
  return ended.map(({ operation, event }) => `${operation}: ${event}`);
}

describe('a new phone', () => {
  it('is one request: the old device is deleted, then the code is issued', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk);
    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "# Registration code for Noor Haddad
      E-mail: noor@acme.test
      User name: noor
      Status: 🟢 Enabled
      Identity source: Acme Directory
      Registered devices: iPhone von Noor (iOS 18.3) since 2025-01-28
      ⚠️ This user already has a registered device. SecurID issues no code until it is deleted: choose it in the form, and it is deleted first.
      [ Verify and issue ]  [ Cancel ]"
    `);
    const { press, form } = await fillIn(desk.agent, card);
    expect(desk.screen(form)).toContain(FIRST);
    await desk.agent.chooses(form, 'Registered device', FIRST);
    await desk.agent.submits(form);
    await press.answer();
    await press.answer();

    expect(
      desk.screen(card).replace(/\b\d{3} \d{3} \d{3}\b|\b\d{9}\b/g, 'CODE'),
    ).toMatchInlineSnapshot(`
      "Registration code for Noor Haddad
      # CODE
      To copy: \`CODE\`
      Platform: iOS
      Company ID: acme
      Expires at: 09:05:00
        It works once, in the RSA Authenticator app. Only you can see this message. It disappears when the code expires.
      Delete a device of Noor Haddad
      Deleted: iPhone von Noor (iOS 18.3) since 2025-01-28
      Registered devices: None
        Noor Haddad was notified in Slack.
      [ Hide now ]"
    `);
    expect(asked(desk)).toEqual([DELETE, ISSUE]);
    expect(devicesOf(desk)).toEqual([]);
    const told = desk.workspace.messages.filter(({ text }) => /by <@\w+> at/.test(text));
    expect(told.map(({ text }) => text.replace(/ by .*/, ''))).toEqual([
      expect.stringContaining('was deleted'),
      expect.stringContaining('was issued'),
    ]);
    const rows = (await rowsOf(desk)).filter(({ event }) => event === 'intent' || event === 'done');
    expect(rows.map(({ operation, event, input }) => [operation, event, input])).toEqual([
      ['delete', 'intent', { device: expect.stringContaining(IPHONE), before: 'code' }],
      ['delete', 'done', { device: expect.stringContaining(IPHONE), before: 'code' }],
      ['code', 'intent', { platform: 'ios' }],
      ['code', 'done', { platform: 'ios' }],
    ]);
    expect(new Set(rows.map(({ incident }) => incident)).size).toBe(1);
  });

  it('deletes nothing if the agent keeps the device, and says why SecurID refused', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk);

    expect(
      await done(desk, card, 'Delete none: SecurID will probably refuse'),
    ).toMatchInlineSnapshot(`
      "⚠️ SecurID issued no code: the user already has a registered device.
      Registered: iPhone von Noor (iOS 18.3) since 2025-01-28
      [ Delete it first ]
        Incident \`####-####\`"
    `);

    expect(asked(desk)).toEqual([ISSUE]);
    const again = await desk.agent.clicks(card, 'Delete it first');
    expect(desk.screen(again)).toContain('choose it in the form, and it is deleted first');
  });

  it('can keep the device even if there are more than the form has room for', async () => {
    const desk = await openDeleteDesk();
    for (let nth = 1; nth <= 140; nth++) {
      const name = `${nth} <!here> ${'*Ünlöng* 📱 '.repeat(20)}`.slice(0, 255);
      desk.tenant.records.devices.push(phone({ userId: noor(desk), name }));
    }
    const card = await cardFor(desk);

    expect(desk.screen(card)).toMatch(
      /Registered device: the form has room for the first [5-9] of 141\. The others are in the/,
    );
    await done(desk, card, 'Delete none: SecurID will probably refuse');
    expect(asked(desk)).toEqual([ISSUE]);
  });

  it('has the platform, too, to choose in the form', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk, '/securid code noor@acme.test');
    const { press, form } = await fillIn(desk.agent, card, { platform: 'Android' });
    await desk.agent.chooses(form, 'Registered device', FIRST);
    await desk.agent.submits(form);
    await press.answer();
    await press.answer();

    expect(desk.screen(card)).toContain('Platform: Android');
  });

  it('needs one approval, whose approver reads both', async () => {
    const desk = await openDeleteDesk({
      env: { SECURID_PROTECTED: 'noor@acme.test', SECURID_APPROVAL_CHANNEL: APPROVALS },
    });
    const card = await cardFor(desk);
    await submit(desk, card);
    const request = desk.workspace.messages.find(
      ({ channel, to }) => channel === APPROVALS && !to,
    ) as Message;

    expect(desk.screen(request)).toContain(`Platform: iOS\nDelete first: ${IPHONE}`);
    expect(desk.screen(request)).toContain(
      'asks for approval of a device deletion, then a registration code.',
    );
    expect(asked(desk)).toEqual([]);
    await desk.person(MIRA).clicks(request, 'Approve');
    await eventually(() => desk.screen(card).includes('[ Hide now ]'));

    expect(asked(desk)).toEqual([DELETE, ISSUE]);
    const rows = (await rowsOf(desk)).filter(({ event }) => event === 'done');
    expect(rows.map(({ approver }) => approver)).toEqual([MIRA, MIRA]);
  });

  it('offers nothing to delete where `delete` is not switched on', async () => {
    const desk = await openDeleteDesk({ env: { SECURID_CHANGES: 'code' } });
    const card = await cardFor(desk);

    expect(desk.screen(card)).toContain('until it is deleted in the Cloud Administration Console');
    const { form } = await fillIn(desk.agent, card);
    expect(desk.screen(form)).not.toContain('Registered device');
  });
});

/** An answer of the Authenticator Details API. */
const only = (body: object) => ({ status: 200, body });

describe('a new phone that fails', () => {
  it('counts both before the first, and begins neither beyond a limit', async () => {
    const desk = await openDeleteDesk({ env: { SECURID_CHANGES_PER_AGENT_HOUR: '1' } });
    const card = await cardFor(desk);

    await submit(desk, card);

    expect(desk.screen(card)).toMatch(
      /^⛔ No code was issued\. You have made one change within an hour\./,
    );
    expect(asked(desk)).toEqual([]);
    const alan = await desk.agent.asks('/securid code alan@acme.test ios');
    expect(desk.screen(alan)).toContain('[ Verify and issue ]');
  });

  it('issues no code if the device is not deleted', async () => {
    const desk = await openDeleteDesk({ env: { SECURID_CHANGES_PER_AGENT_HOUR: '2' } });
    const card = await cardFor(desk);
    desk.tenant.answerNext({ status: 403 }, 1, DELETE);

    expect(await done(desk, card)).toMatchInlineSnapshot(`
      "⚠️ No device was deleted. SecurID refused this app's key. Please ask the SecurID administrators to check the key's role, which has to cover \`rsa.authenticator.mobile.delete\`, the Admin API license and this server's clock.
      No code was issued.
        Incident \`####-####\`
        For your SecurID Desk administrator: \`docs/troubleshooting.md#securid-refuses-this-apps-key\`
      [ Try again ]"
    `);

    expect(asked(desk)).toEqual([DELETE]);
    await desk.agent.clicks(card, 'Try again');
    expect(await done(desk, card)).toContain(`Deleted: ${IPHONE}`);
    const rows = await ends(desk);
    expect(rows.slice(0, 5)).toEqual([
      ...['delete: intent', 'delete: not done', 'code: not done'],
      ...['delete: intent', 'delete: done'],
    ]);
    // The user is told of the first while the second is under way.
    expect(rows.slice(5).toSorted()).toEqual([
      ...['code: done', 'code: intent', 'code: told', 'delete: told'],
    ]);
  });

  it('issues the code after an unusable answer only if the device is gone', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk);
    desk.tenant.answerNext('reset after', 1, DELETE);

    expect(await done(desk, card)).toContain('CODE');

    expect(asked(desk)).toEqual([DELETE, ISSUE]);
  });

  it('leaves time for the code if SecurID never answers the deletion', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk);
    desk.tenant.answerNext('hang after', 1, DELETE);
    const press = await submit(desk, card);
    await desk.tenant.saw(DELETE);
    await eventually(() => devicesOf(desk).length === 0);
    desk.clock.advance(6000);
    await press.answer();

    expect(desk.screen(card)).toContain('[ Hide now ]');
    expect(asked(desk)).toEqual([DELETE, ISSUE]);
  });

  it.each([
    ['is still there', { status: 502 }, 0, {}],
    ['cannot be read', 'reset after', 9, { status: 403 }],
    ['is in no family of the answer', 'reset after', 9, { status: 200, body: {} }],
    ['is not in the answer, which has no devices', 'reset after', 9, only({ sidTokens: [] })],
    ['is not in the answer, whose devices are null', 'reset after', 9, only({ devices: null })],
  ] as const)('issues none if the device %s', async (_, fault, unread, answer) => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk);
    desk.tenant.answerNext(fault, 1, DELETE);
    if (unread) desk.tenant.answerNext(answer, unread, DEVICES);

    const reads = await done(desk, card);

    expect(reads).toContain('No code was issued.');
    expect(reads).not.toContain('Try again');
    expect(asked(desk)).toEqual([DELETE]);
    expect(await ends(desk)).toEqual(['delete: intent', 'delete: unknown', 'code: not done']);
  });

  it('leads on to the code if the device was deleted meanwhile', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk);
    const { press, form } = await fillIn(desk.agent, card);
    await desk.agent.chooses(form, 'Registered device', FIRST);
    desk.tenant.records.devices.length = 0;
    await desk.agent.submits(form);
    await press.answer();
    await press.answer();

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "⚠️ There is nothing left to delete: SecurID no longer has that device.
      No code was issued.
      Registered now: None
      [ Registration code ]
        Incident \`####-####\`"
    `);
    expect(asked(desk)).toEqual([DELETE]);
    const next = await desk.agent.clicks(card, 'Registration code');
    expect(desk.screen(next)).toContain('Registered devices: None');
  });

  it('deletes nothing while the audit trail cannot be written', async () => {
    const desk = await openDeleteDesk({ env: { AUDIT_FILE: '/dev/full' } });
    const card = await cardFor(desk);

    expect(await done(desk, card)).toContain('The audit trail cannot be written, so no device');

    expect(asked(desk)).toEqual([]);
  });

  it('says that the device is gone if the code is not issued', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk);
    desk.tenant.answerNext({ status: 403 }, 1, ISSUE);

    expect(await done(desk, card)).toMatchInlineSnapshot(`
      "Delete a device of Noor Haddad
      Deleted: iPhone von Noor (iOS 18.3) since 2025-01-28
      Registered devices: None
        Noor Haddad was notified in Slack.
      ⚠️ No code was issued. SecurID refused this app's key. Please ask the SecurID administrators to check the key's role, which has to cover \`rsa.authenticator.mobile.manage\`, the Admin API license and this server's clock.
        Incident \`####-####\`
        For your SecurID Desk administrator: \`docs/troubleshooting.md#securid-refuses-this-apps-key\`
      [ Try again ]"
    `);

    await desk.agent.clicks(card, 'Try again');
    expect(desk.screen(card)).toContain('Registered devices: None');
  });

  it('lets the verification count for the call once the device is deleted', async () => {
    const desk = await openDeleteDesk();
    const body = { status: 403, error: 'Forbidden', message: 'MFA is not licensed' };
    desk.tenant.answerNext({ status: 403, body }, 1, ISSUE);
    await done(desk, await cardFor(desk));

    const press = await desk.agent.presses(await cardFor(desk), 'Verify and issue');
    const form = desk.screen(await press.answer());

    expect(form).toContain('You verified this caller at');
    expect(form).toContain('In person with badge · INC-4711');
  });

  it('says both if nobody knows whether the code was issued', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk);
    desk.tenant.answerNext('reset after', 1, ISSUE);

    const reads = await done(desk, card);

    expect(reads).toContain(`Deleted: ${IPHONE}`);
    expect(reads).toContain('SecurID may have issued a code');
    expect(reads).not.toContain('Try again');
    expect(asked(desk)).toEqual([DELETE, ISSUE]);
  });

  it('asks for a lockdown once more between the two', async () => {
    const desk = await openDeleteDesk();
    const card = await lockedDownBetween(desk);

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "Delete a device of Noor Haddad
      Deleted: iPhone von Noor (iOS 18.3) since 2025-01-28
      Registered devices: None
        Noor Haddad was notified in Slack.
      ⛔ No code was issued. SecurID Desk is in lockdown: no registration codes are issued."
    `);
    expect(asked(desk)).toEqual([DELETE]);
    expect(devicesOf(desk)).toEqual([]);
  });

  it('does not call a refused code cut short at the next start', async () => {
    const desk = await openDeleteDesk();
    await lockedDownBetween(desk);

    const file = join(tempFolder(), 'audit.jsonl');
    for (const part of ['', '.state', '.key', '.key.pub']) {
      copyFileSync(desk.auditFile + part, file + part);
    }
    const next = await desk.openSecondBot({ env: { AUDIT_FILE: file } });
    await next.app.stop();

    const changes = rowsIn(file).filter(({ event }) => /intent|done|unknown/.test(event));
    expect(changes.map(({ operation, event }) => `${operation}: ${event}`)).toEqual([
      'delete: intent',
      'delete: done',
    ]);
  });

  it('asks once more for a report between the two', async () => {
    const desk = await openDeleteDesk({ env: { SECURID_CHANGES: 'code,delete,unlock' } });
    const unlock = await verify(
      desk.agent,
      await desk.agent.asks('/securid unlock noor@acme.test'),
      {
        button: 'Verify and unlock',
      },
    );
    await unlock.answer();
    await unlock.answer();
    const notice = desk.workspace.messages.find(({ text }) => text.includes('were unlocked'));
    const card = await cardFor(desk);
    const hold = desk.tenant.hold(DELETE);
    const press = await submit(desk, card);
    await hold.arrived();
    await desk.person(notice?.channel.slice(1) ?? '').clicks(notice as Message, "This wasn't me");
    hold.release();
    await press.answer();

    expect(desk.screen(card)).toContain(`Deleted: ${IPHONE}`);
    expect(desk.screen(card)).toContain('⛔ No code was issued. This account is on hold');
    expect(asked(desk)).toEqual([DELETE]);
  });

  it('asks once more between the two whether the agent still is one', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk);
    const hold = desk.tenant.hold(DELETE);
    const press = await submit(desk, card);
    await hold.arrived();
    for (const { users } of desk.workspace.groups) users.length = 0;
    hold.release();
    await press.answer();

    expect(desk.screen(card)).toContain('No code was issued.');
    expect(asked(desk)).toEqual([DELETE]);
  });

  it('makes one of two who press at once', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk);
    const { press, form } = await fillIn(desk.agent, card);
    await desk.agent.chooses(form, 'Registered device', FIRST);
    await Promise.all([desk.agent.submits(form), desk.agent.submits(form).catch(() => {})]);
    await press.answer();
    await press.answer();

    await eventually(() => asked(desk).length === 2);
    expect(asked(desk)).toEqual([DELETE, ISSUE]);
  });

  it('offers the next device if another one stands in the way', async () => {
    const desk = await openDeleteDesk();
    desk.tenant.records.devices.push(phone({ userId: noor(desk), name: 'Pixel' }));
    const card = await cardFor(desk);

    const reads = await done(desk, card);

    expect(reads).toMatchInlineSnapshot(`
      "Delete a device of Noor Haddad
      Deleted: iPhone von Noor (iOS 18.3) since 2025-01-28
      Registered devices: Pixel (iOS 18.3) since 2025-02-03
        Noor Haddad was notified in Slack.
      ⚠️ SecurID issued no code: the user already has a registered device.
      Registered: Pixel (iOS 18.3) since 2025-02-03
      [ Delete it first ]
        Incident \`####-####\`"
    `);
    await desk.agent.clicks(card, 'Delete it first');
  });

  it('is two changes to report: security reads of both, even at once', async () => {
    const desk = await openDeleteDesk({ env: { SECURID_SECURITY_CHANNEL: SECURITY } });
    await done(desk, await cardFor(desk));
    const notices = desk.workspace.messages.filter(({ text }) => /by <@\w+> at/.test(text));
    expect(notices).toHaveLength(2);

    for (const notice of notices) {
      await desk.person(notice.channel.slice(1)).clicks(notice, "This wasn't me");
    }

    const alerts = () => desk.workspace.messages.filter(({ channel }) => channel === SECURITY);
    await eventually(() => alerts().length === 2);
    expect(alerts().map((one) => desk.screen(one).split('\n')[0])).toEqual([
      '# A device deletion nobody asked for',
      '# A registration code nobody asked for',
    ]);
  });
});
