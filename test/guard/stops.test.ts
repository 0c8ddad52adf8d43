import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { ALAN, APPROVALS, JONAS, MIRA, SECURITY } from '../../src/playground/company.ts';
import { atRest } from '../support/at-rest.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { inTime } from '../support/passing-time.ts';
import { PATIENCE } from '../support/patience.ts';
import { type RedisServer, redisInstalled, startRedis } from '../support/redis.ts';
import { rowsOf } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const ISSUE = 'POST /v1/users/deviceRegistrationCode';

/** After the look-ups for the card, the agent and the form, the code waits eleven seconds for its turn. */
const SLOW = { requestsPerSecond: 0.09, burst: 4 };

type Options = Parameters<typeof openHelpDesk>[0];

/** Mira approves; nobody has a device. */
async function openDesk({ env, ...options }: NonNullable<Options> = {}) {
  const desk = await openHelpDesk({
    ...options,
    env: { SECURID_APPROVERS: MIRA, SECURID_SECURITY_CHANNEL: SECURITY, ...env },
  });
  desk.tenant.records.devices = [];
  return desk;
}

const cardFor = ({ agent }: HelpDesk, who = 'alan@acme.test') =>
  agent.asks(`/securid code ${who} ios`);

/** A code that is waiting for its turn at SecurID. */
async function waitForTurn(desk: HelpDesk): Promise<Message> {
  const card = await cardFor(desk);
  await verify(desk.agent, card);
  await eventually(() => desk.screen(card).includes('Asking SecurID'));
  return card;
}

async function showCode(desk: HelpDesk, who?: string): Promise<Message> {
  const card = await cardFor(desk, who);
  await verify(desk.agent, card);
  await eventually(() => desk.screen(card).includes('Hide now'));
  return card;
}

/** Another instance, which shares nothing with the first, issues a code for Alan and tells him. */
async function issueElsewhere(desk: HelpDesk, decide = async () => {}) {
  const other = await desk.openSecondBot();
  other.isAsked();
  const card = await cardFor(desk);
  await verify(desk.agent, card);
  await decide();
  await reads(desk, card, 'Hide now');
  desk.isAsked();
}

const reads = (desk: HelpDesk, card: Message, words: string) =>
  vi.waitUntil(() => desk.screen(card).includes(words), { interval: 1, timeout: PATIENCE });

const noticeFor = (desk: HelpDesk, person: string) =>
  desk.workspace.seenBy(person, `D${person}`).at(-1) as Message;

const report = (desk: HelpDesk) =>
  desk.person(ALAN).clicks(noticeFor(desk, ALAN), "This wasn't me");

const issues = ({ tenant }: HelpDesk) => tenant.calls().filter((call) => call === ISSUE);

/** Lets so many seconds pass, one by one, with everything due in each. */
async function pass(desk: HelpDesk, seconds: number) {
  for (let second = 0; second < seconds; second++) {
    desk.clock.advance(1000);
    await atRest();
  }
}

/** Lets exactly the time pass until its turn, however slow the machine is. */
async function turnComes({ clock }: HelpDesk) {
  const due = () => clock.nextIn() ?? Number.POSITIVE_INFINITY;
  await eventually(() => due() > 11_000 && due() < 12_000);
  clock.advance(due());
}

