import { describe, expect, it } from 'vitest';
import { createOnce } from '../../src/slack/once.ts';
import { manualClock } from '../support/manual-clock.ts';

describe('once', () => {
  it('knows for ten minutes what it has seen', () => {
    const clock = manualClock();
    const once = createOnce(clock);

    expect(once('a')).toBe(true);
    expect(once('a')).toBe(false);
    expect(once('b')).toBe(true);
    clock.advance(10 * 60_000 - 1);
    expect(once('a')).toBe(false);
    clock.advance(1);
    expect(once('a')).toBe(true);
  });
});
