import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  ALAN,
  APPROVALS,
  SECURID_AUDIT as AUDIT,
  BOT,
  MIRA,
} from '../../src/playground/company.ts';
import { eventually, type HelpDesk, keepBody, openHelpDesk } from '../support/help-desk.ts';
import { inTime } from '../support/passing-time.ts';
import { verify } from '../support/verification.ts';

type Env = Record<`SECURID_${string}`, string>;

async function openDesk({ invited = true, ...more }: { invited?: boolean } & Env = {}) {
  const env = { AUDIT_CHANNEL: AUDIT, SECURID_APPROVERS: MIRA, ...more };
  const desk = await openHelpDesk({ env });
  const channel = desk.workspace.channels.find(({ id }) => id === AUDIT);
  if (channel && !invited) channel.members = channel.members.filter((id) => id !== BOT.userId);
  const lines = () => desk.workspace.messages.filter(({ channel }) => channel === AUDIT);
  return {
    ...desk,
    lines,
    /** With incident numbers masked, since they differ each time. */
    read: () =>
      lines().map((line) =>
        desk
          .screen(line)
          .replace(/\d+:[\da-f]{64}/g, '#:####')
          .replace(/[\dA-Z]{4}-[\dA-Z]{4}$/gm, '####-####'),
      ),
  };
}

async function issueFor({ agent }: Awaited<ReturnType<typeof openDesk>>, reason: string) {
  const card = await agent.asks('/securid code alan@acme.test ios');
  const press = await verify(agent, card, { reason, ticket: 'T-4711' });
  await press.answer();
  await press.answer();
}

const rowsIn = ({ auditFile }: HelpDesk) => readFileSync(auditFile, 'utf8').trim().split('\n');

/** Somebody without a role keeps asking; each refusal is recorded. */
async function refuse(desk: HelpDesk, times: number) {
  const refused = () => rowsIn(desk).filter((row) => row.includes('"refusal"')).length;
  const before = existsSync(desk.auditFile) ? refused() : 0;
  for (let time = 1; time <= times; time += 1) {
    await desk.guest.asks('/securid user grace@acme.test');
  }
  await eventually(() => refused() === before + times);
}

/** How many refusals the channel was told of, one by one or as a count. */
function refusalsIn(desk: Awaited<ReturnType<typeof openDesk>>): number {
  const text = desk.read().join('\n');
  const counted = [...text.matchAll(/(\d+) more refusals? of @gil\./g)];
  const sum = counted.reduce((all, [, n]) => all + Number(n), 0);
  return text.split('@gil was refused').length - 1 + sum;
}

const refusedPosts = ({ workspace }: HelpDesk) =>
  workspace.apiCalls.filter(({ method }) => method === 'chat.postMessage').length -
  workspace.messages.filter(({ to }) => to === undefined).length;

