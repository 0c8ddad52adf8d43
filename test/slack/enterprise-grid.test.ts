import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  ALAN,
  APPROVALS,
  HELP_DESK,
  HELP_DESK_GROUP,
  IT_MANAGERS_GROUP,
  JONAS,
  MIRA,
  SECURITY,
} from '../../src/playground/company.ts';
import type { SlackPerson } from '../../src/playground/workspace/index.ts';
import {
  eventually,
  type HelpDesk,
  type HelpDeskOptions,
  type Message,
  modal,
  openHelpDesk,
} from '../support/help-desk.ts';
import { verify } from '../support/verification.ts';

const ORGANIZATION = 'E0ACME';
const SISTER = 'T0SISTER';
const GRID = { enterpriseId: ORGANIZATION, sisters: [{ id: SISTER, domain: 'acme-emea' }] };
const INSTALLS = { 'one workspace': GRID, 'the whole organization': { ...GRID, isOrgWide: true } };

/** Everybody's home is the other workspace of the organization. */
async function openGrid(team: object, options: HelpDeskOptions = {}): Promise<HelpDesk> {
  const desk = await openHelpDesk({ ...options, team });
  for (const person of desk.workspace.people) if (!person.isBot) person.teamId = SISTER;
  return desk;
}

type Payload = Record<'team' | 'enterprise' | 'channel' | 'view', unknown> & {
  trigger_id: string;
  user: Record<string, unknown>;
};

/** Repeats the last interaction as Slack would send it, with parts of it replaced. */
function interactsAgain({ workspace }: HelpDesk, change: (payload: Payload) => void) {
  const payload = JSON.parse(
    new URLSearchParams(workspace.lastRequest()?.body).get('payload') ?? '',
  );
  payload.trigger_id = 'another';
  change(payload);
  return workspace.send({ form: { payload: JSON.stringify(payload) } });
}

const sendsAgain = ({ workspace }: HelpDesk, change: Record<string, string>) => {
  const form = Object.fromEntries(new URLSearchParams(workspace.lastRequest()?.body));
  return workspace.send({ form: { ...form, trigger_id: 'another', ...change } });
};

const refusals = ({ logged }: HelpDesk) =>
  logged().flatMap(({ msg, refusal }) => (msg === 'refused' ? [refusal] : []));

const groupsAsked = ({ workspace }: HelpDesk) =>
  workspace.apiCalls.flatMap(({ method, params }) =>
    method === 'usergroups.users.list' ? [params.team_id] : [],
  );

const timesAsked = ({ workspace }: HelpDesk, wanted: string) =>
  workspace.apiCalls.filter(({ method }) => method === wanted).length;

