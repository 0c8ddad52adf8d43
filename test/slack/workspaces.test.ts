import { describe, expect, it } from 'vitest';
import {
  ALAN,
  APPROVALS,
  HELP_DESK,
  HELP_DESK_GROUP,
  IT_MANAGERS,
  JONAS,
  MIRA,
  SECURITY,
} from '../../src/playground/company.ts';
import {
  eventually,
  type HelpDesk,
  type HelpDeskOptions,
  keepBody,
  type Message,
  modal,
  openHelpDesk,
  type View,
} from '../support/help-desk.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { rowsOf } from '../support/rows.ts';
import { fillIn, verify } from '../support/verification.ts';

const HERE = 'T0ACME';
const SISTER = 'T0SISTER';
const GRID = { enterpriseId: 'E0ACME', sisters: [{ id: SISTER, domain: 'acme-emea' }] };
const ORG_WIDE = { ...GRID, isOrgWide: true };

const NOT_LISTED = 'Sorry, `/securid` is not for this workspace.';
const NOT_TOLD =
  'Sorry, `/securid` is only for some of your workspaces, and Slack did not say which one you are in. Type `/securid help` here, then try again.';

/** Everybody is in both workspaces, and at home in the other; only people of this one may use the app. */
async function openGrid({ env, ...options }: HelpDeskOptions = {}): Promise<HelpDesk> {
  const desk = await openHelpDesk({
    team: ORG_WIDE,
    ...options,
    env: { SECURID_WORKSPACES: HERE, SECURID_APPROVERS: MIRA, ...env },
  });
  for (const person of desk.workspace.people) {
    if (!person.isBot) Object.assign(person, { teamId: SISTER, teams: [HERE, SISTER] });
  }
  return desk;
}

/** From now on, the channel is seen in the other workspace. */
function moves({ workspace }: HelpDesk, id: string, teamId = SISTER): void {
  for (const channel of workspace.channels) if (channel.id === id) channel.teamId = teamId;
}

const livesIn = ({ workspace }: HelpDesk, id: string, ...teams: string[]) =>
  Object.assign(workspace.people.find((one) => one.id === id) ?? {}, { teams });

const ask = ({ agent, screen }: HelpDesk, channel = HELP_DESK) =>
  agent.asks('/securid user grace@acme.test', channel).then(screen);

async function choosesTask({ agent }: HelpDesk, form: View, task: string) {
  const chosen = await agent.chooses(form, 'home:task', task);
  await chosen?.answer();
}

const groupsAsked = ({ workspace }: HelpDesk) =>
  workspace.apiCalls.flatMap(({ method, params }) =>
    method === 'usergroups.users.list' ? [params.team_id] : [],
  );

type Payload = Record<'team' | 'enterprise' | 'view', unknown> & {
  trigger_id: string;
  user: Record<string, unknown>;
};

/** Repeats the last interaction as Slack would send it, with parts of it replaced. */
async function interactsAgain(desk: HelpDesk, change: (payload: Payload) => void) {
  const { workspace } = desk;
  const payload = JSON.parse(
    new URLSearchParams(workspace.lastRequest()?.body).get('payload') ?? '',
  );
  payload.trigger_id = 'another';
  change(payload);
  const before = workspace.bodies.length;
  await workspace.send({ form: { payload: JSON.stringify(payload) } });
  await eventually(() => workspace.bodies.slice(before).some((body) => body.includes('Sorry')));
}

async function readyz({ ops }: HelpDesk) {
  const response = await fetch(`${ops}/readyz`);
  return { status: response.status, ...JSON.parse(await keepBody(response)) };
}

async function asksForApproval(desk: HelpDesk) {
  const card = await desk.agent.asks('/securid code alan@acme.test ios');
  await (await verify(desk.agent, card)).answer();
  const request = desk.workspace.messages.find(
    ({ channel, to }) => channel === APPROVALS && !to,
  ) as Message;
  return { card, request };
}

const APPROVED = { SECURID_PROTECTED: 'alan@acme.test', SECURID_APPROVAL_CHANNEL: APPROVALS };