describe('shows each code: by whom, for whom, why, but not the code', () => {
  it('shows each code: by whom, for whom, why, but not the code', async () => {
    const desk = await openDesk();
    await issueFor(desk, '<!channel> new telephone');
    await eventually(() => desk.lines().length === 1);

    expect(desk.read()).toMatchInlineSnapshot(`
      [
        "🔑 @jonas issued a registration code.
        for Alan Mertens, alan@acme.test · reason: <!channel> new telephone · verified: In person with badge · ticket: T-4711 · anchor #:#### · incident ####-####",
      ]
    `);
    const [line] = desk.lines();
    expect(JSON.stringify(line?.blocks)).not.toContain(desk.tenant.issuedCodes[0]?.code);
    expect(line?.text).not.toContain('<!channel>');
  });

  it('shows each refusal and each lockdown, but no look-ups', async () => {
    const desk = await openDesk();
    await desk.guest.asks('/securid user grace@acme.test');
    await desk.agent.asks('/securid user grace@acme.test');
    await desk.manager.asks('/securid lockdown on');
    await eventually(() => desk.lines().length === 2);

    expect(desk.read()).toMatchInlineSnapshot(`
      [
        "⛔ @gil was refused.
        operation: user · reason: is a guest · incident ####-####",
        "🔒 @mira stopped all registration codes.
        incident ####-####",
      ]
    `);
  });

  it('shows no refusal if somebody merely opened a card', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid code ivy@acme.test ios');
    expect(desk.screen(card)).toContain('The user is not enabled');
    await desk.manager.asks('/securid lockdown on');
    await eventually(() => desk.lines().length > 0);

    expect(desk.read()).toEqual([expect.stringContaining('stopped all registration codes.')]);
    expect(rowsIn(desk).join()).toContain('"reason":"enabled"');
  });

  it('shows why a code was refused, in plain words and with names', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    const alan = desk.tenant.records.users.find((one) => one.emailAddress === 'alan@acme.test');
    if (alan) alan.userStatus = 'Disabled';
    await (await verify(desk.agent, card)).answer();
    await eventually(() => desk.lines().length === 1);

    expect(desk.read()).toMatchInlineSnapshot(`
      [
        "⛔ @jonas was refused.
        for Alan Mertens, alan@acme.test · operation: registration code · reason: the user is disabled · incident ####-####",
      ]
    `);
  });

  it('shows that somebody is not an agent', async () => {
    const desk = await openDesk();
    await desk.manager.asks('/securid code grace@acme.test');
    await eventually(() => desk.lines().length === 1);

    expect(desk.read()[0]).toContain('reason: is not an agent');
  });

  it('shows who reported a code and who had issued it', async () => {
    const desk = await openDesk();
    await issueFor(desk, 'New telephone');
    const notice = desk.workspace.messages.find(({ text }) =>
      text.includes('registration code for your'),
    );
    await desk.person(ALAN).clicks(notice as never, "This wasn't me");
    await eventually(() => desk.lines().length === 2);

    expect(desk.read()[1]).toMatchInlineSnapshot(`
      "🚨 @alan reported a registration code they did not ask for, issued by @jonas.
        for Alan Mertens, alan@acme.test · incident ####-####"
    `);
  });

  it('does not call an approval lapsed that a lockdown withdrew', async () => {
    const desk = await openDesk({
      SECURID_APPROVAL: 'always',
      SECURID_APPROVAL_CHANNEL: APPROVALS,
    });
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    await (await verify(desk.agent, card)).answer();
    await desk.manager.asks('/securid lockdown on');
    // The start's anchor may come before or after it.
    const withdrawn = '@jonas asked for approval, and the request was withdrawn.';
    await inTime(desk, () => desk.read().join().includes(withdrawn));

    expect(desk.read().join()).not.toContain('nobody decided');
  });

  it('without the bot is named in the log, and stops nothing', async () => {
    const desk = await openDesk({ invited: false });
    await issueFor(desk, 'New telephone');

    expect(desk.tenant.issuedCodes).toHaveLength(1);
    await eventually(() => desk.printed.join().includes('is the bot invited there?'));
    expect(desk.lines()).toEqual([]);
  });

  it('shows each of 30 refusals, singly or as a count, in few messages and with no 429', async () => {
    const desk = await openDesk();
    await refuse(desk, 10);
    // The channel takes no more before time has passed, so the rest waits together.
    await eventually(() => (desk.clock.nextIn() ?? Number.POSITIVE_INFINITY) <= 1000);
    await refuse(desk, 20);
    await inTime(desk, () => refusalsIn(desk) === 30);

    expect(desk.lines().length).toBeLessThan(8);
    expect(desk.read().at(-1)).toContain(' more refusals of @gil.');
    expect(refusedPosts(desk)).toBe(0);
  });

  it('shows a lockdown before waiting refusals, whoever causes them', async () => {
    const desk = await openDesk();
    await refuse(desk, 20);
    await desk.manager.asks('/securid lockdown on');
    await eventually(() => desk.clock.waiting() > 0);
    await refuse(desk, 20);

    await inTime(desk, () => refusalsIn(desk) === 40);

    const text = desk.read().join('\n');
    expect(text).toContain('🔒 @mira stopped all registration codes.');
    const behind = text.slice(text.indexOf('🔒'));
    expect(behind).toContain('more refusals of @gil.');
    const lockdown = desk.lines().find((line) => desk.screen(line).includes('🔒'));
    expect(desk.screen(lockdown as never)).toMatch(/^🔒/);
  });

  it('gets its messages after a pause, as long as Slack says', async () => {
    const desk = await openDesk();
    desk.workspace.failNext('chat.postMessage', { status: 429, headers: { 'retry-after': '30' } });
    await desk.guest.asks('/securid user grace@acme.test');
    await eventually(() => desk.clock.nextIn() === 30_000);
    await desk.manager.asks('/securid lockdown on');
    desk.clock.advance(29_999);
    expect(desk.lines()).toEqual([]);

    desk.clock.advance(1);
    await eventually(() => desk.lines().length === 1);

    expect(desk.read()).toMatchInlineSnapshot(`
      [
        "🔒 @mira stopped all registration codes.
        incident ####-####
        2026-03-04 09:00
      ⛔ @gil was refused.
        operation: user · reason: is a guest · incident ####-####
        2026-03-04 09:00",
      ]
    `);
  });

  it.each([
    ['is not there for minutes', { status: 503 }],
    ['fails for minutes', { status: 500 }],
  ])('gets them after Slack %s', async (_, fault) => {
    const desk = await openDesk();
    desk.workspace.failNext('chat.postMessage', fault, 8);
    await desk.manager.asks('/securid lockdown on');

    await inTime(desk, () => desk.lines().length === 1);

    expect(desk.read()[0]).toContain('🔒 @mira stopped all registration codes.');
  });

  it('gets them once the bot is invited', async () => {
    const desk = await openDesk({ invited: false });
    await desk.manager.asks('/securid lockdown on');
    await eventually(() => desk.printed.join().includes('is the bot invited there?'));

    desk.workspace.channels.find(({ id }) => id === AUDIT)?.members.push(BOT.userId);
    desk.clock.advance(5 * 60_000);
    await eventually(() => desk.lines().length === 1);

    expect(desk.read()[0]).toContain('🔒 @mira stopped all registration codes.');
  });

  it('gets what is waiting when the app stops', async () => {
    const desk = await openDesk();
    await refuse(desk, 30);
    await desk.manager.asks('/securid lockdown on');

    await desk.close();

    expect(refusalsIn(desk)).toBe(30);
    expect(desk.read().join()).toContain('🔒');
  });

  it('that accepts nothing at the stop is named in the log, with what it did not get', async () => {
    const desk = await openDesk();
    desk.workspace.setAlways((where) =>
      where === 'chat.postMessage' ? { status: 429, headers: { 'retry-after': '60' } } : undefined,
    );
    await desk.manager.asks('/securid lockdown on');
    await refuse(desk, 5);

    await desk.close();

    const missing = desk.logged().findLast(({ msg }) => String(msg).startsWith('AUDIT_CHANNEL'));
    expect(missing).toMatchObject({ lines: 7 });
  });

  it('still shows a change while somebody without a role keeps asking', async () => {
    const desk = await openDesk();
    await refuse(desk, 20);
    await issueFor(desk, 'New telephone');
    await refuse(desk, 5);

    desk.clock.advance(1000);
    await eventually(() => desk.read().join().includes(`🔑 @jonas issued`));

    expect(desk.read().findIndex((line) => line.includes('🔑'))).toBeLessThan(6);
  });

  it('has a metric for messages that wait for Slack', async () => {
    const desk = await openDesk();
    desk.workspace.failNext('chat.postMessage', { status: 429, headers: { 'retry-after': '30' } });
    await desk.manager.asks('/securid lockdown on');
    await eventually(() => desk.clock.nextIn() === 30_000);

    const metrics = await keepBody(await fetch(`${desk.ops}/metrics`));

    expect(metrics).toContain('securid_desk_slack_waiting 1');
  });
});
