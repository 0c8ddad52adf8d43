import { describe, expect, it } from 'vitest';
import { APPROVALS, MIRA, NOBODY } from '../../src/playground/company.ts';
import { browser, phone } from '../../src/playground/tenant-records.ts';
import { openDeleteDesk } from '../support/delete-device.ts';
import { eventually, type HelpDesk, type Message } from '../support/help-desk.ts';
import { rowsOf } from '../support/rows.ts';
import { fillIn } from '../support/verification.ts';

const DELETE = 'DELETE /v1/users/{id}/devices/{deviceId}';
const DEVICES = 'GET /v2/users/{id}/devices';
const button = 'Verify and delete';
const IPHONE = 'iPhone von Noor (iOS 18.3) since 2025-01-28';

const cardFor = ({ agent }: HelpDesk, who = 'noor@acme.test') =>
  agent.asks(`/securid delete ${who}`);

async function submit({ agent }: HelpDesk, card: Message, device = IPHONE) {
  const { press, form } = await fillIn(agent, card, { button });
  await agent.chooses(form, 'Device', device);
  await agent.submits(form);
  await press.answer();
  return press;
}

/** Deletes, and waits for the message that replaces "Asking SecurID…". */
async function deleted(desk: HelpDesk, card: Message, device?: string): Promise<string> {
  const press = await submit(desk, card, device);
  await press.answer();
  return desk.screen(card);
}

const asked = ({ tenant }: HelpDesk) => tenant.calls().filter((call) => call === DELETE);

const noorsDevices = ({ tenant }: HelpDesk) => {
  const noor = tenant.records.users.find(({ emailAddress }) => emailAddress === 'noor@acme.test');
  return tenant.records.devices.filter(({ userId }) => userId === noor?.id);
};
const noorsId = (desk: HelpDesk) => noorsDevices(desk)[0]?.userId ?? '';