describe('a change that waits for its turn', () => {
  it('is stopped by a lockdown, and its agent reads so at once', async () => {
    const desk = await openDesk({ pace: SLOW });
    const card = await waitForTurn(desk);

    await desk.manager.asks('/securid lockdown on');

    await reads(desk, card, 'No code was issued. SecurID Desk is in lockdown');
    await pass(desk, 12);
    expect(issues(desk)).toEqual([]);
    const rows = await rowsOf(desk);
    expect(rows.map(({ event }) => event)).not.toContain('intent');
    expect(rows.at(-1)).toMatchObject({ event: 'refusal', actor: JONAS, reason: 'lockdown' });
  });

  it('is stopped by a report by the user, which the agent does not learn about', async () => {
    const desk = await openDesk({ pace: { ...SLOW, burst: 5 } });
    await issueElsewhere(desk);
    await desk.agent.asks('/securid token 000000900001');
    const card = await waitForTurn(desk);
    const before = issues(desk).length;

    // The look-up for the alert waits, too.
    await desk.person(ALAN).presses(noticeFor(desk, ALAN), "This wasn't me");

    await reads(desk, card, 'No code was issued.');
    expect(desk.screen(card)).toContain('This account is on hold');
    expect(desk.screen(card)).not.toMatch(/report|ask/i);
    await pass(desk, 12);
    expect(issues(desk)).toHaveLength(before);
  });

  it('is stopped while it waits to retry after a 429', async () => {
    const desk = await openDesk();
    desk.tenant.answerNext({ status: 429, headers: { 'retry-after': '8' } }, 1, ISSUE);
    const card = await waitForTurn(desk);
    await desk.tenant.saw(ISSUE);
    await eventually(() => desk.clock.nextIn() === 8000);

    await desk.manager.asks('/securid lockdown on');
    desk.clock.advance(8000);

    await reads(desk, card, 'SecurID Desk is in lockdown');
    expect(issues(desk)).toHaveLength(1);
    const rows = (await rowsOf(desk)).filter(({ target }) => target);
    expect(rows.map(({ event }) => event).slice(-3)).toEqual(['intent', 'not done', 'refusal']);
  });

  it('is not sent once the app stops, and its trail says that nothing was issued', async () => {
    const desk = await openDesk();
    desk.tenant.answerNext({ status: 429, headers: { 'retry-after': '12' } }, 1, ISSUE);
    const card = await waitForTurn(desk);
    await desk.tenant.saw(ISSUE);
    await eventually(() => desk.clock.nextIn() === 12_000);

    const stopped = desk.app.stop();
    desk.clock.advance(10_000);
    await stopped;
    await reads(desk, card, 'so no code was issued');
    desk.clock.advance(5000);

    expect(issues(desk)).toHaveLength(1);
    const rows = (await rowsOf(desk)).filter(({ target }) => target);
    expect(rows.map(({ event }) => event).slice(-2)).toEqual(['intent', 'not done']);
  });

  it('is stopped if the agent is no longer an agent', async () => {
    const desk = await openDesk({ pace: SLOW });
    const card = await waitForTurn(desk);
    const group = desk.workspace.groups.find(({ users }) => users.includes(JONAS));
    group?.users.splice(0);

    await pass(desk, 12);

    await reads(desk, card, 'No code was issued. Only the help desk may issue');
    expect(issues(desk)).toEqual([]);
  });

  it.each<[string, (desk: HelpDesk) => void, string]>([
    [
      'is no approver any more',
      ({ workspace }) => void workspace.groups.find(({ id }) => id === 'S0SECOND')?.users.splice(0),
      'No code was issued. The person who approved it is no longer an approver.',
    ],
    [
      'may be one or not: Slack does not say',
      ({ workspace }) => void workspace.groups.splice(2),
      'No code was issued. SecurID Desk could not check whether this code may be issued.',
    ],
  ])('is stopped if its approver %s', async (_, change, expected) => {
    const desk = await openHelpDesk({
      pace: { ...SLOW, burst: 7 },
      env: {
        SECURID_APPROVERS: 'S0SECOND',
        SECURID_APPROVAL: 'always',
        SECURID_APPROVAL_CHANNEL: APPROVALS,
      },
    });
    desk.workspace.groups.push({ id: 'S0SECOND', handle: 'second', users: [MIRA] });
    desk.tenant.records.devices = [];
    const card = await cardFor(desk);
    await (await verify(desk.agent, card)).answer();
    const request = desk.workspace.messages.find(
      ({ channel, to }) => channel === APPROVALS && !to,
    ) as Message;
    await desk.manager.presses(request, 'Approve');
    await eventually(() => desk.screen(card).includes('Asking SecurID'));

    change(desk);
    await pass(desk, 12);

    await reads(desk, card, expected);
    expect(issues(desk)).toEqual([]);
  });

  it("is stopped by a lockdown during the check of the agent's role", async () => {
    const desk = await openDesk({ pace: SLOW });
    const card = await waitForTurn(desk);
    desk.workspace.failNext('users.info', { delay: 400 });
    await turnComes(desk);
    await eventually(() => desk.workspace.failuresToCome() === 0);

    await desk.manager.asks('/securid lockdown on');
    desk.clock.advance(400);

    await reads(desk, card, 'No code was issued. SecurID Desk is in lockdown');
    await pass(desk, 12);
    expect(issues(desk)).toEqual([]);
    expect((await rowsOf(desk)).map(({ event }) => event)).not.toContain('intent');
  });

  it('is stopped if Slack does not say in time whether the agent still is one', async () => {
    const desk = await openDesk({ pace: SLOW });
    const card = await waitForTurn(desk);
    desk.workspace.failNext('usergroups.users.list', 'hang', 5);

    await pass(desk, 16);

    await reads(desk, card, 'could not check whether this code may be issued');
    expect(issues(desk)).toEqual([]);
  });
});

