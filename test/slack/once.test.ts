import { describe, expect, it } from 'vitest';
import { createOnce } from '../../src/slack/once.ts';
import { manualClock } from '../support/manual-clock.ts';

describe('once', () => {
  it('knows for ten minutes what it has seen, and not for ever', () => {
    const clock = manualClock();
    const once = createOnce(clock);

    expect(once('a')).toBe(true);
    expect(once('a')).toBe(false);
    expect(once('b')).toBe(true);
    clock.advance(10 * 60_000 - 1);
    expect(once('a')).toBe(false);
    expect(once('late')).toBe(true);
    clock.advance(1);
    expect(once('a')).toBe(true);
    clock.advance(10 * 60_000 - 2);
    expect(once('late')).toBe(false);
    clock.advance(1);
    expect(once('late')).toBe(true);
  });

  it.each([-1, 1])('knows it as long after the clock was set by %i hours', (hours) => {
    const clock = manualClock();
    const once = createOnce(clock);
    once('a');
    clock.set(hours * 60 * 60_000);

    clock.advance(10 * 60_000 - 1);
    expect(once('a')).toBe(false);
    clock.advance(1);
    expect(once('a')).toBe(true);
  });

  it('tells ten thousand apart, and keeps no more', () => {
    const once = createOnce(manualClock());
    const keys = Array.from({ length: 10_000 }, (_, index) => `13345224609.738474920.${index}`);

    expect(keys.filter((key) => !once(key))).toEqual([]);
    expect(keys.filter(once)).toEqual([]);
    once('one more');
    expect(once(keys[0] ?? '')).toBe(true);
    expect(once(keys.at(-1) ?? '')).toBe(false);
  });
});
