import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { IT_MANAGERS } from '../../src/playground/company.ts';
import { atRest } from '../support/at-rest.ts';
import {
  eventually,
  type HelpDesk,
  type HelpDeskOptions,
  openHelpDesk,
} from '../support/help-desk.ts';
import { PATIENCE } from '../support/patience.ts';
import { OUTPUT } from '../support/printed.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { rowsIn } from '../support/rows.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The first working day of April 2026, a Wednesday. */
const DUE = '2026-04-01T09:00:00.000Z';

/** The evening before. The bot is in the managers’ channel. */
const open = ({ env = {}, ...options }: HelpDeskOptions = {}) =>
  openHelpDesk({
    now: '2026-03-31T18:00:00Z',
    invitedTo: [IT_MANAGERS],
    ...options,
    env: {
      SECURID_LICENSE_CHANNEL: IT_MANAGERS,
      ...env,
    },
  });

/** A restarted bot continues this audit trail. */
const ofOneTrail = () => ({ AUDIT_FILE: join(OUTPUT, `printed-audit-${randomUUID()}.jsonl`) });

const goTo = ({ clock }: HelpDesk, time: string) => clock.advance(Date.parse(time) - clock.now());

const posted = ({ workspace }: HelpDesk) =>
  workspace.messages.filter(({ channel }) => channel === IT_MANAGERS);
const summaries = (desk: HelpDesk) =>
  posted(desk).filter(({ text }) => text.startsWith('RSA ID Plus license summary'));

const lines = (desk: HelpDesk, words: string) =>
  desk.logged().filter(({ msg }) => String(msg).includes(words));
const hasLines = (desk: HelpDesk, words: string, count = 1) =>
  eventually(() => lines(desk, words).length === count);

const AGAIN = 'will try again in ten minutes: license summary';
const DONE = 'posted to SECURID_LICENSE_CHANNEL: license summary';

const events = ({ auditFile }: { auditFile: string }) =>
  rowsIn(auditFile).map(({ event, target }) => [event, target]);

/** Stops the bot, and starts another one later. */
async function restartAt(desk: HelpDesk, time: string) {
  await desk.app.stop();
  goTo(desk, time);
  return desk.openSecondBot();
}

