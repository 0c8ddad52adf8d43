import { describe, expect, it, vi } from 'vitest';
import { COUNTED } from '../../src/audit/index.ts';
import { OUTCOMES } from '../../src/desk/progress.ts';
import { createChanges } from '../../src/guard/change/changes.ts';
import { RULE_LINES } from '../../src/guard/gate/rules.ts';
import { createMetrics, NO_LABEL } from '../../src/monitoring/index.ts';
import { CHANGES } from '../../src/operations/changes.ts';
import { ALAN, APPROVALS, MIRA, SECURITY } from '../../src/playground/company.ts';
import { APIS } from '../../src/securid/index.ts';
import { SLACK_METHODS } from '../../src/slack/calls.ts';
import {
  eventually,
  type HelpDesk,
  type HelpDeskOptions,
  type Message,
  openHelpDesk,
} from '../support/help-desk.ts';
import { counts, scrape } from '../support/metrics.ts';
import { PATIENCE } from '../support/patience.ts';
import { fillIn, verify } from '../support/verification.ts';

/** The log lines that say how something ended. */
const endings = ({ logged }: HelpDesk) =>
  logged().filter((line) => 'outcome' in line && !line.continued);

/** Waits until so many commands, presses and submissions have ended. */
const ended = (desk: HelpDesk, times: number) => eventually(() => endings(desk).length >= times);

const openDesk = ({ env = {}, ...options }: HelpDeskOptions = {}) =>
  openHelpDesk({
    ...options,
    env: {
      SECURID_APPROVERS: MIRA,
      SECURID_APPROVAL_CHANNEL: APPROVALS,
      SECURID_SECURITY_CHANNEL: SECURITY,
      SECURID_PROTECTED: 'noor@acme.test',
      ...env,
    },
  });

async function issueFor(desk: HelpDesk, who = 'alan@acme.test') {
  const card = await desk.agent.asks(`/securid code ${who} ios`);
  const press = await verify(desk.agent, card);
  await press.answer();
  return { card, press };
}

const TYPED = [
  'user grace@acme.test',
  'user nobody@acme.test',
  'user <@U0ALAN|alan>',
  'user "unclosed',
  'user',
  'token 000123456789',
  'token 123456789012345678901234567890123456789',
  'authenticators grace@acme.test browsers',
  'devices 8f3c2e1a',
  'usre grace@acme.test',
  'grace@acme.test',
  '123456789',
  'xoxb-1-2-abc',
  '{operation="evil"} 1',
  'a"b\\c\nd',
  'ü'.repeat(500),
  'code alan@acme.test ios',
  'code alan@acme.test nokia',
  'license',
  'lockdown on',
  'unblock alan@acme.test',
  '?',
  'help me',
];

describe('no label', () => {
  const sets: Record<string, readonly string[]> = {
    rule: [...RULE_LINES.keys(), ...createChanges(CHANGES, []).limits.map(({ rule }) => rule)],
    api: APIS,
    method: SLACK_METHODS,
    status: ['200', '404', 'none'],
    outcome: [
      ...OUTCOMES,
      ...['done', 'not done', 'unknown'],
      ...['asked', 'approved', 'denied', 'lapsed', 'withdrawn'],
      ...['told', 'not in Slack', 'failed'],
      ...['ok', 'refused'],
    ],
  };

  it('has a value outside a closed set, whatever is typed and pressed', async () => {
    const desk = await openDesk();
    const known: typeof sets = { ...sets, operation: [...desk.app.names, NO_LABEL] };
    for (const text of TYPED) await desk.agent.asks(`/securid ${text}`);
    await desk.guest.asks('/securid user grace@acme.test');
    await desk.person(MIRA).asks('/securid license');
    const card = await desk.agent.asks('/securid user alan@acme.test');
    await desk.agent.clicks(card, 'Authenticators');
    await issueFor(desk);
    await desk.agent.clicks(await desk.agent.asks('/securid code grace@acme.test'), 'Cancel');
    await ended(desk, TYPED.length + 8);

    const samples = await scrape(desk);

    expect(samples.length).toBeGreaterThan(100);
    for (const { labels } of samples) {
      for (const [label, word] of Object.entries(labels)) {
        if (label === 'le') expect(word).toMatch(/^(\d+(\.\d+)?|\+Inf)$/);
        else expect(known[label]).toContain(word);
      }
    }
  });

  it('names an operation, API, status or method that is unknown: all of them share one word', async () => {
    const labels = {
      ...{ operations: () => ['user'], changes: ['code'] },
      ...{ outcomes: ['answered'], rules: ['lockdown'] },
    };
    const metrics = createMetrics({
      isStateLost: () => false,
      labels: { ...labels, apis: ['GET v1/x'], slackMethods: ['users.info'] },
      events: COUNTED,
      pace: () => undefined,
      ofProcess: false,
    });

    metrics.asked('follow-up:jane@acme.test', 'jane', -1);
    metrics.securidAnswered('GET v1/users/8f3c', 299, 1);
    metrics.slackAnswered('users.jane', 'ok');
    metrics.happened({ event: 'refusal', reason: 'jane@acme.test' });
    metrics.happened({ event: 'jane' });
    metrics.happened({ event: 'done', operation: 'jane' });

    const text = await metrics.text();
    expect(text).not.toMatch(/jane|8f3c|299/);
    expect(text).toContain('requests_total{operation="unknown",outcome="unknown"} 1');
  });
});

