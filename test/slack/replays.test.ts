import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { createReplays } from '../../src/slack/replays.ts';
import { manualClock } from '../support/manual-clock.ts';

/** Each is acknowledged. */
function seenBy(clock: Clock) {
  const { isFirst, ended } = createReplays(clock);
  return async (key: string) => {
    const first = await isFirst(key);
    ended(key, true);
    return first;
  };
}

describe('the memory for replays', () => {
  it('knows for ten minutes what it has seen, but not for ever', async () => {
    const clock = manualClock();
    const isFirst = seenBy(clock);

    expect(await isFirst('a')).toBe(true);
    expect(await isFirst('a')).toBe(false);
    expect(await isFirst('b')).toBe(true);
    clock.advance(10 * 60_000 - 1);
    expect(await isFirst('a')).toBe(false);
    expect(await isFirst('late')).toBe(true);
    clock.advance(1);
    expect(await isFirst('a')).toBe(true);
    clock.advance(10 * 60_000 - 2);
    expect(await isFirst('late')).toBe(false);
    clock.advance(1);
    expect(await isFirst('late')).toBe(true);
  });

  it.each([-1, 1])('knows it for as long after the clock was set by %i hours', async (hours) => {
    const clock = manualClock();
    const isFirst = seenBy(clock);
    await isFirst('a');
    clock.set(hours * 60 * 60_000);

    clock.advance(10 * 60_000 - 1);
    expect(await isFirst('a')).toBe(false);
    clock.advance(1);
    expect(await isFirst('a')).toBe(true);
  });

  it('keeps the latest ten thousand', async () => {
    const isFirst = seenBy(manualClock());
    const keys = Array.from({ length: 10_000 }, (_, index) => `13345224609.738474920.${index}`);

    const firsts = async () => {
      let count = 0;
      for (const key of keys) count += Number(await isFirst(key));
      return count;
    };
    expect(await firsts()).toBe(10_000);
    expect(await firsts()).toBe(0);
    await isFirst('one more');
    expect(await isFirst(keys[0] ?? '')).toBe(true);
    expect(await isFirst(keys.at(-1) ?? '')).toBe(false);
  });

  it('handles what Slack sends again, once, if the first acknowledgement failed', async () => {
    const { isFirst, ended } = createReplays(manualClock());
    await isFirst('a');
    const again = Promise.all([isFirst('a'), isFirst('a')]);

    ended('a', false);

    expect(await again).toEqual([true, false]);
    ended('a', true);
    expect(await isFirst('a')).toBe(false);
  });
});