describe.each(Object.entries(INSTALLS))('on Enterprise Grid, installed in %s', (_, team) => {
  it('answers commands and buttons of people from another workspace', async () => {
    const { agent, screen } = await openGrid(team);

    const card = await agent.asks('/securid user grace@acme.test');
    expect(screen(card)).toContain('# Grace Okafor');
    const list = await agent.clicks(card, 'Authenticators');
    expect(screen(list)).toContain('Grace Okafor');
    expect(screen(await agent.clicks(list, 'Show browsers'))).toContain('Firefox');
  });

  it('accepts their forms', async () => {
    const { agent, screen } = await openGrid(team);
    const asked = await agent.types('/securid');
    await asked.answer();
    const form = modal(await asked.answer());
    agent.fills(form, 'Or an e-mail address or SecurID user name', 'grace@acme.test');

    expect(await agent.submits(form)).toMatchObject({ closed: true });
    expect(screen(await asked.answer())).toContain('# Grace Okafor');
  });

  it('issues their codes, even if approved by somebody from there', async () => {
    const desk = await openGrid(team, {
      env: {
        SECURID_PROTECTED: 'alan@acme.test',
        SECURID_APPROVERS: IT_MANAGERS_GROUP,
        SECURID_APPROVAL_CHANNEL: APPROVALS,
      },
    });
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    await (await verify(desk.agent, card)).answer();
    const request = desk.workspace.messages.find(
      ({ channel, to }) => channel === APPROVALS && !to,
    ) as Message;

    await desk.manager.clicks(request, 'Approve');
    await eventually(() => desk.screen(card).includes('Hide now'));
    await desk.agent.clicks(card, 'Hide now');
    const [notice] = desk.workspace.seenBy(ALAN, `D${ALAN}`);
    await desk.person(ALAN).clicks(notice as Message, "This wasn't me");

    expect(desk.screen(await desk.agent.asks('/securid code alan@acme.test'))).not.toContain(
      'Verify and issue',
    );
    await desk.close();
    const rows = readFileSync(desk.auditFile, 'utf8').trim().split('\n');
    expect(rows.map((row) => JSON.parse(row).team)).not.toContain(undefined);
  });

  it.each<[string, Partial<SlackPerson>]>([
    ['of another organization', { teamId: 'T0OTHER', enterpriseId: 'E0OTHER' }],
    ['of a company without one', { teamId: 'T0OTHER', enterpriseId: null }],
    ['whom Slack calls a stranger', { isStranger: true }],
    ['who is said to be here and of another organization', { enterpriseId: 'E0OTHER' }],
    ['who is a guest here', { isRestricted: true }],
  ])('refuses somebody %s, whatever group they are in', async (_, who) => {
    const desk = await openGrid(team);
    const card = await desk.agent.asks('/securid user grace@acme.test');
    const jonas = desk.workspace.people.find(({ id }) => id === JONAS);
    Object.assign(jonas ?? {}, { teamId: undefined }, who);
    desk.clock.advance(5 * 60_000);

    expect(desk.screen(await desk.agent.asks('/securid user grace@acme.test'))).toMatch(/^Sorry/);
    expect(desk.screen(await desk.agent.clicks(card, 'Authenticators'))).toMatch(/^Sorry/);
    expect(refusals(desk)).toHaveLength(2);
  });

  it.each([
    ['no home of theirs', ({ user }: Payload) => Object.assign(user, { team_id: null })],
    ['no view', (payload: Payload) => Object.assign(payload, { view: null })],
  ])('answers a button that comes with %s', async (_, change) => {
    const desk = await openGrid(team);
    await desk.agent.clicks(
      await desk.agent.asks('/securid user grace@acme.test'),
      'Authenticators',
    );
    const before = desk.workspace.bodies.length;

    await interactsAgain(desk, change);

    await eventually(() =>
      desk.workspace.bodies.slice(before).some((body) => body.includes('Grace')),
    );
  });

  it('answers no, not nothing, if it is unknown where a button was pressed', async () => {
    const desk = await openGrid(team);
    await desk.agent.clicks(
      await desk.agent.asks('/securid user grace@acme.test'),
      'Authenticators',
    );
    const before = desk.workspace.bodies.length;

    await interactsAgain(desk, (payload) => {
      Object.assign(payload, { team: null, enterprise: null });
      Object.assign(payload.user, { team_id: null });
    });

    await eventually(() =>
      desk.workspace.bodies.slice(before).some((body) => body.includes('Sorry')),
    );
    expect(refusals(desk)).toEqual(['another workspace']);
  });

  it('refuses what comes from another organization', async () => {
    const desk = await openGrid(team);
    await desk.agent.asks('/securid help');

    await sendsAgain(desk, { team_id: 'T0OTHER', enterprise_id: 'E0OTHER' });

    await eventually(() => desk.workspace.messages.length === 2);
    expect(desk.screen(desk.workspace.messages[1] as Message)).toMatch(/^Sorry/);
    expect(refusals(desk)).toEqual(['another workspace']);
  });
});

describe('installed in one workspace of a Grid', () => {
  it('refuses requests from another workspace', async () => {
    const desk = await openGrid(GRID);
    await desk.agent.asks('/securid help');

    await sendsAgain(desk, { team_id: SISTER, enterprise_id: ORGANIZATION });

    await eventually(() => refusals(desk).includes('another workspace'));
  });

  it('judges a modal by the workspace that has the app', async () => {
    const desk = await openGrid(GRID);
    const asked = await desk.agent.types('/securid');
    await asked.answer();
    const form = modal(await asked.answer());
    desk.agent.fills(form, 'Or an e-mail address or SecurID user name', 'grace@acme.test');
    await desk.agent.submits(form);
    await asked.answer();
    const before = desk.workspace.bodies.length;

    await interactsAgain(desk, (payload) => {
      payload.team = { id: 'T0SHARED', domain: 'shared' };
    });
    await eventually(() =>
      desk.workspace.bodies.slice(before).some((body) => body.includes('Grace')),
    );

    await interactsAgain(desk, (payload) => {
      payload.trigger_id = 'one more';
      Object.assign(payload.view ?? {}, { app_installed_team_id: 'T0SHARED' });
    });
    await eventually(() => refusals(desk).includes('another workspace'));
  });
});