describe('/metrics', () => {
  it('counts what was asked for, by how it ended', async () => {
    const desk = await openDesk();
    await desk.agent.asks('/securid user grace@acme.test');
    await desk.agent.asks('/securid usre grace@acme.test');
    await desk.agent.asks('/securid token');
    await desk.guest.asks('/securid user grace@acme.test');
    desk.tenant.answerNext({ status: 500 }, 3);
    await desk.agent.asks('/securid token 123456789');
    desk.workspace.failNext('response_url', { status: 404, body: 'no_team' });
    await desk.agent.types('/securid help');
    const opened = await desk.agent.types('/securid');
    await opened.answer();
    await ended(desk, 7);

    expect(await counts(desk, 'requests_total')).toEqual({
      'user | answered': 1,
      'user | refused': 1,
      'unknown | not understood': 1,
      'token | not understood': 1,
      'token | failed': 1,
      'help | not delivered': 1,
      'home | answered': 1,
    });
    expect(await counts(desk, 'acknowledgement_seconds_count')).toEqual({ '': 7 });
    expect(await counts(desk, 'answer_seconds_count')).toMatchObject({ user: 2, token: 2 });
  });

  it('tells how SecurID and Slack answered', async () => {
    const desk = await openDesk({ credential: 'oauth rsa' });
    desk.tenant.answerNext({ status: 503 }, 1, 'POST /v1/users/lookup');
    desk.workspace.failNext('users.info', { status: 500 });
    await desk.agent.asks('/securid user grace@acme.test');
    await ended(desk, 1);

    expect(await counts(desk, 'securid_call_seconds_count')).toEqual({
      'POST /oauth/token | 200': 1,
      'POST v1/users/lookup | 200': 1,
      'POST v1/users/lookup | 503': 1,
      'GET v2/users/{userId}/devices | 200': 1,
    });
    expect(await counts(desk, 'slack_calls_total')).toMatchObject({
      'users.info | failed': 1,
      'users.info | ok': 1,
      'response_url | ok': 1,
    });
  });

  it('counts codes, refusals, notices and reports', async () => {
    const desk = await openDesk();
    const { press } = await issueFor(desk);
    await press.answer();
    const notice = desk.workspace.seenBy(ALAN, `D${ALAN}`).at(-1) as Message;
    await desk.person(ALAN).clicks(notice, "This wasn't me");
    await desk.agent.asks('/securid code alan@acme.test');
    desk.tenant.answerNext('reset', 1, 'POST /v1/users/deviceRegistrationCode');
    await (await issueFor(desk, 'grace@acme.test')).press.answer();
    await ended(desk, 7);

    expect(await counts(desk, 'changes_total')).toEqual({ 'code | done': 1, 'code | unknown': 1 });
    expect(await counts(desk, 'change_refusals_total')).toEqual({ reported: 1 });
    expect(await counts(desk, 'notices_total')).toEqual({ told: 1 });
    expect(await counts(desk, 'reports_total')).toEqual({ '': 1 });
    expect(await counts(desk, 'requests_total')).toMatchObject({
      'code:form | answered': 1,
      'code:form | failed': 1,
      'code | refused': 1,
    });
  });

  it('counts approvals, and counts a code that was approved once', async () => {
    const desk = await openDesk();
    desk.tenant.records.devices = [];
    await issueFor(desk, 'noor@acme.test');
    const request = desk.workspace.messages.find(
      ({ channel, to }) => channel === APPROVALS && !to,
    ) as Message;
    await desk.person(MIRA).clicks(request, 'Approve');
    await ended(desk, 4);

    expect(await counts(desk, 'approvals_total')).toEqual({ asked: 1, approved: 1 });
    expect(await counts(desk, 'changes_total')).toEqual({ 'code | done': 1 });
    expect(await counts(desk, 'requests_total')).toMatchObject({
      'code:form | answered': 1,
      'code:approve | answered': 1,
    });
  });

  it('counts requests for approval that a lockdown or a report ended as withdrawn', async () => {
    const desk = await openDesk();
    await issueFor(desk, 'noor@acme.test');
    await desk.person(MIRA).asks('/securid lockdown on');
    await ended(desk, 4);

    await vi.waitFor(
      async () => expect(await counts(desk, 'approvals_total')).toEqual({ asked: 1, withdrawn: 1 }),
      PATIENCE,
    );
  });

  it('counts rows that the disk did not take, and what happened anyway', async () => {
    const desk = await openDesk({ env: { AUDIT_FILE: '/no such folder/audit' } });
    await desk.person(MIRA).asks('/securid lockdown on');
    await desk.agent.asks('/securid code alan@acme.test');
    await ended(desk, 2);

    // Nobody waits for a refusal's row to be written.
    await vi.waitFor(
      async () => expect(await counts(desk, 'change_refusals_total')).toEqual({ lockdown: 1 }),
      PATIENCE,
    );
    expect(await counts(desk, 'audit_failures_total')).toEqual({ '': expect.any(Number) });
  });

  it('shows the pace, and nothing that nobody reports', async () => {
    const labels = {
      operations: () => [],
      changes: [],
      outcomes: [],
      rules: [],
      apis: [],
      slackMethods: [],
    };
    const pace = vi.fn().mockReturnValueOnce(undefined);
    const metrics = createMetrics({
      ...{ labels, events: COUNTED, pace },
      isStateLost: () => false,
      ofProcess: false,
    });
    pace.mockReturnValue({
      queued: 7,
      running: 5,
      pausedFor: 1500,
      requestsPerSecond: 3.5,
      learned: true,
    });

    const text = await metrics.text();

    expect(text).toContain('securid_desk_securid_running 5');
    expect(text).toContain('securid_desk_securid_paused_seconds 1.5');
    expect(text).toContain('securid_desk_securid_requests_per_second 3.5');
    expect(text).toContain('securid_desk_securid_pace_learned 1');
  });
});

