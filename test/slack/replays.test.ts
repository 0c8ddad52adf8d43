import { describe, expect, it } from 'vitest';
import { createReplays } from '../../src/slack/replays.ts';
import { manualClock } from '../support/manual-clock.ts';

describe('the memory for replays', () => {
  it('knows for ten minutes what it has seen, but not for ever', () => {
    const clock = manualClock();
    const isFirst = createReplays(clock);

    expect(isFirst('a')).toBe(true);
    expect(isFirst('a')).toBe(false);
    expect(isFirst('b')).toBe(true);
    clock.advance(10 * 60_000 - 1);
    expect(isFirst('a')).toBe(false);
    expect(isFirst('late')).toBe(true);
    clock.advance(1);
    expect(isFirst('a')).toBe(true);
    clock.advance(10 * 60_000 - 2);
    expect(isFirst('late')).toBe(false);
    clock.advance(1);
    expect(isFirst('late')).toBe(true);
  });

  it.each([-1, 1])('knows it for as long after the clock was set by %i hours', (hours) => {
    const clock = manualClock();
    const isFirst = createReplays(clock);
    isFirst('a');
    clock.set(hours * 60 * 60_000);

    clock.advance(10 * 60_000 - 1);
    expect(isFirst('a')).toBe(false);
    clock.advance(1);
    expect(isFirst('a')).toBe(true);
  });

  it('keeps the latest ten thousand', () => {
    const isFirst = createReplays(manualClock());
    const keys = Array.from({ length: 10_000 }, (_, index) => `13345224609.738474920.${index}`);

    expect(keys.filter((key) => !isFirst(key))).toEqual([]);
    expect(keys.filter(isFirst)).toEqual([]);
    isFirst('one more');
    expect(isFirst(keys[0] ?? '')).toBe(true);
    expect(isFirst(keys.at(-1) ?? '')).toBe(false);
  });
});