describe('a code on a screen', () => {
  it('is erased at once by a lockdown, with a reason', async () => {
    const desk = await openDesk();
    const card = await showCode(desk);

    await desk.manager.asks('/securid lockdown on');

    await reads(desk, card, 'was withdrawn: SecurID Desk is in lockdown.');
    expect(JSON.stringify(card.blocks)).not.toContain(desk.tenant.issuedCodes[0]?.code);
    expect((await rowsOf(desk)).at(-1)).toMatchObject({ event: 'erased', reason: 'lockdown' });
  });

  it('is erased if its user reports it, and no other code is', async () => {
    const desk = await openDesk();
    const others = await showCode(desk, 'noor@acme.test');
    const card = await showCode(desk);

    await report(desk);

    await reads(desk, card, 'was withdrawn: this account is on hold.');
    expect(desk.screen(card)).toMatchInlineSnapshot(
      `"The registration code for Alan Mertens was withdrawn: this account is on hold. It may still work. Do not pass it on, and call your security team."`,
    );
    expect(desk.screen(others)).toContain('Hide now');
  });

  it('does not appear if it was stopped while SecurID answered', async () => {
    const desk = await openDesk();
    const hold = desk.tenant.hold(ISSUE);
    const card = await waitForTurn(desk);
    await hold.arrived();
    await desk.manager.asks('/securid lockdown on');

    hold.release();

    await reads(desk, card, 'was withdrawn');
    const { code = 'none' } = desk.tenant.issuedCodes[0] ?? {};
    expect(desk.workspace.bodies.join()).not.toContain(code);
    const events = (await rowsOf(desk)).map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(['done', 'told', 'erased']));
  });
});

describe('a request for approval', () => {
  const asked = ({ workspace }: HelpDesk) =>
    workspace.messages.filter(({ channel }) => channel === APPROVALS).at(-1) as Message;

  it('is withdrawn by a lockdown that came while it was being posted', async () => {
    const desk = await openDesk({
      env: { SECURID_APPROVAL: 'always', SECURID_APPROVAL_CHANNEL: APPROVALS },
    });
    const card = await cardFor(desk);
    const reading = desk.tenant.hold('GET /v2/users/{id}/devices');
    await verify(desk.agent, card);
    await reading.arrived();
    await desk.manager.asks('/securid lockdown on');
    reading.release();

    await inTime(desk, () => desk.screen(card).includes('The request was withdrawn'));
    await inTime(desk, () => desk.screen(asked(desk)).includes('Withdrawn'));
    expect(desk.screen(card)).toContain('SecurID Desk is in lockdown.');
    expect(desk.screen(asked(desk))).not.toContain('[ Approve ]');
  });

  it.each<[string, (desk: HelpDesk) => Promise<unknown>, string]>([
    ['a lockdown', ({ manager }) => manager.asks('/securid lockdown on'), 'in lockdown'],
    ['a report', report, 'on hold'],
  ])('ends with %s, for everybody', async (_, stop, words) => {
    const env = { SECURID_APPROVAL: 'always', SECURID_APPROVAL_CHANNEL: APPROVALS };
    const desk = await openDesk({ env });
    await issueElsewhere(desk, async () => {
      await eventually(() => asked(desk) !== undefined);
      await desk.manager.clicks(asked(desk), 'Approve');
    });
    const card = await cardFor(desk);
    await (await verify(desk.agent, card)).answer();
    const request = asked(desk);
    expect(desk.screen(request)).toContain('[ Approve ]');

    await stop(desk);

    await reads(desk, request, 'Withdrawn: ');
    await reads(desk, card, 'The request was withdrawn');
    expect(desk.screen(request)).not.toContain('[ Approve ]');
    expect(desk.screen(request)).toContain(words);
    expect(desk.screen(card)).toContain(words);
    expect(issues(desk)).toHaveLength(1);
    const rows = await rowsOf(desk);
    expect(rows.filter(({ event }) => event === 'lapsed')).toHaveLength(1);
  });
});

