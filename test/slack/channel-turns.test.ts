import { AsyncLocalStorage } from 'node:async_hooks';
import { webApi } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createChannelTurns, type TurnOptions } from '../../src/slack/channel-turns.ts';
import { NoTurn } from '../../src/slack/delivery.ts';
import { turn } from '../support/at-rest.ts';
import { eventually } from '../support/help-desk.ts';
import { manualClock } from '../support/manual-clock.ts';

const HOUR = 60 * 60_000;
const patient = { patience: Number.POSITIVE_INFINITY };
const tooMany = (seconds: number) => new webApi.WebAPIRateLimitedError(seconds);
const away = () => new webApi.WebAPIHTTPError(503, '', {});

async function settle(): Promise<void> {
  for (let turns = 0; turns < 40; turns += 1) await turn();
}

/** A channel, and what was sent there at what time. */
function openChannel() {
  const clock = manualClock(0);
  const turns = createChannelTurns(clock);
  const sent: string[] = [];
  const given: unknown[] = [];
  return {
    ...turns,
    clock,
    sent,
    given,
    /** Each try to send it meets the next failure; after the last one, Slack accepts it. */
    post(name: string, options: TurnOptions = patient, ...failures: Error[]) {
      const send = async () => {
        const failure = failures.shift();
        if (failure) throw failure;
        sent.push(`${name} at ${clock.now() / 1000}`);
      };
      const posted = turns.inTurn('C1', send, options);
      posted.catch((error) => given.push(error));
      return posted;
    },
    /** Bottleneck starts jobs by real timers, a few turns for each message. */
    settle,
  };
}

describe('messages in one channel', () => {
  it('go at once in a short burst, then one per second', async () => {
    const { post, sent, clock, settle } = openChannel();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) void post(name);
    await eventually(() => sent.length === 4);
    await settle();
    clock.advance(999);
    expect(sent).toHaveLength(4);

    clock.advance(1);
    await eventually(() => sent.length === 5);
    await settle();
    clock.advance(1000);
    await eventually(() => sent.length === 6);

    expect(sent).toEqual(['a at 0', 'b at 0', 'c at 0', 'd at 0', 'e at 1', 'f at 2']);
  });

  it('go in order of priority if they wait', async () => {
    const { post, sent, clock, settle } = openChannel();
    for (const name of ['a', 'b', 'c', 'd']) void post(name);
    await eventually(() => sent.length === 4);
    void post('summary', { ...patient, priority: 'summary' });
    void post('refusal', { ...patient, priority: 'refusal' });
    void post('change', patient);
    void post('report', { ...patient, priority: 'report' });
    void post('order', { ...patient, priority: 'order' });
    for (let second = 1; second <= 5; second += 1) {
      await settle();
      clock.advance(1000);
      await eventually(() => sent.length === 4 + second);
    }

    expect(sent.slice(4)).toEqual([
      'report at 1',
      'order at 2',
      'change at 3',
      'refusal at 4',
      'summary at 5',
    ]);
  });

  it('wait as long as Slack says; then the most urgent goes first, and the rest in order', async () => {
    const { post, sent, clock, settle } = openChannel();
    void post('first', patient, tooMany(30));
    void post('second', patient);
    await settle();
    void post('report', { ...patient, priority: 'report' });
    await settle();
    clock.advance(29_999);
    await settle();
    expect(sent).toEqual([]);

    clock.advance(1);
    await eventually(() => sent.length === 1);
    for (const more of [2, 3]) {
      await settle();
      clock.advance(1000);
      await eventually(() => sent.length === more);
    }

    expect(sent).toEqual(['report at 30', 'first at 31', 'second at 32']);
  });

  it('overtake one that Slack rejects, which is retried later', async () => {
    const { post, sent, clock, settle } = openChannel();
    void post('first', patient, away(), away());
    void post('second');
    await eventually(() => sent.length === 1);
    await settle();
    clock.advance(1000);
    await settle();
    clock.advance(2000);
    await eventually(() => sent.length === 2);

    expect(sent).toEqual(['second at 0', 'first at 3']);
  });

  it('are given up at once if they get no turn within their patience', async () => {
    const { post, sent, clock, settle } = openChannel();
    void post('first', patient, tooMany(60));
    await settle();

    await expect(post('second', { patience: 59_000 })).rejects.toThrow(NoTurn);
    expect(clock.waiting()).toBe(1);
    expect(sent).toEqual([]);
  });

  it('go at once by the machine’s own timers, too, though they have no patience', async () => {
    const { inTurn } = createChannelTurns(systemClock);
    const sent: string[] = [];
    const post = (name: string) => inTurn('C1', async () => void sent.push(name), { patience: 0 });

    await Promise.all([post('a'), post('b')]);

    expect(sent).toEqual(['a', 'b']);
  });

  it('are given up when their patience ends in the queue, and not sent later', async () => {
    const { post, sent, clock, given, settle } = openChannel();
    for (const name of ['a', 'b', 'c', 'd']) void post(name);
    await eventually(() => sent.length === 4);
    const last = post('last', { patience: 1500 });
    void post('report', { ...patient, priority: 'report' });
    await settle();
    clock.advance(1000);
    await eventually(() => sent.length === 5);
    await settle();
    clock.advance(600);
    await expect(last).rejects.toThrow(NoTurn);
    clock.advance(HOUR);
    await settle();

    expect(sent.at(-1)).toBe('report at 1');
    expect(given).toHaveLength(1);
  });

  it('wait no longer if the clock was set back', async () => {
    let behind = 0;
    const clock = manualClock(HOUR);
    const turns = createChannelTurns({ ...clock, now: () => clock.now() - behind });
    let sent = 0;
    const post = () =>
      turns.inTurn(
        'C1',
        async () => {
          sent += 1;
        },
        patient,
      );
    for (const _ of [1, 2, 3]) await post();
    behind = HOUR;
    void post();
    void post();
    await eventually(() => sent === 4);
    await settle();
    clock.advance(1000);
    await eventually(() => sent === 5);
  });

  it('are each sent in the context of their sender', async () => {
    const turns = createChannelTurns(manualClock(0));
    const poster = new AsyncLocalStorage<string>();
    const sent: unknown[] = [];
    const names = ['mira', 'jonas', 'edda', 'sana'];
    const send = async () => {
      sent.push(poster.getStore());
    };

    await Promise.all(names.map((name) => poster.run(name, () => turns.inTurn('C1', send))));

    expect(sent).toEqual(names);
  });

  it('are all tried when the app stops, and wait only briefly', async () => {
    const { post, sent, given, hurry, clock, settle, waiting } = openChannel();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) void post(name);
    void post('long', patient, tooMany(60), tooMany(59));
    void post('away', patient, away(), away());
    void post('short', patient, tooMany(2));
    await eventually(() => sent.length === 4);
    await settle();

    hurry();
    await settle();
    clock.advance(2000);
    await eventually(() => waiting() === 0);

    expect(sent.map((one) => one.split(' ')[0]).sort()).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
      'f',
      'short',
    ]);
    expect(given).toHaveLength(2);
  });
});
