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
    clock.advance(10 * 60_000 - 1);
    expect(once('late')).toBe(false);
    clock.advance(10 * 60_000 + 1);
    expect(once('a')).toBe(true);
    expect(once('late')).toBe(true);
  });

  it('tells a hundred thousand apart', () => {
    const once = createOnce(manualClock());
    const keys = Array.from({ length: 100_000 }, (_, index) => `13345224609.738474920.${index}`);

    expect(keys.filter((key) => !once(key))).toEqual([]);
    expect(keys.filter(once)).toEqual([]);
  });
});
