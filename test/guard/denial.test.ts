import { describe, expect, it } from 'vitest';
import { APPROVALS, MIRA, NOBODY as NORA, SECURID_AUDIT } from '../../src/playground/company.ts';
import { phone } from '../../src/playground/tenant-records.ts';
import { denies, opensDenial } from '../support/denial.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { rowsOf } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

/** Alan is protected; Mira and Nora approve. */
const openDesk = (env: Record<string, string> = {}) =>
  openHelpDesk({
    env: {
      SECURID_PROTECTED: 'alan@acme.test',
      SECURID_APPROVERS: `${MIRA},${NORA}`,
      SECURID_APPROVAL_CHANNEL: APPROVALS,
      ...env,
    },
  });

/** Jonas asks for a code for Alan; the request is in the approval channel. */
async function askForApproval(desk: HelpDesk) {
  const card = await desk.agent.asks('/securid code alan@acme.test ios');
  await (await verify(desk.agent, card)).answer();
  const request = desk.workspace.messages.find(
    ({ channel, to }) => channel === APPROVALS && !to,
  ) as Message;
  return { card, request };
}

const alan = ({ tenant }: HelpDesk) => {
  const found = tenant.records.users.find(({ emailAddress }) => emailAddress === 'alan@acme.test');
  if (!found) throw new Error('Alan is gone');
  return found;
};

describe('a request for approval', () => {
  it('shows the state, the risk and the authenticators of the user, newest first', async () => {
    const desk = await openDesk();
    const { records } = desk.tenant;
    Object.assign(alan(desk), { highRiskUser: true, isSmsLocked: true });
    const phones = ['2025-01-28', '2026-03-01'].map((day) =>
      phone({
        userId: alan(desk).id,
        name: `*Phone* of ${day} <!here>`,
        deviceType: 'iOS 18.3',
        registeredDate: `${day}T09:00:00Z`,
      }),
    );
    records.devices.push(...phones);

    const { request } = await askForApproval(desk);

    expect(desk.screen(request)).toContain(`Status: 🟢 Enabled
Locked methods: SMS tokencode
High risk: ⚠️ Yes
Registered authenticators:
*Phone* of 2026-03-01 <!here> (iOS 18.3), since 2026-03-01
*Phone* of 2025-01-28 <!here> (iOS 18.3), since 2025-01-28
  Expires at`);
    expect(JSON.stringify(request.blocks)).toContain('"type":"plain_text","text":"Registered');
  });

  it('lists ten authenticators, and counts the others', async () => {
    const desk = await openDesk();
    for (let n = 1; n <= 13; n++) {
      const registeredDate = `2026-01-${10 + n}T09:00:00Z`;
      const one = { name: `Phone ${n}`, deviceType: 'iOS 18.3', registeredDate };
      desk.tenant.records.devices.push(phone({ userId: alan(desk).id, ...one }));
    }

    const shown = desk.screen((await askForApproval(desk)).request);

    expect(shown).toContain('Phone 4 (iOS 18.3), since 2026-01-14\nand 3 more');
    expect(shown).not.toContain('Phone 3 ');
  });

  it('says so if SecurID does not tell the authenticators, and can be approved', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    desk.tenant.answerNext({ status: 500 }, 9, 'GET /v2/users/{id}/devices');
    await (await verify(desk.agent, card)).answer();
    const request = desk.workspace.messages.find(({ channel }) => channel === APPROVALS) as Message;

    expect(desk.screen(request)).toContain(
      '⚠️ SecurID did not say which authenticators are registered.',
    );
    await desk.manager.clicks(request, 'Approve');
    await eventually(() => desk.screen(card).includes('Hide now'));
  });
});