describe('the license summary on schedule', () => {
  it('is posted at nine on the first working day, once, and is recorded', async () => {
    const desk = await open();
    goTo(desk, '2026-04-01T08:59:59Z');
    expect(desk.tenant.requests).toEqual([]);

    goTo(desk, DUE);
    await hasLines(desk, DONE);
    goTo(desk, '2026-05-01T08:59:59Z');
    await desk.close();

    expect(summaries(desk)).toHaveLength(1);
    expect(desk.screen(summaries(desk)[0] as never)).toContain('Posted on schedule');
    expect(events(desk)).toEqual([
      ['licences due', DUE],
      ['licences posted', DUE],
    ]);
  });

  it('is posted again a month later', async () => {
    const desk = await open();
    goTo(desk, DUE);
    await hasLines(desk, DONE);

    goTo(desk, '2026-05-01T09:00:00Z');
    await hasLines(desk, DONE, 2);

    expect(summaries(desk)).toHaveLength(2);
  });

  it.each(['goes on', 'is restarted'])(
    'comes in time again after a clock was months ahead, if the bot %s',
    async (how) => {
      const desk = await open({ env: ofOneTrail() });
      const ahead = Date.parse('2026-07-01T09:30:00Z') - desk.clock.now();
      desk.clock.set(ahead);
      desk.clock.advance(HOUR);
      await hasLines(desk, DONE);
      await atRest();
      desk.clock.set(-ahead);
      if (how === 'is restarted') await restartAt(desk, '2026-03-31T20:00:00Z');

      goTo(desk, DUE);
      await hasLines(desk, DONE, 2);
      goTo(desk, '2026-05-01T08:59:59Z');
      await desk.close();

      expect(summaries(desk)).toHaveLength(2);
    },
  );

  it.each(['invalid_blocks', 'invalid_blocks_format'] as const)(
    'comes as a table if Slack says %s to charts',
    async (refusal) => {
      const desk = await open();
      desk.workspace.refuseBlocks('data_visualization', refusal);
      goTo(desk, DUE);
      await hasLines(desk, DONE);

      expect(summaries(desk)).toHaveLength(1);
      expect(desk.screen(summaries(desk)[0] as never)).toMatch(/^Mar 2026 /m);
    },
  );

  it('is posted with only the figures if charts and table are too long for Slack', async () => {
    const desk = await open();
    const tooLong = { status: 200, body: '{"ok":false,"error":"msg_blocks_too_long"}' };
    desk.workspace.failNext('chat.postMessage', tooLong, 2);
    goTo(desk, DUE);
    await hasLines(desk, DONE);

    expect(desk.screen(summaries(desk)[0] as never)).not.toMatch(/Month|chart/);
  });

  it('follows the configured schedule and time zone', async () => {
    const desk = await open({
      env: { SECURID_LICENSE_SCHEDULE: '30 8 * * WED', SECURID_TIME_ZONE: 'Europe/Berlin' },
    });

    goTo(desk, '2026-04-01T06:29:59Z');
    expect(desk.tenant.requests).toEqual([]);
    goTo(desk, '2026-04-01T06:30:00Z');
    await hasLines(desk, DONE);

    expect(summaries(desk)).toHaveLength(1);
  });

  it('does nothing without a channel', async () => {
    const desk = await open({
      env: { SECURID_LICENSE_CHANNEL: '', SECURID_LICENSES_PURCHASED: '1000' },
    });
    const waiting = desk.clock.waiting();

    goTo(desk, '2026-04-03T00:00:00Z');

    expect(waiting).toBe(0);
    expect(desk.tenant.requests).toEqual([]);
  });

  it('stops waiting when the bot stops', async () => {
    const desk = await open({ env: { SECURID_LICENSES_PURCHASED: '1500' } });
    expect(desk.clock.waiting()).toBeGreaterThan(0);

    await desk.app.stop();

    expect(desk.clock.waiting()).toBe(0);
  });

  it('is finished if it is under way when the bot stops', async () => {
    const desk = await open();
    const hold = desk.tenant.hold();
    goTo(desk, DUE);
    await hold.arrived();

    const stopped = desk.app.stop();
    hold.release();
    await stopped;

    expect(summaries(desk)).toHaveLength(1);
    expect(events(desk).at(-1)).toEqual(['licences posted', DUE]);
  });
});

describe('a license summary that was missed', () => {
  it('is caught up on within a day', async () => {
    const desk = await open({ env: ofOneTrail() });

    const later = await restartAt(desk, '2026-04-02T08:59:00Z');
    await hasLines(desk, DONE);

    expect(summaries(desk)).toHaveLength(1);
    expect(events(later).at(-1)).toEqual(['licences posted', DUE]);
  });

  it('is not caught up on after a day', async () => {
    const desk = await open({ env: ofOneTrail() });

    await restartAt(desk, '2026-04-02T09:00:00Z');
    await desk.close();

    expect(desk.tenant.requests).toEqual([]);
  });

  it('is not caught up on if the audit trail says that it was posted', async () => {
    const desk = await open({ env: ofOneTrail() });
    goTo(desk, DUE);
    await hasLines(desk, DONE);

    await restartAt(desk, '2026-04-01T12:00:00Z');
    await desk.close();

    expect(summaries(desk)).toHaveLength(1);
  });

  it('is not caught up on if it may have been posted, and the log says so', async () => {
    const desk = await open({ env: ofOneTrail() });
    desk.workspace.failNext('chat.postMessage', 'reset');
    goTo(desk, DUE);
    await hasLines(desk, 'unknown whether Slack accepted a message');

    await restartAt(desk, '2026-04-01T12:00:00Z');
    await desk.close();

    expect(lines(desk, 'unknown whether a license summary was posted')).toHaveLength(1);
    expect(summaries(desk)).toEqual([]);
  });

  it('is caught up on if Slack had refused it', async () => {
    const desk = await open({ env: ofOneTrail() });
    desk.workspace.failNext('chat.postMessage', { status: 429, headers: { 'retry-after': '30' } });
    goTo(desk, DUE);
    await hasLines(desk, AGAIN);

    await restartAt(desk, '2026-04-01T12:00:00Z');
    await hasLines(desk, DONE);

    expect(summaries(desk)).toHaveLength(1);
  });
});

