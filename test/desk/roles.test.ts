import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALAN, APPROVALS, HELP_DESK_GROUP, MIRA } from '../../src/playground/company.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { verify } from '../support/verification.ts';

const APPROVERS = 'S0APPROVERS';
const SILENT = 'Slack did not answer when asked for your role.';

/** Mira approves as a member of a user group. */
async function openDesk(env: Record<string, string> = {}) {
  const desk = await openHelpDesk({ env: { SECURID_APPROVERS: APPROVERS, ...env } });
  const approvers = { id: APPROVERS, handle: 'approvers', users: [MIRA] };
  desk.workspace.groups.push(approvers);
  return { ...desk, approvers };
}

const groupsAsked = ({ workspace }: HelpDesk) =>
  workspace.apiCalls
    .filter(({ method }) => method === 'usergroups.users.list')
    .map(({ params }) => params.usergroup);

describe('a role', () => {
  it('that was lost lifts no lockdown', async () => {
    const desk = await openDesk();
    await desk.manager.asks('/securid lockdown on');
    desk.approvers.users = [];

    const answer = await desk.manager.asks('/securid lockdown off');

    expect(desk.screen(answer)).toContain('this part of `/securid` is for approvers');
    expect(desk.screen(await desk.agent.asks('/securid help'))).toContain('Lockdown');
  });

  it('that Slack can no longer confirm lifts no lockdown, and declares one', async () => {
    const desk = await openDesk();
    await desk.manager.asks('/securid help');
    desk.workspace.failNext('usergroups.users.list', { status: 500 }, 100);

    expect(desk.screen(await desk.manager.asks('/securid lockdown on'))).toContain('🔒 Lockdown');
    expect(desk.screen(await desk.manager.asks('/securid lockdown off'))).toContain(SILENT);
  });

  it('that was lost lifts no block', async () => {
    const desk = await openDesk();
    await desk.manager.asks('/securid help');
    desk.approvers.users = [];
    const answer = await desk.manager.asks('/securid unblock alan@acme.test');
    expect(desk.screen(answer)).toContain('is for approvers');
  });

  it('that was lost during long look-ups lifts no block', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    await verify(desk.agent, card);
    await eventually(() => desk.screen(card).includes('Hide now'));
    const [notice] = desk.workspace.seenBy(ALAN, `D${ALAN}`);
    await desk.person(ALAN).clicks(notice as Message, "This wasn't me");
    desk.clock.advance(60 * 60_000);
    const hold = desk.tenant.hold('POST /v1/users/lookup');

    const lifting = desk.manager.asks('/securid unblock alan@acme.test');
    await hold.arrived();
    hold.release();
    const again = desk.tenant.hold('POST /v1/users/lookup');
    await again.arrived();
    desk.approvers.users = [];
    desk.clock.advance(11_000);
    again.release();

    expect(desk.screen(await lifting)).toContain('this part of `/securid` is for approvers');
    expect(desk.screen(await desk.agent.asks('/securid code alan@acme.test ios'))).toContain(
      'on hold',
    );
  });

  it('that somebody must not have is not ruled out while Slack does not say', async () => {
    const first = await openDesk();
    const card = await first.agent.asks('/securid code alan@acme.test ios');
    await verify(first.agent, card);
    await eventually(() => first.screen(card).includes('Hide now'));
    const [notice] = first.workspace.seenBy(ALAN, `D${ALAN}`);
    await first.person(ALAN).clicks(notice as Message, "This wasn't me");
    await first.close();
    // If it is unknown who issued the code, it may have been any agent.
    const state = JSON.parse(readFileSync(`${first.auditFile}.state`, 'utf8'));
    delete state.parts.reports;
    writeFileSync(`${first.auditFile}.state`, JSON.stringify(state));
    const desk = await openDesk({ SECURID_APPROVERS: MIRA, AUDIT_FILE: first.auditFile });
    desk.workspace.failNext('usergroups.users.list', { status: 500 }, 100);

    const answer = await desk.manager.asks('/securid unblock alan@acme.test');

    expect(desk.screen(answer)).toContain(SILENT);
  });

  it('that lists somebody by id needs no answer about groups', async () => {
    const desk = await openDesk({ SECURID_APPROVERS: `${MIRA},${APPROVERS}` });
    desk.workspace.failNext('usergroups.users.list', { status: 500 }, 100);
    const answer = await desk.manager.asks('/securid lockdown on');
    expect(desk.screen(answer)).toContain('🔒 Lockdown');
  });

  it('that somebody lacks is refused with whom to ask, while Slack does not say about another', async () => {
    const desk = await openDesk({ SECURID_APPROVERS: MIRA });
    desk.workspace.failNext('usergroups.users.list', { status: 500 }, 100);
    expect(desk.screen(await desk.agent.asks('/securid lockdown on'))).toBe(
      'Sorry, this part of `/securid` is for approvers. Please ask @mira.',
    );
  });

  it('is checked again by its own groups only', async () => {
    const desk = await openDesk({
      SECURID_PROTECTED: 'alan@acme.test',
      SECURID_APPROVAL_CHANNEL: APPROVALS,
    });
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    await (await verify(desk.agent, card)).answer();
    const [request] = desk.workspace.messages.filter(
      ({ channel, to }) => channel === APPROVALS && !to,
    );
    if (!request) throw new Error('approval was not asked for');
    const before = groupsAsked(desk).length;

    await desk.manager.clicks(request, 'Approve');

    // One for the approver, one for the agent who asked.
    expect(groupsAsked(desk).slice(before)).toEqual([APPROVERS, HELP_DESK_GROUP]);
  });

  it('is checked no more often than Slack allows, however many ask', async () => {
    const desk = await openDesk();
    await desk.manager.asks('/securid lockdown on');
    const before = groupsAsked(desk).length;

    for (let count = 0; count < 30; count += 1) {
      await desk.manager.asks('/securid lockdown off');
      desk.clock.advance(2000);
    }

    expect(groupsAsked(desk).length - before).toBeLessThanOrEqual(20);
  });
});

describe('an approver', () => {
  it('may look users and tokens up, but issues no code', async () => {
    const desk = await openDesk();
    const { manager, screen } = desk;

    const card = await manager.asks('/securid user alan@acme.test');
    expect(screen(card)).toContain('# Alan Mertens');
    expect(screen(card)).toContain('[ Authenticators ]');
    expect(screen(card)).not.toContain('[ Registration code ]');
    expect(screen(await manager.clicks(card, 'Authenticators'))).toContain('Alan Mertens');
    expect(screen(await manager.asks('/securid token 000000900001'))).toContain('900001');
    expect(screen(await manager.asks('/securid code alan@acme.test'))).toContain(
      'is for the help desk',
    );
    const help = screen(await manager.asks('/securid help'));
    expect(help).toContain('/securid user');
    expect(help).not.toContain('/securid code');
  });
});