describe('/securid delete', () => {
  it('shows who it is for and what is registered, and deletes nothing yet', async () => {
    const desk = await openDeleteDesk();

    expect(desk.screen(await cardFor(desk))).toMatchInlineSnapshot(`
      "# Delete a device of Noor Haddad
      E-mail: noor@acme.test
      User name: noor
      Status: 🟢 Enabled
      Identity source: Acme Directory
      Registered devices: iPhone von Noor (iOS 18.3) since 2025-01-28
      [ Verify and delete ]  [ Cancel ]"
    `);
    expect(asked(desk)).toEqual([]);
  });

  it('deletes the chosen device, reads back what is left, and tells the user', async () => {
    const desk = await openDeleteDesk();
    const userId = noorsId(desk);
    desk.tenant.records.devices.push(
      phone({
        userId,
        name: 'Pixel',
        deviceType: 'Android 15',
        registeredDate: '2026-02-01T00:00:00.000Z',
      }),
      browser({ userId }),
    );
    const card = await cardFor(desk);

    expect(await deleted(desk, card)).toMatchInlineSnapshot(`
      "Delete a device of Noor Haddad
      Deleted: iPhone von Noor (iOS 18.3) since 2025-01-28
      Registered devices: Pixel (Android 15) since 2026-02-01
        Noor Haddad was notified in Slack.
      [ Registration code ]"
    `);

    expect(noorsDevices(desk).map(({ name }) => name)).toEqual(['Pixel', expect.any(String)]);
    const notice = desk.workspace.messages.find(({ text }) => text.includes('was deleted'));
    expect(notice && desk.screen(notice)).toMatchInlineSnapshot(`
      "🔑 A device that was registered for your SecurID account was deleted by @jonas at 2026-03-04 09:00.
      iPhone von Noor (iOS 18.3) since 2025-01-28
      If you asked for this, you're done. If not, tell us now.
      [ This wasn't me ]  [ It was me ]
        Incident \`####-####\`"
    `);
    const rows = (await rowsOf(desk)).filter(({ operation }) => operation === 'delete');
    expect(rows.map(({ event }) => event)).toEqual(['look-up', 'intent', 'done', 'told']);
    expect(rows[1]).toMatchObject({
      ticket: 'INC-4711',
      target: userId,
      input: {
        device: expect.stringMatching(/^#\d+ iPhone von Noor \(iOS 18\.3\) since 2025-01-28$/),
      },
    });
  });

  it('leads on to the code', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk);
    await deleted(desk, card);

    const next = await desk.agent.clicks(card, 'Registration code');

    expect(desk.screen(next)).toContain('Registered devices: None');
  });

  it('offers the newest first, and no browsers', async () => {
    const desk = await openDeleteDesk();
    const userId = noorsId(desk);
    desk.tenant.records.devices.push(
      phone({ userId, name: 'Older', registeredDate: '2020-01-01T00:00:00.000Z' }),
      phone({ userId, name: 'Newest', registeredDate: '2026-02-01T00:00:00.000Z' }),
      browser({ userId }),
    );
    const card = await cardFor(desk);
    const { form } = await fillIn(desk.agent, card, { button });

    for (const one of [card, form]) {
      expect(desk.screen(one)).toMatch(/Newest.*iPhone von Noor.*Older/s);
    }
    expect(desk.screen(form)).not.toContain('Chrome');
  });

  it('says on the card that there is no device', async () => {
    const desk = await openDeleteDesk();

    const card = desk.screen(await cardFor(desk, 'alan@acme.test'));

    expect(card).toContain('⛔ The user has no registered device.');
    expect(card).not.toContain(button);
  });

  it('is on the card of a user with a device, and of no other', async () => {
    const desk = await openDeleteDesk();
    const leads = async (who: string) =>
      JSON.stringify((await desk.agent.asks(`/securid user ${who}@acme.test`)).blocks);

    expect(await leads('noor')).toContain('Delete a device');
    expect(await leads('alan')).not.toContain('Delete a device');
  });

  it('shows the failure if the devices cannot be read', async () => {
    const desk = await openDeleteDesk();
    desk.tenant.answerNext({ status: 500 }, 3, DEVICES);

    const card = desk.screen(await cardFor(desk));

    expect(card).toContain('SecurID did not answer');
    expect(card).not.toContain(button);
  });

  it.each(['no content', 'the device'] as const)('takes %s for an answer', async (deleteAnswer) => {
    const desk = await openDeleteDesk({ traits: { deleteAnswer } });

    expect(await deleted(desk, await cardFor(desk))).toContain(
      `Deleted: ${IPHONE}\nRegistered devices: None`,
    );
  });

  it('says that it is not confirmed if the devices cannot be read back', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk);
    const press = await submit(desk, card);
    desk.tenant.answerNext({ status: 403 }, 9, DEVICES);

    await press.answer();

    expect(desk.screen(card)).toContain('SecurID accepted it, but did not confirm it.');
    expect((await rowsOf(desk)).map(({ event }) => event)).toContain('done');
  });

  it('says so if SecurID accepts it and still lists the device', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk);
    desk.tenant.answerNext({ status: 200 }, 1, DELETE);

    expect(await deleted(desk, card)).toContain('SecurID accepted it, but still lists the device.');
  });

  it('names a device with markup as it is written', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk, 'mallory@acme.test');

    expect(desk.screen(card)).toContain('<!here> Ünlöng');
    const reads = await deleted(desk, card, '<!here> Ünlöng 📱 Ünlön… (iOS 18.3) since 2025-02-03');

    expect(reads).toContain('Deleted: <!here> Ünlöng');
    expect(desk.workspace.messages.every(({ text }) => !text.includes('<!here>'))).toBe(true);
  });

  it('works with version 1 of the details as well', async () => {
    const desk = await openDeleteDesk({ env: { SECURID_AUTHENTICATOR_API: '1' } });

    expect(await deleted(desk, await cardFor(desk))).toContain('Registered devices: None');
  });
});