describe('when a license summary is due and', () => {
  it('the tenant fails for 20 minutes, it comes afterwards', async () => {
    const desk = await open();
    desk.tenant.setAlways({ status: 500 });
    goTo(desk, DUE);
    await hasLines(desk, AGAIN, 1);
    desk.clock.advance(10 * MINUTE);
    await hasLines(desk, AGAIN, 2);

    desk.tenant.setAlways(undefined);
    desk.clock.advance(10 * MINUTE);
    await hasLines(desk, DONE);

    expect(summaries(desk)).toHaveLength(1);
    expect(posted(desk)).toHaveLength(1);
  });

  it('the tenant fails for six hours, that is said once', async () => {
    const desk = await open();
    desk.tenant.setAlways({ status: 500 });
    goTo(desk, DUE);
    for (let tries = 1; tries <= 36; tries += 1) {
      await hasLines(desk, AGAIN, tries);
      desk.clock.advance(10 * MINUTE);
    }
    await eventually(() => posted(desk).length === 1);
    desk.tenant.setAlways(undefined);
    desk.clock.advance(DAY);
    await desk.close();

    const [said, ...more] = posted(desk);
    expect(more).toEqual([]);
    expect(desk.screen(said as never)).toMatchInlineSnapshot(`
      "⚠️ There is no license summary this time: SecurID was unavailable for six hours. Once it is back, \`/securid license\` shows the summary.
        Incident \`####-####\`"
    `);
    expect(events(desk)).toEqual([['licences not posted', DUE]]);
  });

  it.each([
    ['asks for patience', { status: 429, headers: { 'retry-after': '30' } }],
    ['is not there', { status: 503 }],
  ])('Slack %s, it comes ten minutes later', async (_, fault) => {
    const desk = await open();
    desk.workspace.failNext('chat.postMessage', fault);
    goTo(desk, DUE);
    await hasLines(desk, AGAIN);

    desk.clock.advance(10 * MINUTE);
    await hasLines(desk, DONE);

    expect(summaries(desk)).toHaveLength(1);
    expect(events(desk).map(([event]) => event)).toEqual([
      'licences due',
      'licences refused',
      'licences due',
      'licences posted',
    ]);
  });

  it('Slack refuses it for six hours, the log says so, and the next start catches up on it', async () => {
    const desk = await open({ env: ofOneTrail() });
    desk.workspace.failNext('chat.postMessage', { status: 503 }, 37);
    goTo(desk, DUE);
    for (let tries = 1; tries <= 36; tries += 1) {
      await hasLines(desk, AGAIN, tries);
      desk.clock.advance(10 * MINUTE);
    }
    await hasLines(desk, 'gave up this time: license summary');

    await restartAt(desk, '2026-04-01T18:00:00Z');
    await hasLines(desk, DONE);

    expect(summaries(desk)).toHaveLength(1);
  });

  it('Slack may have accepted it, it is not sent again', async () => {
    const desk = await open();
    desk.workspace.failNext('chat.postMessage', { status: 500 });
    goTo(desk, DUE);
    await hasLines(desk, 'unknown whether Slack accepted a message');

    desk.clock.advance(DAY);
    await desk.close();

    expect(posted(desk)).toEqual([]);
  });

  it('the bot is not in the channel, the log says what to do, and nothing is retried', async () => {
    const desk = await open({ invitedTo: [] });
    goTo(desk, DUE);
    await hasLines(desk, 'SECURID_LICENSE_CHANNEL did not get a message: invite the bot there');

    desk.clock.advance(DAY);
    await desk.close();

    expect(lines(desk, 'invite the bot there')).toHaveLength(1);
    expect(desk.tenant.requests).toHaveLength(1);
    expect(events(desk).at(-1)).toEqual(['licences not posted', DUE]);
  });
});