describe.each(['http', 'socket'] as const)('SECURID_WORKSPACES, in %s mode', (mode) => {
  it('lets people of that workspace use the app, wherever they are at home', async () => {
    const desk = await openGrid({ mode });

    const card = await desk.agent.asks('/securid user grace@acme.test');
    expect(desk.screen(card)).toContain('Grace Okafor');
    expect(desk.screen(await desk.agent.clicks(card, 'Authenticators'))).toContain('Grace Okafor');
    const asked = await desk.agent.types('/securid', { channel: HELP_DESK });
    await asked.answer();
    const form = modal(await asked.answer());
    desk.agent.fills(form, 'Or an e-mail address or SecurID user name', 'grace@acme.test');
    await desk.agent.submits(form);
    expect(desk.screen(await asked.answer())).toContain('Grace Okafor');
  });

  it('refuses commands of another workspace in a sentence, on record', async () => {
    const desk = await openGrid({ mode });
    moves(desk, HELP_DESK);

    expect(await ask(desk)).toBe(`${NOT_LISTED} Please ask @help-desk.`);
    expect(desk.screen(await desk.agent.asks('/securid help'))).toContain(NOT_LISTED);
    expect(desk.tenant.requests).toEqual([]);
    const rows = await rowsOf(desk, { event: 'refusal' });
    expect(rows.map(({ reason, team }) => [reason, team])).toEqual([
      ['a workspace that is not listed', SISTER],
      ['a workspace that is not listed', SISTER],
    ]);
  });

  it('keeps the form open while another task is chosen', async () => {
    const desk = await openGrid({ mode });
    const asked = await desk.agent.types('/securid', { channel: HELP_DESK });
    await asked.answer();
    const form = modal(await asked.answer());

    await choosesTask(desk, form, 'Look up a hardware token');
    await eventually(() => desk.screen(form).includes('Serial number'));

    moves(desk, HELP_DESK);
    await ask(desk);
    await choosesTask(desk, form, 'Look up a user');
    await eventually(() => desk.screen(form).includes(NOT_LISTED));
  });

  it('refuses the form there', async () => {
    const desk = await openGrid({ mode });
    moves(desk, HELP_DESK);
    const asked = await desk.agent.types('/securid', { channel: HELP_DESK });
    await asked.answer();
    expect(desk.screen(await asked.answer())).toContain(NOT_LISTED);
  });
});

describe('a button, which Slack sends without a workspace', () => {
  it('counts where the person who presses it last typed in that channel', async () => {
    const desk = await openGrid();
    const card = await desk.agent.asks('/securid user grace@acme.test');

    moves(desk, HELP_DESK);
    await ask(desk);

    expect(desk.screen(await desk.agent.clicks(card, 'Authenticators'))).toContain(NOT_LISTED);
  });

  it('does not count in a workspace that the person has left since', async () => {
    const desk = await openGrid();
    const card = await desk.agent.asks('/securid user grace@acme.test');

    livesIn(desk, JONAS, SISTER);
    desk.clock.advance(10 * 60_000);

    expect(desk.screen(await desk.agent.clicks(card, 'Authenticators'))).toContain(NOT_LISTED);
    livesIn(desk, JONAS, HERE, SISTER);
    expect(await ask(desk)).toContain('Grace Okafor');
  });

  it('has the workspace on record', async () => {
    const desk = await openGrid();
    await desk.agent.clicks(
      await desk.agent.asks('/securid user grace@acme.test'),
      'Authenticators',
    );
    const rows = await rowsOf(desk, { event: 'look-up' });
    expect(rows.map(({ team }) => team)).toEqual([HERE, HERE]);
  });

  it('is refused where nobody can tell, until a command tells', async () => {
    const desk = await openGrid({ env: APPROVED });
    const { card, request } = await asksForApproval(desk);

    expect(desk.screen(await desk.manager.clicks(request, 'Approve'))).toBe(NOT_TOLD);
    expect(desk.screen(card)).toContain('Waiting for approval');
    await desk.manager.asks('/securid help', APPROVALS);
    await desk.manager.clicks(request, 'Approve');
    await eventually(() => desk.screen(card).includes('Hide now'));

    const [refusal] = await rowsOf(desk, { event: 'refusal' });
    expect(refusal).toMatchObject({ actor: MIRA, reason: 'the workspace is not known' });
  });

  it('needs no command from people who are only in listed workspaces', async () => {
    const desk = await openGrid({ env: APPROVED });
    livesIn(desk, MIRA, HERE);
    const { card, request } = await asksForApproval(desk);

    await desk.manager.clicks(request, 'Approve');

    await eventually(() => desk.screen(card).includes('Hide now'));
  });

  it('is refused to people who are in none of them', async () => {
    const desk = await openGrid({ env: APPROVED });
    livesIn(desk, MIRA, SISTER);
    const { card, request } = await asksForApproval(desk);

    expect(desk.screen(await desk.manager.clicks(request, 'Approve'))).toContain(NOT_LISTED);
    const denying = await desk.manager.presses(request, 'Deny');
    expect(desk.screen(await denying.answer())).not.toContain('Sorry');
    expect(desk.screen(await denying.answer())).toContain(NOT_LISTED);
    expect(desk.screen(card)).toContain('Waiting for approval');
  });

  it('is refused if Slack does not say who is where', async () => {
    const desk = await openGrid({ env: APPROVED });
    livesIn(desk, MIRA);
    const { request } = await asksForApproval(desk);

    expect(desk.screen(await desk.manager.clicks(request, 'Approve'))).toBe(NOT_TOLD);
  });

  it('cannot be pressed for another person’s place', async () => {
    const desk = await openGrid({ env: { SECURID_AGENTS: `${JONAS},${MIRA}` } });
    await desk.agent.clicks(
      await desk.agent.asks('/securid user grace@acme.test'),
      'Authenticators',
    );

    await interactsAgain(desk, (payload) => Object.assign(payload.user, { id: MIRA }));

    expect(desk.workspace.messages.at(-1)?.text).toBe(NOT_TOLD);
  });

  it('is refused if Slack says that it is in another workspace', async () => {
    const desk = await openGrid();
    await desk.agent.clicks(
      await desk.agent.asks('/securid user grace@acme.test'),
      'Authenticators',
    );

    await interactsAgain(desk, (payload) => Object.assign(payload, { team: { id: SISTER } }));

    expect(desk.workspace.messages.at(-1)?.text).toContain(NOT_LISTED);
  });
});