describe('a deletion that fails', () => {
  it('says what is registered now if the device is gone', async () => {
    const desk = await openDeleteDesk({ env: { SECURID_CHANGES_PER_AGENT_HOUR: '1' } });
    const userId = noorsId(desk);
    const card = await cardFor(desk);
    const { devices } = desk.tenant.records;
    devices.splice(
      devices.findIndex((one) => one.userId === userId),
      1,
      phone({ userId, name: 'Pixel' }),
    );

    const reads = await deleted(desk, card);

    expect(reads).toMatchInlineSnapshot(`
      "⚠️ There is nothing left to delete: SecurID no longer has that device.
      Registered now: Pixel (iOS 18.3) since 2025-02-03
      [ Registration code ]
        Incident \`####-####\`"
    `);
    const pixel = 'Pixel (iOS 18.3) since 2025-02-03';
    expect(await deleted(desk, await cardFor(desk), pixel)).toContain(`Deleted: ${pixel}`);
  });

  it.each(['reset after', 'cut off'] as const)(
    'was done if the record shows it, after %s',
    async (fault) => {
      const desk = await openDeleteDesk({ traits: { deleteAnswer: 'the device' } });
      const card = await cardFor(desk);
      desk.tenant.answerNext(fault, 1, DELETE);

      expect(await deleted(desk, card)).toContain(`Deleted: ${IPHONE}\nRegistered devices: None`);

      expect(asked(desk)).toHaveLength(1);
      const rows = (await rowsOf(desk)).filter(({ operation }) => operation === 'delete');
      expect(rows.map(({ event }) => event)).toEqual(['look-up', 'intent', 'done', 'told']);
      expect(rows[2]?.failure).toMatch(/: in the record$/);
    },
  );

  it('stays unknown while the device is still registered, and is never sent again', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk);
    desk.tenant.answerNext({ status: 502 }, 1, DELETE);

    const reads = await deleted(desk, card);

    expect(reads).toMatchInlineSnapshot(`
      "⚠️ No usable answer arrived from SecurID, and the device is still registered. It may still be deleted: look at \`/securid authenticators\` in a minute before you delete it again.
        Incident \`####-####\`"
    `);
    expect(asked(desk)).toHaveLength(1);
    const [row] = (await rowsOf(desk)).filter(({ event }) => event === 'unknown');
    expect(row).toMatchObject({ operation: 'delete', failure: 'UNAVAILABLE: not in the record' });
  });

  it('stays unknown if the devices cannot be read', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk);
    desk.tenant.answerNext('reset after', 1, DELETE);
    desk.tenant.answerNext({ status: 403 }, 9, DEVICES);

    const reads = await deleted(desk, card);

    expect(reads).toMatch(/^⚠️ SecurID may have deleted the device, but no usable answer arrived/);
    expect(reads).not.toContain('[ Try again ]');
    expect((await rowsOf(desk)).map(({ event }) => event)).toContain('unknown');
  });

  it('names the missing OAuth permission', async () => {
    const desk = await openDeleteDesk({ credential: 'oauth rsa' });
    const { scopes } = desk.tenant.oauth;
    scopes.splice(scopes.indexOf('rsa.authenticator.mobile.delete'), 1);

    expect(await deleted(desk, await cardFor(desk))).toContain('`rsa.authenticator.mobile.delete`');
    expect(noorsDevices(desk)).toHaveLength(1);
  });
});

describe('a forbidden deletion', () => {
  it('is refused for the agent’s own account', async () => {
    const desk = await openDeleteDesk();

    const card = desk.screen(await cardFor(desk, 'jonas@acme.test'));

    expect(card).toContain('⛔ This is your own account. A colleague has to delete the device.');
    expect(card).not.toContain(button);
  });

  it('is refused during a lockdown, on the card and on submission', async () => {
    const desk = await openDeleteDesk();
    const card = await cardFor(desk);
    await desk.person(MIRA).asks('/securid lockdown on');

    await submit(desk, card);

    expect(desk.screen(card)).toBe(
      '⛔ No device was deleted. SecurID Desk is in lockdown: no devices are deleted.',
    );
    expect(desk.screen(await cardFor(desk))).toContain('SecurID Desk is in lockdown');
    expect(asked(desk)).toEqual([]);
  });

  it('is refused beyond the hourly limit, together with codes', async () => {
    const desk = await openDeleteDesk({ env: { SECURID_CHANGES_PER_AGENT_HOUR: '1' } });
    await deleted(desk, await cardFor(desk));

    expect(desk.screen(await cardFor(desk, 'grace@acme.test'))).toContain(
      '⛔ You have made one change within an hour.',
    );
  });

  it('is refused to people without the role', async () => {
    const desk = await openDeleteDesk({ env: { SECURID_APPROVERS: NOBODY } });
    expect(desk.screen(await desk.manager.asks('/securid delete noor@acme.test'))).toMatch(
      /^Sorry,/,
    );
  });

  it('needs a second person for a protected user, who reads which device', async () => {
    const desk = await openDeleteDesk({
      env: { SECURID_PROTECTED: 'noor@acme.test', SECURID_APPROVAL_CHANNEL: APPROVALS },
    });
    const card = await cardFor(desk);
    await submit(desk, card);
    const request = desk.workspace.messages.find(
      ({ channel, to }) => channel === APPROVALS && !to,
    ) as Message;

    expect(desk.screen(request)).toContain(`To delete: ${IPHONE}`);
    expect(asked(desk)).toEqual([]);
    await desk.person(MIRA).clicks(request, 'Approve');
    await eventually(() => desk.screen(card).includes('Deleted:'));

    const [row] = (await rowsOf(desk)).filter(({ event }) => event === 'done');
    expect(row).toMatchObject({ operation: 'delete', approver: MIRA });
  });

  it('says in one sentence that it is not switched on', async () => {
    const desk = await openDeleteDesk({ env: { SECURID_CHANGES: 'code' } });

    expect(desk.screen(await cardFor(desk))).toContain(
      '`/securid delete` is not switched on here.',
    );
    expect(desk.screen(await desk.agent.asks('/securid help'))).not.toContain('delete');
  });
});