describe('installed in a whole organization', () => {
  const WIDE = { ...GRID, isOrgWide: true };

  it('answers in every workspace of it', async () => {
    const desk = await openGrid(WIDE);
    for (const channel of desk.workspace.channels) channel.teamId = SISTER;

    expect(desk.screen(await desk.agent.asks('/securid user grace@acme.test'))).toContain('Grace');
  });

  it('finds a user group in any workspace, and then asks there first', async () => {
    const desk = await openGrid({
      ...WIDE,
      sisters: [{ id: 'T0FIRST', domain: 'first' }, ...GRID.sisters, { id: 'T0LAST', domain: 'l' }],
    });
    for (const group of desk.workspace.groups) group.teamId = 'T0LAST';

    expect(desk.screen(await desk.agent.asks('/securid user grace@acme.test'))).toContain('Grace');
    expect(new Set(groupsAsked(desk))).toEqual(new Set(['T0ACME', SISTER, 'T0FIRST', 'T0LAST']));
    const before = groupsAsked(desk).length;
    desk.clock.advance(5 * 60_000);
    await desk.agent.asks('/securid user grace@acme.test');
    expect(groupsAsked(desk).slice(before)).toEqual(['T0LAST', 'T0LAST']);
    expect(timesAsked(desk, 'auth.teams.list')).toBe(1);
  });

  it('asks for groups in the asker’s workspace, without listing workspaces', async () => {
    const desk = await openGrid(WIDE);

    await desk.agent.asks('/securid user grace@acme.test');

    expect(new Set(groupsAsked(desk))).toEqual(new Set(['T0ACME']));
    expect(timesAsked(desk, 'auth.teams.list')).toBe(0);
  });

  it('searches all workspaces once a minute for a group that none has', async () => {
    const desk = await openGrid(WIDE, { env: { SECURID_MANAGERS: '' } });
    desk.workspace.groups.splice(0);

    for (let count = 0; count < 5; count += 1) {
      const answer = await desk.agent.asks('/securid user grace@acme.test');
      expect(desk.screen(answer)).toContain('a user group that Slack does not have');
    }

    expect(desk.tenant.requests).toEqual([]);
    expect(groupsAsked(desk).filter((team) => team === SISTER)).toHaveLength(1);
  });

  it('finds a group before the first request', async () => {
    const desk = await openGrid(WIDE, { env: { SECURID_AGENTS: `${HELP_DESK_GROUP},S0OTHER` } });
    desk.workspace.groups.push({ id: 'S0OTHER', handle: 'o', users: [JONAS], teamId: SISTER });

    await fetch(`${desk.ops}/readyz`);
    await eventually(() => groupsAsked(desk).includes(SISTER));

    expect(desk.screen(await desk.agent.asks('/securid user grace@acme.test'))).toContain('Grace');
  });

  it('finds people by mention and by address', async () => {
    const desk = await openGrid(WIDE, { env: { SECURID_PROTECTED: HELP_DESK_GROUP } });

    expect(desk.screen(await desk.agent.asks('/securid user @grace'))).toContain('Grace Okafor');
    expect(desk.screen(await desk.agent.asks('/securid code alan@acme.test ios'))).toContain(
      '[ Verify and issue ]',
    );
  });

  it('tries one workspace after another if Slack needs one for an address as well', async () => {
    const desk = await openGrid(WIDE);
    await desk.agent.asks('/securid help');
    const missing = { status: 200, body: '{"ok":false,"error":"missing_argument"}' };
    desk.workspace.failNext('users.lookupByEmail', missing);

    const card = await desk.agent.asks('/securid code alan@acme.test ios');

    expect(desk.screen(card)).toContain('[ Verify and issue ]');
    const asked = desk.workspace.apiCalls.filter(({ method }) => method === 'users.lookupByEmail');
    expect(asked.at(-1)?.params.team_id).toBe('T0ACME');
  });

  it('says which organization it belongs to', async () => {
    const desk = await openGrid(WIDE);

    expect(await desk.app.workspace()).toMatchObject({ enterpriseId: ORGANIZATION, name: 'acme' });
  });

  it('accepts requests that name no organization from people who are at home there', async () => {
    const desk = await openGrid(WIDE);
    await desk.agent.clicks(
      await desk.agent.asks('/securid user grace@acme.test'),
      'Authenticators',
    );
    const before = desk.workspace.bodies.length;

    await interactsAgain(desk, (payload) => Object.assign(payload, { enterprise: null }));

    await eventually(() =>
      desk.workspace.bodies.slice(before).some((body) => body.includes('Grace')),
    );
  });
});

