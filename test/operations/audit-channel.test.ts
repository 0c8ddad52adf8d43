import { describe, expect, it } from 'vitest';
import { SECURID_AUDIT as AUDIT, BOT, MIRA } from '../../src/playground/company.ts';
import { eventually, openHelpDesk } from '../support/help-desk.ts';
import { verify } from '../support/verification.ts';

async function openDesk({ invited = true } = {}) {
  const desk = await openHelpDesk({ env: { AUDIT_CHANNEL: AUDIT, SECURID_APPROVERS: MIRA } });
  const channel = desk.workspace.channels.find(({ id }) => id === AUDIT);
  if (channel && !invited) channel.members = channel.members.filter((id) => id !== BOT.userId);
  const lines = () => desk.workspace.messages.filter(({ channel }) => channel === AUDIT);
  return {
    ...desk,
    lines /** Incident numbers differ each time. */,
    read: () =>
      lines().map((line) => desk.screen(line).replace(/[\dA-Z]{4}-[\dA-Z]{4}$/, '####-####')),
  };
}

async function issueFor({ agent }: Awaited<ReturnType<typeof openDesk>>, reason: string) {
  const card = await agent.asks('/securid code alan@acme.test ios');
  const press = await verify(agent, card, { reason, ticket: 'T-4711' });
  await press.answer();
  await press.answer();
}

describe('AUDIT_CHANNEL', () => {
  it('reads of each code: by whom, for whom, why, and without the code', async () => {
    const desk = await openDesk();
    await issueFor(desk, '<!channel> new telephone');
    await eventually(() => desk.lines().length === 1);

    expect(desk.read()).toMatchInlineSnapshot(`
      [
        "🔑 @jonas issued a registration code.
        for cd474d06-949e-40bc-86b7-2d16ca3ff1f0 · reason: <!channel> new telephone · verified: In person with badge · ticket: T-4711 · incident ####-####",
      ]
    `);
    const [line] = desk.lines();
    expect(JSON.stringify(line?.blocks)).not.toContain(desk.tenant.issuedCodes[0]?.code);
    expect(line?.text).not.toContain('<!channel>');
  });

  it('reads of each refusal and each lockdown, and of no look-up', async () => {
    const desk = await openDesk();
    await desk.guest.asks('/securid user grace@acme.test');
    await desk.agent.asks('/securid user grace@acme.test');
    await desk.manager.asks('/securid lockdown on');
    await eventually(() => desk.lines().length === 2);

    expect(desk.read()).toMatchInlineSnapshot(`
      [
        "⛔ @gil was refused.
        operation: user · reason: a guest · incident ####-####",
        "🔒 @mira stopped all registration codes.
        incident ####-####",
      ]
    `);
  });

  it('that the bot is not in is named in the log, and stops nothing', async () => {
    const desk = await openDesk({ invited: false });
    await issueFor(desk, 'New telephone');

    expect(desk.tenant.issuedCodes).toHaveLength(1);
    await eventually(() => desk.printed.join().includes('is the bot invited there?'));
    expect(desk.lines()).toEqual([]);
  });
});