describe('the log', () => {
  it('has one line for how each command, press and submission ended', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    const { form } = await fillIn(desk.agent, card, { reason: ' ' });
    await desk.agent.submits(form);
    desk.agent.fills(form, 'Reason', 'New telephone');
    await desk.agent.submits(form);
    await ended(desk, 4);
    await desk.guest.asks('/securid user grace@acme.test');
    await ended(desk, 5);

    expect(endings(desk)).toEqual(
      [
        ['code', 'answered', 'answered'],
        ['code:verify', 'answered', 'answered'],
        ['code:form', 'not understood', 'not accepted'],
        ['code:form', 'answered', 'answered'],
        ['user', 'refused', 'answered'],
      ].map(([operation, outcome, msg]) =>
        expect.objectContaining({
          operation,
          outcome,
          msg,
          incident: expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/),
          actor: expect.stringMatching(/^U0/),
          ackMs: 0,
          ms: 0,
        }),
      ),
    );
    const incidents = endings(desk).map(({ incident }) => incident);
    expect(new Set(incidents).size).toBe(5);
  });

  it('says how long an answer took, to a tenth of a millisecond', async () => {
    const desk = await openDesk();
    const hold = desk.tenant.hold();
    const asked = await desk.agent.types('/securid user grace@acme.test');
    await hold.arrived();
    desk.clock.advance(1234.5678);
    hold.release();
    await asked.answer();
    await ended(desk, 1);

    expect(endings(desk)).toMatchObject([
      { outcome: 'answered', ackMs: 0, ms: 1234.6, securidMs: 1234.6 },
    ]);
    const sums = await counts(desk, 'answer_seconds_sum');
    expect(sums).toEqual({ user: expect.closeTo(1.2346, 4) });
  });
});
