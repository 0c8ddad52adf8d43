import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventually, type HelpDesk, modal, openHelpDesk, type View } from '../support/help-desk.ts';
import { cardFor, codesAskedFor, MINUTE } from '../support/registration-code.ts';
import { fillIn } from '../support/verification.ts';

function submitWith({ agent }: HelpDesk, form: View, ticket: string) {
  agent.fills(form, 'Ticket', ticket);
  return agent.submits(form);
}

describe('the verification', () => {
  it('is recorded in a form before any request is sent', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk, '/securid code alan@acme.test');

    const press = await desk.agent.presses(card, 'Verify and issue');

    expect(desk.screen(await press.answer())).toMatchInlineSnapshot(`
      "== Verification ==
      Registration code for Alan Mertens
      Anyone who has the code can register a device as this user. What you enter here goes into the audit trail, and the user is notified.
      How did you verify the caller?: (Call back to the number on file | In person with badge | Video with badge | Manager confirmed)
      Ticket: ____ (Ticket number)
      Reason: ____ (New phone, first registration, …)
      Platform: (iOS | Android | Windows | macOS)
      [ Issue code ]  [ Cancel ]"
    `);
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it.each([
    ['ios', 'iOS'],
    ['Android', 'Android'],
    ['windows', 'Windows'],
    ['MACOS', 'macOS'],
  ])('has “%s” already selected if it was typed', async (typed, label) => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk, `/securid code alan@acme.test ${typed}`);

    const press = await desk.agent.presses(card, 'Verify and issue');

    expect(desk.screen(await press.answer())).toContain(`= ${label}`);
  });

  it('opens whatever the tenant does, however long Slack takes to say who is pressing', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    await desk.tenant.stop();
    desk.workspace.failNext('users.info', 'hang');

    const press = await desk.agent.presses(card, 'Verify and issue');

    expect(modal(await press.answer()).view.title?.text).toBe('Verification');
  });

  it('says so if Slack took too long to open it', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const body = '{"ok":false,"error":"expired_trigger_id"}';
    desk.workspace.failNext('views.open', { status: 200, body });

    const press = await desk.agent.presses(card, 'Verify and issue');

    expect(desk.screen(await press.answer())).toMatch(/^⚠️ That took too long for Slack/);
  });

  it('says in the form that somebody is no longer an agent', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    for (const group of desk.workspace.groups) group.users = [];
    desk.clock.advance(6 * MINUTE);

    const press = await desk.agent.presses(card, 'Verify and issue');
    const form = await press.answer();
    await press.answer();

    expect(desk.screen(form)).toContain('Sorry, `/securid` is for the help desk');
    expect(desk.screen(form)).not.toContain('Issue code');
  });

  it('shows each error at its field, and keeps the other fields', async () => {
    const desk = await openHelpDesk({ env: { SECURID_TICKET_PATTERN: 'INC-\\d{4,}' } });
    const card = await cardFor(desk);
    const { form } = await fillIn(desk.agent, card, { ticket: 'INC-47', reason: '   ' });

    expect(await desk.agent.submits(form)).toMatchObject({
      closed: false,
      errors: {
        ticket: "That doesn't look like a ticket number. Example: INC-12345.",
        reason: 'Enter the reason, in at most 300 characters.',
      },
    });

    desk.agent.fills(form, 'Ticket', ' INC-4711 ');
    desk.agent.fills(form, 'Reason', 'New telephone');
    expect(await desk.agent.submits(form)).toMatchObject({ closed: true });
    await eventually(() => desk.screen(card).includes('Hide now'));
    expect(codesAskedFor(desk)).toHaveLength(1);
  });

  it.each(['INC-4711x', 'x INC-4711', 'INC-4711 INC-4712'])(
    'rejects “%s” as a ticket number: the pattern must match all of it',
    async (ticket) => {
      const desk = await openHelpDesk({ env: { SECURID_TICKET_PATTERN: 'INC-\\d{4}|CHG-\\d{4}' } });
      const { form } = await fillIn(desk.agent, await cardFor(desk), { ticket });

      expect((await desk.agent.submits(form)).errors).toHaveProperty('ticket');
    },
  );

  it.each([
    'INC\u20114711',
    'ＩＮＣ－４７１１',
    'inc-4711',
    '#INC-4711',
    '“INC-4711”,',
    '[INC–4711]',
    'INC-4711.',
  ])('takes “%s” for the ticket number that people see in it', async (ticket) => {
    const desk = await openHelpDesk({ env: { SECURID_TICKET_PATTERN: 'INC-\\d{4}' } });
    const { form } = await fillIn(desk.agent, await cardFor(desk), { ticket });

    expect(await desk.agent.submits(form)).toMatchObject({ closed: true });
    await eventually(() => desk.tenant.issuedCodes.length > 0);
    await desk.close();

    expect(readFileSync(desk.auditFile, 'utf8')).toContain('"ticket":"INC-4711"');
  });

  it('rejects a ticket number that would keep the pattern busy for ever', async () => {
    const desk = await openHelpDesk({ env: { SECURID_TICKET_PATTERN: '(a+)+' } });
    const { form } = await fillIn(desk.agent, await cardFor(desk), {
      ticket: `${'a'.repeat(59)}!`,
    });

    const { errors } = await desk.agent.submits(form);

    expect(errors).toEqual({ ticket: "That doesn't look like a ticket number." });
    const { closed } = await submitWith(desk, form, 'a'.repeat(60));
    expect(closed).toBe(true);
  });

  it.each([
    ['spaces of no width', '\u200b\u202e\u2060'],
    ['joiners', '\u200d\u200d'],
    ['Hangul fillers', '\u3164\u115f\u1160\uffa0'],
    ['tags', '\u{e0041}\u{e0042}\u{e007f}'],
    ['Braille blanks', '\u2800 \u2800'],
    ['soft hyphens and variation selectors', '\u00ad\ufe0f\u{e0100}'],
  ])('reads %s as empty', async (_, invisible) => {
    const desk = await openHelpDesk();
    const { form } = await fillIn(desk.agent, await cardFor(desk), {
      ticket: invisible,
      reason: invisible,
    });

    const { errors } = await desk.agent.submits(form);

    expect(Object.keys(errors ?? {})).toEqual(['ticket', 'reason']);
  });

  it('records a ticket without its invisible characters', async () => {
    const desk = await openHelpDesk({ env: { SECURID_TICKET_PATTERN: 'INC-\\d{4}' } });
    const { form } = await fillIn(desk.agent, await cardFor(desk), {
      ticket: '\u200bINC-\u00ad47\u200d11\u3164',
      reason: 'New\u2800telephone\u{e0041} 👩‍💻',
    });

    expect(await desk.agent.submits(form)).toMatchObject({ closed: true });
    await eventually(() => desk.tenant.issuedCodes.length > 0);
    await desk.close();

    const rows = readFileSync(desk.auditFile, 'utf8').split('\n').filter(Boolean);
    const recorded = { ticket: 'INC-4711', reason: 'New telephone 👩‍💻' };
    expect(rows.map((row) => JSON.parse(row))).toContainEqual(expect.objectContaining(recorded));
  });

  it("offers the company's own methods", async () => {
    const desk = await openHelpDesk({
      env: { SECURID_VERIFICATION_METHODS: 'Security question, Passport' },
    });
    const press = await desk.agent.presses(await cardFor(desk), 'Verify and issue');

    expect(desk.screen(await press.answer())).toContain('(Security question | Passport)');
  });

  it('is too old for a code if the form was open for ten minutes', async () => {
    const desk = await openHelpDesk();
    const { form } = await fillIn(desk.agent, await cardFor(desk));
    desk.clock.advance(10 * MINUTE);

    expect((await desk.agent.submits(form)).errors).toEqual({
      method: 'This form has expired. Close it and type the command again.',
    });
    expect(codesAskedFor(desk)).toEqual([]);
  });
});
