import { describe, expect, it } from 'vitest';
import * as company from '../../src/playground/company.ts';
import { eventually, type HelpDesk, keepBody, openHelpDesk } from '../support/help-desk.ts';

const ASK = '/securid user grace@acme.test';
const GONE = 'S0GONE';

async function readyz({ ops }: HelpDesk) {
  const response = await fetch(`${ops}/readyz`);
  return { status: response.status, ...JSON.parse(await keepBody(response)) };
}

const loses = ({ workspace: { scopes } }: HelpDesk, ...lost: string[]) => {
  for (const scope of lost) scopes.splice(scopes.indexOf(scope), 1);
};

/** The level and message of each log line about the check. */
const told = ({ logged }: HelpDesk, check: string) =>
  logged()
    .filter((line) => line.check === check)
    .map(({ level, msg }) => [level, msg]);

describe('a user group that Slack does not have', () => {
  it('is named to the asker, in the log and in /readyz', async () => {
    const desk = await openHelpDesk({ env: { SECURID_AGENTS: GONE } });

    expect((await desk.agent.asks(ASK)).text).toBe(
      'SecurID Desk is set up with a user group that Slack does not have: `S0GONE`. Please tell your SecurID Desk administrator.',
    );
    const words = 'SECURID_AGENTS: Slack has no user group S0GONE, or it is disabled';
    expect(await readyz(desk)).toEqual({
      status: 503,
      ready: false,
      checks: { slack: 'ok', securid: 'ok', 'slack groups': 'failed' },
      reasons: { 'slack groups': words },
      see: { 'slack groups': 'docs/troubleshooting.md#slack-has-no-such-user-group' },
    });
    expect(told(desk, 'slack groups')).toEqual([[50, words]]);
  });

  it('keeps out nobody who is listed by id or is in another group', async () => {
    const both = `${GONE},${company.HELP_DESK_GROUP}`;
    const { agent, nobody } = await openHelpDesk({ env: { SECURID_AGENTS: both } });

    expect((await agent.asks(ASK)).text).toMatch(/^Grace/);
    expect((await nobody.asks(ASK)).text).toContain('S0GONE');
  });

  it('affects only its own role', async () => {
    const { agent, manager } = await openHelpDesk({ env: { SECURID_MANAGERS: GONE } });

    expect((await agent.asks(ASK)).text).toMatch(/^Grace/);
    expect((await manager.asks(ASK)).text).toMatch(/^Sorry/);
    expect((await manager.asks('/securid license')).text).toContain('S0GONE');
  });

  it('is looked for again, and then works', async () => {
    const desk = await openHelpDesk({ env: { SECURID_AGENTS: GONE } });
    expect((await readyz(desk)).status).toBe(503);

    desk.workspace.groups.push({ id: GONE, handle: 'back', users: [company.JONAS] });
    desk.clock.advance(60_000);
    await eventually(() => told(desk, 'slack groups').length === 2);

    expect(await readyz(desk)).toEqual({
      status: 200,
      ready: true,
      checks: { slack: 'ok', securid: 'ok' },
    });
    expect((await desk.agent.asks(ASK)).text).toMatch(/^Grace/);
  });

  it('is noticed if it disappears later', async () => {
    const desk = await openHelpDesk();
    expect((await readyz(desk)).status).toBe(200);

    desk.workspace.groups.length = 0;
    desk.clock.advance(5 * 60_000);

    expect((await readyz(desk)).reasons).toEqual({
      'slack groups': expect.stringMatching(/^SECURID_AGENTS: .*; SECURID_MANAGERS: /),
    });
  });

  it('is named as the reason for no code if it is one of protected people', async () => {
    const desk = await openHelpDesk({ env: { SECURID_PROTECTED: GONE } });

    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    expect(desk.screen(card)).toContain(
      'SecurID Desk could not check whether this code may be issued. SecurID Desk is set up with a user group that Slack does not have: `S0GONE`.',
    );
    expect((await readyz(desk)).reasons).toEqual({
      'slack groups': 'SECURID_PROTECTED: Slack has no user group S0GONE, or it is disabled',
    });
  });
});

describe('a plan without user groups', () => {
  it('is named', async () => {
    const desk = await openHelpDesk();
    desk.workspace.setPlan('free');

    expect((await desk.agent.asks(ASK)).text).toBe(
      'SecurID Desk is set up with user groups, which this Slack plan does not have. Please tell your SecurID Desk administrator.',
    );
    expect((await readyz(desk)).reasons?.['slack groups']).toContain(
      'SECURID_AGENTS: this Slack plan has no user groups; use the ids of people (U…) instead',
    );
  });

  it('is enough if people are listed by id', async () => {
    const people = { SECURID_AGENTS: company.JONAS, SECURID_MANAGERS: '' };
    const desk = await openHelpDesk({ env: people });
    desk.workspace.setPlan('free');

    expect((await desk.agent.asks(ASK)).text).toMatch(/^Grace/);
    expect((await readyz(desk)).status).toBe(200);
  });
});