describe('the alert that licenses run short', () => {
  const PURCHASED = { SECURID_LICENSES_PURCHASED: '1500' };
  const alerts = (desk: HelpDesk) =>
    posted(desk).filter(({ text }) => text.includes('running out'));

  /** Sets how many licenses are in use from now on. */
  function use({ tenant }: HelpDesk, count: number) {
    const month = tenant.records.licenseMonths?.at(-1);
    if (month) month.mfaLicensesUsed = count;
  }

  const looks = (desk: HelpDesk) => lines(desk, 'license check').length;
  const hasLooked = (desk: HelpDesk, times = 1) => eventually(() => looks(desk) === times);

  async function nextDay(desk: HelpDesk, count: number) {
    use(desk, count);
    const before = looks(desk);
    desk.clock.advance(DAY);
    await hasLooked(desk, before + 1);
  }

  const openWith = (options: HelpDeskOptions = {}) =>
    open({ now: '2026-03-04T08:00:00Z', ...options, env: { ...PURCHASED, ...options.env } });

  it('comes once, and again only after there were enough in between', async () => {
    const desk = await openWith();
    await hasLooked(desk);
    await nextDay(desk, 1349);
    expect(alerts(desk)).toEqual([]);
    await nextDay(desk, 1350);
    await nextDay(desk, 1400);
    expect(alerts(desk)).toHaveLength(1);
    expect(desk.screen(alerts(desk)[0] as never)).toMatchInlineSnapshot(
      `"⚠️ MFA licenses are running out: 1,350 of 1,500 are in use, 90%; the warning threshold is 90%. \`/securid license\` shows more."`,
    );
    await nextDay(desk, 1300);
    expect(alerts(desk)).toHaveLength(1);

    await nextDay(desk, 1355);

    expect(alerts(desk)).toHaveLength(2);
    expect(events(desk).map(([event]) => event)).toEqual([
      'licences short',
      'licences enough',
      'licences short',
    ]);
  });

  it('comes after a clock was months ahead, too', async () => {
    const desk = await openWith();
    await hasLooked(desk);
    const ahead = Date.parse('2026-07-01T09:30:00Z') - desk.clock.now();
    desk.clock.set(ahead);
    desk.clock.advance(HOUR);
    await hasLooked(desk, 2);
    await atRest();
    desk.clock.set(-ahead);

    await nextDay(desk, 1400);

    expect(alerts(desk)).toHaveLength(1);
  });

  it('follows the configured share', async () => {
    const desk = await openWith({ env: { SECURID_LICENSE_WARN: '75' } });
    await hasLooked(desk);

    expect(desk.screen(alerts(desk)[0] as never)).toContain('the warning threshold is 75%');
  });

  it('does not come again after a restart', async () => {
    const desk = await openWith({ env: ofOneTrail() });
    await hasLooked(desk);
    await nextDay(desk, 1400);
    await desk.app.stop();

    await desk.openSecondBot();
    await hasLooked(desk, 3);
    await nextDay(desk, 1400);

    expect(alerts(desk)).toHaveLength(1);
  });

  it('comes a day later to a channel that the bot was not in', async () => {
    const desk = await openWith({ invitedTo: [] });
    await hasLooked(desk);
    await nextDay(desk, 1400);
    expect(lines(desk, 'invite the bot there')).toHaveLength(1);

    desk.workspace.channels.find(({ id }) => id === IT_MANAGERS)?.members.push('U0SECURID');
    await nextDay(desk, 1400);

    expect(alerts(desk)).toHaveLength(1);
  });

  it.skipIf(!redisInstalled)('comes once from several instances', async () => {
    const redis = await startRedis();
    const desk = await openWith({ env: { REDIS_URL: redis.url } });
    await desk.openSecondBot();
    use(desk, 1400);
    desk.clock.advance(DAY);
    await hasLines(desk, 'posted to SECURID_LICENSE_CHANNEL: license check');
    desk.clock.advance(10 * MINUTE);
    await desk.close();

    expect(alerts(desk)).toHaveLength(1);
  });
});

