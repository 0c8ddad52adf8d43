import { describe, expect, it } from 'vitest';
import { createCache } from '../src/cache.ts';
import { manualClock } from './support/manual-clock.ts';

const open = (max = 3) => {
  const clock = manualClock();
  return { clock, cache: createCache<string, string>({ max, lifetime: 1000, clock }) };
};

describe('a cache', () => {
  it('keeps the latest, up to its size', () => {
    const { cache } = open();
    for (const key of ['a', 'b', 'c', 'd']) cache.set(key, key);
    expect(['a', 'b', 'c', 'd'].map(cache.get)).toEqual([undefined, 'b', 'c', 'd']);
  });

  it.each([-3_600_000, 0, 3_600_000])('keeps each as long, with the clock set by %i ms', (by) => {
    const { cache, clock } = open();
    cache.set('a', 'usual');
    cache.set('b', 'short', { lifetime: 10 });
    cache.set('c', 'older', { age: 900 });
    clock.set(by);
    clock.advance(9);
    expect(['a', 'b', 'c'].map(cache.get)).toEqual(['usual', 'short', 'older']);
    clock.advance(1);
    expect(cache.get('b')).toBeUndefined();
    clock.advance(89);
    expect(cache.get('c')).toBe('older');
    clock.advance(1);
    expect(cache.get('c')).toBeUndefined();
    clock.advance(899);
    expect(cache.get('a')).toBe('usual');
    clock.advance(1);
    expect(cache.get('a')).toBeUndefined();
  });

  it('forgets what it is told to forget', () => {
    const { cache } = open();
    cache.set('a', 'a');
    cache.delete('a');
    expect(cache.get('a')).toBeUndefined();
  });
});