describe('a scope that the token lacks', () => {
  it.each([
    ['usergroups:read', company.HELP_DESK_GROUP],
    ['users:read', company.JONAS],
  ])('is named: %s', async (scope, SECURID_AGENTS) => {
    const desk = await openHelpDesk({ env: { SECURID_AGENTS } });
    loses(desk, scope);

    expect((await desk.agent.asks(ASK)).text).toBe(
      `Slack does not let SecurID Desk do this: the app lacks the scope \`${scope}\`. Please tell your SecurID Desk administrator.`,
    );
    const words = `the bot token lacks the scope ${scope}: add what is missing under OAuth & Permissions, and install the app again`;
    expect(await readyz(desk)).toEqual({
      status: 503,
      ready: false,
      checks: { slack: 'ok', securid: 'ok', 'slack scopes': 'failed' },
      reasons: { 'slack scopes': words },
      see: { 'slack scopes': 'docs/troubleshooting.md#the-bot-token-lacks-a-scope' },
    });
    expect(told(desk, 'slack scopes')).toEqual([[50, words]]);
    expect(desk.logged().map(({ err }) => err)).toContainEqual(
      expect.objectContaining({ needed: scope }),
    );
  });

  it('is named even if Slack merely leaves a field out', async () => {
    const desk = await openHelpDesk();
    loses(desk, 'users:read.email');

    expect((await desk.agent.asks('/securid user <@U0GRACE>')).text).toContain(
      'the app lacks the scope `users:read.email`',
    );
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    expect(desk.screen(card)).toContain('the app lacks the scope `users:read.email`');
  });

  it('is known before anybody needs it, with all others', async () => {
    const desk = await openHelpDesk({ mode: 'socket', env: { SECURID_AGENTS: company.JONAS } });
    loses(desk, 'files:write', 'users:read.email');

    await desk.app.check();

    expect((await readyz(desk)).reasons).toEqual({
      'slack scopes': expect.stringContaining('the scopes files:write, users:read.email:'),
    });
  });

  it('is no trouble any more as soon as any of Slack’s answers lists it', async () => {
    const desk = await openHelpDesk();
    loses(desk, 'files:write');
    await desk.agent.asks(ASK);
    expect((await readyz(desk)).status).toBe(503);

    desk.workspace.scopes.push('files:write');
    await desk.agent.asks(ASK);
    desk.clock.advance(5000);

    expect((await readyz(desk)).status).toBe(200);
    expect(told(desk, 'slack scopes').map(([level]) => level)).toEqual([50, 30]);
  });

  it('cannot be noticed if a proxy drops the header', async () => {
    const desk = await openHelpDesk();
    const body = JSON.stringify({ ok: false, error: 'missing_scope', needed: 'usergroups:read' });
    desk.workspace.setAlways((where) =>
      where === 'usergroups.users.list' ? { status: 200, body } : undefined,
    );
    await desk.app.check();

    expect(desk.logged().map(({ check }) => check)).not.toContain('slack groups');
  });
});

describe('a token that Slack does not accept', () => {
  const body = '{"ok":false,"error":"token_revoked"}';

  it.each(['http', 'socket'] as const)('is named, in %s mode', async (mode) => {
    const desk = await openHelpDesk({ mode });
    desk.workspace.setAlways((where) =>
      where === 'response_url' ? undefined : { status: 200, body },
    );

    expect((await desk.agent.asks(ASK)).text).toBe(
      "Slack no longer accepts SecurID Desk's token. Please tell your SecurID Desk administrator.",
    );
    expect((await readyz(desk)).reasons).toEqual({
      'slack token': 'Slack does not accept the bot token (token_revoked)',
    });
  });
});

describe('Slack that is only unavailable', () => {
  it('is not such trouble, and is asked again', async () => {
    const desk = await openHelpDesk();
    desk.workspace.setAlways((where) => (where === 'response_url' ? undefined : { status: 503 }));

    expect((await desk.agent.asks(ASK)).text).toMatch(/Try again in a minute/);
    const { checks } = await readyz(desk);
    expect(checks).toEqual({ slack: 'failed', securid: 'ok' });
  });
});