describe.skipIf(!redisInstalled)('several instances', () => {
  const key = (kind: string) => `securid-desk:licences ${DUE} ${kind}`;

  async function openTwo() {
    const redis = await startRedis();
    const desk = await open({ env: { REDIS_URL: redis.url } });
    return { redis, desk };
  }

  it('post the license summary once', async () => {
    const { desk } = await openTwo();
    await desk.openSecondBot();
    await desk.openSecondBot();

    goTo(desk, DUE);
    await hasLines(desk, DONE);
    for (let looks = 0; looks < 3; looks += 1) desk.clock.advance(10 * MINUTE);
    await desk.close();

    expect(summaries(desk)).toHaveLength(1);
    expect(desk.tenant.requests).toHaveLength(1);
  });

  it('take over from one that ended before it posted', async () => {
    const { redis, desk } = await openTwo();
    await redis.ask('SET', key('turn'), 'of one that ended', 'PX', '600000');
    goTo(desk, DUE);
    await hasLines(desk, 'another instance has begun');
    expect(desk.tenant.requests).toEqual([]);

    // Redis has its own clock.
    await redis.ask('DEL', key('turn'));
    desk.clock.advance(10 * MINUTE);
    await hasLines(desk, DONE);

    expect(summaries(desk)).toHaveLength(1);
  });

  it('post once, even if one of them was so slow that another took over', async () => {
    const { redis, desk } = await openTwo();
    const hold = desk.tenant.hold();
    goTo(desk, DUE);
    await hold.arrived();

    await redis.ask('DEL', key('turn'));
    await desk.openSecondBot();
    await eventually(() => desk.tenant.requests.length === 2);
    hold.release();
    await hasLines(desk, DONE);
    await desk.close();

    expect(summaries(desk)).toHaveLength(1);
  });

  it('do not catch up on what another has posted', async () => {
    const { desk } = await openTwo();
    goTo(desk, DUE);
    await hasLines(desk, DONE);

    goTo(desk, '2026-04-01T20:00:00Z');
    await desk.openSecondBot();
    await desk.close();

    expect(summaries(desk)).toHaveLength(1);
    expect(desk.tenant.requests).toHaveLength(1);
  });

  it('know what was posted even if Redis forgets everything', async () => {
    const { redis, desk } = await openTwo();
    goTo(desk, DUE);
    await hasLines(desk, DONE);
    await redis.ask('FLUSHALL');

    desk.clock.advance(MINUTE);
    let kept: unknown;
    while (!kept) kept = await redis.ask('GET', key('said'));
    await desk.openSecondBot();
    await desk.close();

    expect(summaries(desk)).toHaveLength(1);
  });

  it('say once that the tenant failed for six hours', async () => {
    const { desk } = await openTwo();
    await desk.openSecondBot();
    desk.tenant.setAlways({ status: 500 });
    const BUSY = 'another instance has begun';
    goTo(desk, DUE);
    for (let tries = 1; tries <= 36; tries += 1) {
      await eventually(() => lines(desk, AGAIN).length + lines(desk, BUSY).length === 2 * tries);
      desk.clock.advance(10 * MINUTE);
    }
    await eventually(() => posted(desk).length === 1);
    desk.clock.advance(10 * MINUTE);
    await desk.close();

    expect(posted(desk)).toHaveLength(1);
  });

  it('post it once, later, if Redis is unavailable at the time', async () => {
    const { redis, desk } = await openTwo();
    await desk.openSecondBot();
    await redis.kill();
    await hasLines(desk, 'Redis is away', 2);
    goTo(desk, DUE);
    await hasLines(desk, AGAIN, 2);
    expect(desk.tenant.requests).toEqual([]);

    await redis.start();
    await vi.waitUntil(() => lines(desk, 'Redis is there again').length === 2, PATIENCE);
    desk.clock.advance(10 * MINUTE);
    await hasLines(desk, DONE);
    desk.clock.advance(10 * MINUTE);
    await desk.close();

    expect(summaries(desk)).toHaveLength(1);
  });
});