/** Mira presses a button that Jonas was shown, in a channel that both are in. */
describe('another person’s button', () => {
  it('stays theirs on Enterprise Grid', async () => {
    const desk = await openGrid(GRID, { env: { SECURID_AGENTS: `${JONAS},${MIRA}` } });
    const card = await desk.agent.asks('/securid code alan@acme.test ios', HELP_DESK);
    await (await desk.agent.presses(card, 'Verify and issue')).answer();
    const before = desk.workspace.apiCalls.length;

    await interactsAgain(desk, (payload) => Object.assign(payload.user, { id: MIRA }));

    await eventually(() => desk.workspace.bodies.some((body) => body.includes('has expired')));
    const opened = desk.workspace.apiCalls.slice(before).map(({ method }) => method);
    expect(opened).not.toContain('views.open');
  });
});

describe.each(['http', 'socket'] as const)('a whole organization, in %s mode', (mode) => {
  const WIDE = {
    ...GRID,
    isOrgWide: true,
    sisters: [...GRID.sisters, { id: 'T0BARE', domain: 'acme-bare', isWithoutApp: true }],
  };
  const env = {
    SECURID_APPROVERS: MIRA,
    SECURID_PROTECTED: 'alan@acme.test',
    SECURID_APPROVAL_CHANNEL: APPROVALS,
    SECURID_SECURITY_CHANNEL: SECURITY,
  };

  it('is served from any of its workspaces: card, form, code, approval, report and file', async () => {
    const desk = await openGrid(WIDE, { mode, env });
    for (const channel of desk.workspace.channels) channel.teamId = SISTER;
    for (const group of desk.workspace.groups) group.teamId = SISTER;
    const { agent, manager, screen, workspace } = desk;

    const asked = await agent.types('/securid', { channel: HELP_DESK });
    await asked.answer();
    const form = modal(await asked.answer());
    agent.fills(form, 'Or an e-mail address or SecurID user name', 'grace@acme.test');
    await agent.submits(form);
    expect(screen(await asked.answer())).toContain('# Grace Okafor');

    const card = await agent.asks('/securid code alan@acme.test ios');
    await (await verify(agent, card)).answer();
    const request = workspace.messages.find(({ channel, to }) => channel === APPROVALS && !to);
    await manager.clicks(request as Message, 'Approve');
    await eventually(() => screen(card).includes('Hide now'));
    await agent.clicks(card, 'Hide now');
    await eventually(() => workspace.seenBy(ALAN, `D${ALAN}`).length > 0);
    const [notice] = workspace.seenBy(ALAN, `D${ALAN}`);
    await desk.person(ALAN).clicks(notice as Message, "This wasn't me");
    expect(workspace.messages.some(({ channel }) => channel === SECURITY)).toBe(true);

    const summary = await manager.asks('/securid license private');
    await manager.clicks(summary, 'Download CSV');
    await eventually(() => workspace.messages.some(({ files }) => (files ?? []).length > 0));
    expect(workspace.seenBy(MIRA, `D${MIRA}`).flatMap(({ files }) => files ?? [])).toHaveLength(1);
  });

  it('is told the workspace of a user group, and nowhere else', async () => {
    const desk = await openGrid(WIDE, { mode, env });
    for (const group of desk.workspace.groups) group.teamId = SISTER;
    await desk.app.check();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    await (await verify(desk.agent, card)).answer();

    const told = desk.workspace.apiCalls.filter(({ params }) => params.team_id !== undefined);
    expect(new Set(told.map(({ method }) => method))).toEqual(new Set(['usergroups.users.list']));
    expect(desk.logged().filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it('finds no group in a workspace to which the app was not added', async () => {
    const desk = await openGrid(WIDE, { mode });
    for (const group of desk.workspace.groups) group.teamId = 'T0BARE';

    expect(desk.screen(await desk.agent.asks('/securid user grace@acme.test'))).toContain(
      'a user group that Slack does not have',
    );
    expect(groupsAsked(desk)).not.toContain('T0BARE');
  });

  it('is not served from a channel that is shared with another company', async () => {
    const desk = await openGrid(WIDE, { mode });
    const stranger = {
      id: 'U0OTHER',
      name: 'otto',
      realName: 'Otto Other',
      teamId: 'T0OTHER',
      enterpriseId: 'E0OTHER',
      isStranger: true,
    };
    desk.workspace.people.push(stranger);
    for (const { id, members } of desk.workspace.channels) {
      if (id === HELP_DESK) members.push(stranger.id);
    }
    for (const { users } of desk.workspace.groups) users.push(stranger.id);

    const answer = await desk.person(stranger.id).asks('/securid user grace@acme.test');

    expect(desk.screen(answer)).toMatch(/^Sorry/);
    expect(desk.tenant.requests).toEqual([]);
    expect(refusals(desk)).toEqual(['another workspace']);
  });
});
