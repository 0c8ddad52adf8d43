import { describe, expect, it } from 'vitest';
import { phone } from '../../../src/playground/tenant-records.ts';
import { openHelpDesk } from '../../support/help-desk.ts';
import { cardFor, DEVICES, issue, refuseWith } from '../../support/registration-code.ts';

describe('when SecurID refuses a registration code', () => {
  it('says that the company is not licensed', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    desk.tenant.records.licensed = false;

    await issue(desk, card);

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "⚠️ SecurID issued no code: your company is not licensed for SecurID multifactor authentication. Please tell the SecurID administrators.
        Incident \`####-####\`
        For your SecurID Desk administrator: \`docs/troubleshooting.md#the-company-has-no-license-for-it\`"
    `);
  });

  it('says that the user no longer exists', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    refuseWith(desk, 'User alan@acme.test not found.');

    await issue(desk, card);

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "⚠️ SecurID issued no code: it no longer has that user. Look the user up again; if they are gone, the SecurID administrators can tell why.
        Incident \`####-####\`"
    `);
  });

  it('says that the user is disabled', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    refuseWith(desk, 'User is disabled.');

    await issue(desk, card);

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "⚠️ SecurID issued no code: the user is disabled. Find out why, and have the user enabled first.
        Incident \`####-####\`"
    `);
  });

  it('says which device is registered, and that it must be deleted first', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const alan = desk.tenant.records.users.find((user) => user.principalUsername === 'alan');
    desk.tenant.records.devices.push(phone({ userId: alan?.id ?? '', name: '<!here> iPhone' }));

    await issue(desk, card);

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "⚠️ SecurID issued no code: the user already has a registered device.
      Registered: <!here> iPhone (iOS 18.3) since 2025-02-03
      Have the old device deleted in the Cloud Administration Console, then request a code again.
        Incident \`####-####\`"
    `);
  });

  it('says so without naming the device if SecurID does not say', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk, '/securid code noor@acme.test ios');
    desk.tenant.answerNext({ status: 500 }, 1, DEVICES);

    await issue(desk, card);

    expect(desk.screen(card)).toMatch(/the user already has a registered device/);
    expect(desk.screen(card)).not.toContain('iPhone');
  });
});
