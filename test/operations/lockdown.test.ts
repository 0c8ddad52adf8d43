import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { APPROVALS, MIRA, SECURID_AUDIT, SECURITY } from '../../src/playground/company.ts';
import { eventually, openHelpDesk } from '../support/help-desk.ts';
import { rowsOf } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const CODE = 'POST /v1/users/deviceRegistrationCode';
const IN_LOCKDOWN = 'SecurID Desk is in lockdown: no registration codes are issued.';

/** A help desk whose manager is also an approver. */
const openDesk = (env: Record<string, string> = {}) =>
  openHelpDesk({ env: { SECURID_APPROVERS: MIRA, ...env } });

describe('/securid lockdown', () => {
  it('stops all registration codes at once, even those on cards', async () => {
    const desk = await openDesk();
    const { agent, manager, screen, tenant } = desk;
    const old = await agent.asks('/securid code alan@acme.test ios');

    const answer = await manager.asks('/securid lockdown on');

    expect(screen(answer)).toMatchInlineSnapshot(
      `"🔒 Lockdown: no registration codes are issued until an approver types \`/securid lockdown off\`."`,
    );
    expect(screen(await (await verify(agent, old)).answer())).toContain(IN_LOCKDOWN);
    const card = await agent.asks('/securid code alan@acme.test ios');
    expect(screen(card)).toContain(IN_LOCKDOWN);
    expect(screen(card)).not.toContain('[ Verify and issue ]');
    expect(tenant.calls()).not.toContain(CODE);
    expect(screen(await agent.asks('/securid user alan@acme.test'))).toContain('Alan');
  });

  it('is shown in help until it is lifted', async () => {
    const { agent, manager, screen } = await openDesk();
    await manager.asks('/securid lockdown on');
    expect(screen(await agent.asks('/securid help'))).toContain('🔒 Lockdown');

    expect(screen(await manager.liftsLockdown())).toMatchInlineSnapshot(
      `"The lockdown is lifted. Registration codes can be issued again."`,
    );

    expect(screen(await agent.asks('/securid help'))).not.toContain('Lockdown');
    const card = await agent.asks('/securid code alan@acme.test ios');
    expect(screen(card)).toContain('[ Verify and issue ]');
  });

  it('survives a restart', async () => {
    const first = await openDesk();
    await first.manager.asks('/securid lockdown on');
    await first.close();

    const second = await openDesk({ AUDIT_FILE: first.auditFile });
    const card = await second.agent.asks('/securid code alan@acme.test ios');
    expect(second.screen(card)).toContain(IN_LOCKDOWN);
    await second.manager.liftsLockdown();
    await second.close();

    const third = await openDesk({ AUDIT_FILE: first.auditFile });
    const last = await third.agent.asks('/securid code alan@acme.test ios');
    expect(third.screen(last)).toContain('[ Verify and issue ]');
  });

  it('is recorded with who declared it', async () => {
    const desk = await openDesk();
    await desk.manager.asks('/securid lockdown on');
    await desk.manager.liftsLockdown();

    expect(await rowsOf(desk)).toMatchObject([
      { event: 'lockdown on', actor: MIRA },
      { event: 'lockdown off', actor: MIRA },
    ]);
  });

  it('begins even if it cannot be recorded, but is not lifted until it can', async () => {
    const { agent, manager, screen } = await openDesk({ AUDIT_FILE: '/no such folder/audit' });
    await manager.asks('/securid lockdown on');

    const answer = await manager.liftsLockdown();

    expect(screen(answer)).toContain('The audit trail cannot be written');
    expect(screen(await agent.asks('/securid help'))).toContain('Lockdown');
  });

  it('is reported in the audit channel even if it cannot be recorded', async () => {
    const desk = await openDesk({
      AUDIT_FILE: '/no such folder/audit',
      SECURID_SECURITY_CHANNEL: SECURID_AUDIT,
      AUDIT_CHANNEL: SECURID_AUDIT,
    });
    await desk.manager.asks('/securid lockdown on');
    const texts = () => desk.workspace.messages.map(({ text }) => text ?? '');
    await eventually(() => texts().some((text) => text.includes('stopped all registration codes')));
  });

  it('is for approvers only', async () => {
    const { agent, manager, screen } = await openHelpDesk();

    expect(screen(await agent.asks('/securid lockdown on'))).toMatchInlineSnapshot(
      `
      "Sorry, this part of \`/securid\` is for approvers. Please ask your SecurID Desk administrator. \`/securid help\` shows what you can do here.
        For your SecurID Desk administrator: \`docs/troubleshooting.md#nobody-has-the-role\`"
    `,
    );
    expect(screen(await manager.asks('/securid lockdown on'))).toContain('is for approvers');
    expect(screen(await agent.asks('/securid help'))).not.toContain('lockdown');
  });

  it('says whether it is on, and since when', async () => {
    const { manager, screen } = await openDesk();

    expect(screen(await manager.asks('/securid lockdown'))).toContain('There is no lockdown.');
    await manager.asks('/securid lockdown on');

    expect(screen(await manager.asks('/securid lockdown'))).toMatchInlineSnapshot(
      `"🔒 Lockdown: no registration codes are issued until an approver types \`/securid lockdown off\`. It started at 2026-03-04 09:00."`,
    );
    expect(screen(await manager.asks('/securid lockdown on off'))).toContain('Usage');
  });

  it('is lifted only after a confirmation', async () => {
    const desk = await openDesk();
    const { agent, manager, screen } = desk;
    await manager.asks('/securid lockdown on');

    const question = await manager.asks('/securid lockdown off');

    expect(screen(question)).toMatchInlineSnapshot(`
      "🔒 SecurID Desk has been in lockdown since 2026-03-04 09:00. Lift it? Registration codes can then be issued again.
      [ Lift the lockdown ]"
    `);
    expect(screen(await agent.asks('/securid help'))).toContain('🔒 Lockdown');
    await manager.clicks(question, 'Lift the lockdown');
    expect(screen(await agent.asks('/securid help'))).not.toContain('Lockdown');
  });

  it('that was declared after the question is not lifted by its answer', async () => {
    const { agent, manager, screen } = await openDesk();
    await manager.asks('/securid lockdown on');
    const old = await manager.asks('/securid lockdown off');
    await manager.liftsLockdown();
    await manager.asks('/securid lockdown on');

    const answer = await manager.clicks(old, 'Lift the lockdown');

    expect(screen(answer)).toContain('someone turned it on again after you asked');
    expect(screen(await agent.asks('/securid help'))).toContain('🔒 Lockdown');
  });

  it('is not lifted if there is none, and nothing is written', async () => {
    const desk = await openDesk();

    const answer = await desk.manager.asks('/securid lockdown off');

    expect(desk.screen(answer)).toContain('There is no lockdown.');
    await desk.close();
    expect(readFileSync(desk.auditFile, 'utf8')).not.toContain('lockdown off');
  });

  it('and its end are reported in the channels for security, approval and audit', async () => {
    const desk = await openDesk({
      SECURID_SECURITY_CHANNEL: SECURITY,
      SECURID_APPROVAL_CHANNEL: APPROVALS,
      AUDIT_CHANNEL: SECURID_AUDIT,
    });
    await desk.manager.asks('/securid lockdown on');
    await desk.manager.liftsLockdown();

    for (const channel of [SECURITY, APPROVALS, SECURID_AUDIT]) {
      const texts = () =>
        desk.workspace.messages.filter((one) => one.channel === channel).map(({ text }) => text);
      await eventually(() => texts().length === 2);
      expect(texts()[0]).toContain('stopped all registration codes');
      expect(texts()[1]).toContain('allowed registration codes again');
    }
  });
});