describe('a form', () => {
  it('is refused if it comes from another workspace', async () => {
    const desk = await openGrid();
    const asked = await desk.agent.types('/securid', { channel: HELP_DESK });
    await asked.answer();
    const form = modal(await asked.answer());
    desk.agent.fills(form, 'Or an e-mail address or SecurID user name', 'grace@acme.test');
    await desk.agent.submits(form);
    await asked.answer();

    await interactsAgain(desk, ({ view }) =>
      Object.assign(view ?? {}, { app_installed_team_id: SISTER }),
    );

    expect(desk.workspace.messages.at(-1)?.text).toContain(NOT_LISTED);
  });

  it('that was open while the setting changed is refused, and nothing is done', async () => {
    const desk = await openGrid({ team: GRID });
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    const { press, form } = await fillIn(desk.agent, card);
    const second = await desk.openSecondBot({ env: { SECURID_WORKSPACES: SISTER } });
    second.isAsked();

    await desk.agent.submits(form);

    expect(desk.screen(await press.answer())).toContain(NOT_LISTED);
    expect(desk.tenant.calls()).not.toContain('POST /v1/users/deviceRegistrationCode');
  });
});

describe('the user whom a change is about', () => {
  it('is notified in any workspace, and can report the change from there', async () => {
    const desk = await openGrid({ env: { SECURID_SECURITY_CHANNEL: SECURITY } });
    livesIn(desk, ALAN, SISTER);
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    await (await verify(desk.agent, card)).answer();
    await eventually(() => desk.workspace.seenBy(ALAN, `D${ALAN}`).length > 0);
    const [notice] = desk.workspace.seenBy(ALAN, `D${ALAN}`);

    await desk.person(ALAN).clicks(notice as Message, "This wasn't me");

    expect(desk.screen(await desk.agent.asks('/securid code alan@acme.test'))).not.toContain(
      'Verify and issue',
    );
    expect(desk.workspace.messages.some(({ channel }) => channel === SECURITY)).toBe(true);
  });
});

describe('user groups', () => {
  it('are looked up in these workspaces only', async () => {
    const desk = await openGrid();
    for (const group of desk.workspace.groups) group.teamId = SISTER;

    expect(await ask(desk)).toContain('a user group that Slack does not have');
    expect(new Set(groupsAsked(desk))).toEqual(new Set([HERE]));
    expect((await readyz(desk)).reasons['slack groups']).toContain(
      `SECURID_AGENTS: Slack has no user group ${HELP_DESK_GROUP} in the workspaces of SECURID_WORKSPACES, or it is disabled`,
    );
  });

  it('are found in any of several', async () => {
    const desk = await openGrid({ env: { SECURID_WORKSPACES: `${HERE},${SISTER}` } });
    for (const group of desk.workspace.groups) group.teamId = SISTER;

    expect(await ask(desk)).toContain('Grace Okafor');
  });

  it('are told apart from a workspace that does not have the app', async () => {
    const sisters = [...GRID.sisters, { id: 'T0BARE', domain: 'bare', isWithoutApp: true }];
    const desk = await openGrid({
      team: { ...ORG_WIDE, sisters },
      env: { SECURID_WORKSPACES: `${HERE},T0BARE` },
    });
    desk.workspace.groups.splice(0);

    expect(await ask(desk)).toContain('a user group that Slack does not have');
    expect(groupsAsked(desk)).toContain('T0BARE');
  });
});