describe.skipIf(!redisInstalled)('several instances', () => {
  async function openTwo() {
    const redis = await startRedis();
    const desk = await openDesk({ env: { REDIS_URL: redis.url } });
    return { redis, desk, second: await desk.openSecondBot() };
  }

  it('erase a code within three seconds of a lockdown on another instance', async () => {
    const { desk, second } = await openTwo();
    const card = await showCode(desk);
    second.isAsked();
    await desk.manager.asks('/securid lockdown on');

    await pass(desk, 2);

    await reads(desk, card, 'was withdrawn: SecurID Desk is in lockdown.');
  });

  it('erase it if the user reports it on another instance', async () => {
    const { desk, second } = await openTwo();
    const card = await showCode(desk);
    second.isAsked();
    await report(desk);

    await pass(desk, 2);

    await reads(desk, card, 'was withdrawn: this account is on hold.');
  });

  it('erase it even if the store says that it is already erased', async () => {
    const { redis, desk } = await openTwo();
    const card = await showCode(desk);
    const rows = readFileSync(desk.auditFile, 'utf8').split('\n').filter(Boolean);
    const { incident } = rows.map((row) => JSON.parse(row)).find(({ event }) => event === 'done');
    await redis.ask('SET', `securid-desk:erased code ${incident}`, '', 'EX', '600');

    await desk.manager.asks('/securid lockdown on');

    await reads(desk, card, 'was withdrawn: SecurID Desk is in lockdown.');
  });

  it.each<[string, (redis: RedisServer) => unknown]>([
    ['is away', (redis) => redis.kill()],
    ['does not answer', (redis) => redis.pause()],
  ])('erase it once the store %s for ten seconds', async (_, fail) => {
    const { redis, desk } = await openTwo();
    const card = await showCode(desk);
    await fail(redis);
    await pass(desk, 4);
    expect(desk.screen(card)).toContain('Hide now');

    await pass(desk, 6);

    await reads(desk, card, 'was removed because SecurID Desk cannot reach its store.');
  });

  it('withdraw a request for approval once the store answers again and knows of the lockdown', async () => {
    const redis = await startRedis();
    const desk = await openDesk({
      env: {
        REDIS_URL: redis.url,
        SECURID_APPROVAL: 'always',
        SECURID_APPROVAL_CHANNEL: APPROVALS,
      },
    });
    const card = await cardFor(desk);
    await (await verify(desk.agent, card)).answer();
    expect(desk.screen(card)).toContain('Waiting for approval');
    redis.pause();
    await desk.manager.asks('/securid lockdown on');
    await pass(desk, 3);
    redis.goOn();

    await pass(desk, 5);

    await reads(desk, card, 'The request was withdrawn: SecurID Desk is in lockdown.');
    const [request] = desk.workspace.messages.filter(({ channel }) => channel === APPROVALS);
    expect(desk.screen(request as Message)).not.toContain('[ Approve ]');
  });

  it('keep it while the store answers on and off', async () => {
    const { redis, desk } = await openTwo();
    const card = await showCode(desk);
    for (let outage = 0; outage < 3; outage++) {
      redis.pause();
      desk.clock.advance(5000);
      redis.goOn();
      await pass(desk, 3);
    }

    expect(desk.screen(card)).toContain('Hide now');
  });
});