describe('“Deny”', () => {
  it('asks for a reason, and denies nothing yet', async () => {
    const desk = await openDesk();
    const { request } = await askForApproval(desk);

    const { form } = await opensDenial(desk.manager, request);

    expect(desk.screen(form)).toMatchInlineSnapshot(`
      "== Deny ==
      Registration code for Alan Mertens
      The agent reads your reason, and it goes into the audit trail.
      Reason: ____ (Call them back first, …)
      [ Deny ]  [ Cancel ]"
    `);
    expect(desk.screen(request)).toContain('[ Approve ]');
    desk.manager.fills(form, 'Reason', '  \u200b ');
    const { closed, errors } = await desk.manager.submits(form);
    expect({ closed, errors }).toEqual({
      closed: false,
      errors: { reason: 'Enter the reason, in at most 300 characters.' },
    });
    expect((await rowsOf(desk)).map(({ event }) => event)).not.toContain('denied');
  });

  it('is decided once, even if two deny at once', async () => {
    const desk = await openDesk();
    const { card, request } = await askForApproval(desk);
    const nora = desk.person(NORA);
    const [first, second] = [
      await opensDenial(desk.manager, request),
      await opensDenial(nora, request),
    ];
    desk.manager.fills(first.form, 'Reason', 'Mira knows');
    nora.fills(second.form, 'Reason', 'Nora knows');

    await Promise.all([desk.manager.submits(first.form), nora.submits(second.form)]);
    await eventually(() => desk.screen(card).includes('denied the code'));
    const denials = () =>
      desk.workspace.messages.filter(({ text }) =>
        text.startsWith('Someone else has just decided'),
      );
    await eventually(() => denials().length === 1);

    expect(denials()[0]?.to).toBeDefined();
    expect(desk.screen(request)).toMatch(/Reason for denying: (Mira|Nora) knows/);
    const rows = (await rowsOf(desk)).filter(({ event }) => event === 'denied');
    expect(rows).toHaveLength(1);
  });

  it('denies nothing that was approved while the reason was written', async () => {
    const desk = await openDesk();
    const { card, request } = await askForApproval(desk);
    const { press, form } = await opensDenial(desk.person(NORA), request);
    await desk.manager.clicks(request, 'Approve');
    await eventually(() => desk.screen(card).includes('Hide now'));
    desk.person(NORA).fills(form, 'Reason', 'Too late');

    await desk.person(NORA).submits(form);
    const answer = await press.answer();

    expect(desk.screen(answer)).toBe('Someone else has just decided this, or it has expired.');
    expect(desk.screen(request)).toContain('Approved by @mira.');
    expect((await rowsOf(desk)).map(({ event }) => event)).not.toContain('denied');
  });

  it('of a request that is over says so in the form', async () => {
    const desk = await openDesk();
    const { request } = await askForApproval(desk);
    const blocks = structuredClone(request.blocks);
    await (await denies(desk.manager, request)).answer();
    request.blocks = blocks;

    const { form } = await opensDenial(desk.person(NORA), request);
    await eventually(() => desk.screen(form).includes('has expired or has been decided'));

    expect(desk.screen(form)).not.toContain('Reason');
  });

  it('takes nothing from somebody who lost the role while they wrote', async () => {
    const desk = await openDesk();
    const { request } = await askForApproval(desk);
    const { press, form } = await opensDenial(desk.manager, request);
    const mira = desk.workspace.people.find(({ id }) => id === MIRA);
    if (mira) mira.deleted = true;
    desk.clock.advance(60_000);
    desk.manager.fills(form, 'Reason', 'I left');

    await desk.manager.submits(form);

    expect(desk.screen(await press.answer())).toMatch(/^Sorry,/);
    expect(desk.screen(request)).toContain('[ Approve ]');
  });

  it('opens nothing that keeps its form for somebody who is no approver', async () => {
    const desk = await openDesk({ SECURID_APPROVERS: NORA });
    const { request } = await askForApproval(desk);

    const { form } = await opensDenial(desk.manager, request);
    await eventually(() => desk.screen(form).includes('is for approvers'));

    expect(desk.screen(form)).not.toContain('Reason');
    expect(desk.screen(request)).toContain('[ Approve ]');
  });

  it('can be pressed again if Slack was too slow to open the form', async () => {
    const desk = await openDesk();
    const { request } = await askForApproval(desk);
    const body = '{"ok":false,"error":"expired_trigger_id"}';
    desk.workspace.failNext('views.open', { status: 200, body });

    const answer = await desk.manager.clicks(request, 'Deny');

    expect(desk.screen(answer)).toContain(
      'That took too long for Slack to open the form. Press the button again.',
    );
    await (await denies(desk.manager, request)).answer();
    expect(desk.screen(request)).toContain('Denied by @mira.');
  });

  it('says why in AUDIT_CHANNEL', async () => {
    const desk = await openDesk({ AUDIT_CHANNEL: SECURID_AUDIT });
    const { request } = await askForApproval(desk);

    await (await denies(desk.manager, request, 'He sits beside me')).answer();

    await eventually(() =>
      JSON.stringify(desk.workspace.messages).includes('denied because: He sits beside me'),
    );
  });
});