describe('a workspace that does not have the app', () => {
  const words = (where: string) => `SECURID_WORKSPACES: ${where}`;
  const told = ({ logged }: HelpDesk) =>
    logged().flatMap(({ check, level, msg }) => (check === 'slack workspaces' ? [level, msg] : []));

  it.each([
    ['does not exist', 'T0GONE'],
    ['was not added', 'T0BARE'],
  ])('is named at start and in /readyz: it %s', async (_, id) => {
    const sisters = [...GRID.sisters, { id: 'T0BARE', domain: 'bare', isWithoutApp: true }];
    const desk = await openGrid({
      team: { ...ORG_WIDE, sisters },
      env: { SECURID_WORKSPACES: `${HERE},${id}` },
    });

    await desk.app.check();

    expect(told(desk)).toEqual([50, words(`the app is not in ${id}`)]);
    expect(await readyz(desk)).toMatchObject({
      status: 503,
      reasons: { 'slack workspaces': words(`the app is not in ${id}`) },
    });
    expect(await ask(desk)).toContain('Grace Okafor');
  });

  it('is no trouble any more once the app was added to it', async () => {
    const bare = { id: 'T0BARE', domain: 'bare', isWithoutApp: true };
    const desk = await openGrid({
      team: { ...ORG_WIDE, sisters: [...GRID.sisters, bare] },
      env: { SECURID_WORKSPACES: `${HERE},T0BARE` },
    });
    await desk.app.check();
    bare.isWithoutApp = false;
    desk.clock.advance(60_000);

    await eventually(() => told(desk).includes('what was wrong in Slack is fixed'));
    expect((await readyz(desk)).status).toBe(200);
  });

  it('is named where the bot token is another workspace’s, in which nobody may use the app', async () => {
    const desk = await openHelpDesk({ env: { SECURID_WORKSPACES: 'T0OTHER' } });

    await desk.app.check();

    expect(told(desk)).toEqual([
      50,
      words(`the app is installed in ${HERE} alone, not in T0OTHER, so nobody may use it`),
    ]);
    expect(await ask(desk)).toContain(NOT_LISTED);
  });

  it('is no trouble where the bot token is this workspace’s', async () => {
    const desk = await openHelpDesk({ env: { SECURID_WORKSPACES: HERE } });

    expect((await readyz(desk)).status).toBe(200);
    const card = await desk.agent.asks('/securid user grace@acme.test');
    expect(desk.screen(await desk.agent.clicks(card, 'Authenticators'))).toContain('Grace Okafor');
  });
});

describe.skipIf(!redisInstalled)('several instances', () => {
  it('share where somebody typed', async () => {
    const redis = await startRedis();
    const desk = await openGrid({ env: { REDIS_URL: redis.url } });
    const card = await desk.agent.asks('/securid user grace@acme.test');
    const second = await desk.openSecondBot();
    second.isAsked();

    expect(desk.screen(await desk.agent.clicks(card, 'Authenticators'))).toContain('Grace Okafor');
  });

  it('are not misled by somebody who can write to Redis', async () => {
    const redis = await startRedis();
    const desk = await openGrid({ env: { ...APPROVED, REDIS_URL: redis.url } });
    const { request } = await asksForApproval(desk);
    const [own] = (await redis.ask('KEYS', '*workspace of*')) as string[];
    const another = own?.replace(JONAS, MIRA).replace(HELP_DESK, APPROVALS);
    expect(await redis.ask('COPY', own ?? '', another ?? '')).toBe(1);

    expect(desk.screen(await desk.manager.clicks(request, 'Approve'))).toBe(NOT_TOLD);
  });

  it('refuse a button whose workspace is unknown while Redis is away', async () => {
    const redis = await startRedis();
    const desk = await openGrid({ env: { REDIS_URL: redis.url } });
    const card = await desk.agent.asks('/securid user grace@acme.test');
    await redis.kill();

    expect(desk.screen(await desk.agent.clicks(card, 'Authenticators'))).toBe(NOT_TOLD);
  });
});

describe('a role', () => {
  it('is not taken for lost in another workspace', async () => {
    const desk = await openGrid();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    await (await verify(desk.agent, card)).answer();
    moves(desk, IT_MANAGERS);

    expect(await ask(desk, IT_MANAGERS)).toContain(NOT_LISTED);

    const next = await desk.agent.asks('/securid code alan@acme.test ios');
    expect(desk.screen(next)).not.toContain('Sorry');
  });
});
