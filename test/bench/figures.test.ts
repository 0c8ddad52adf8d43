import { describe, expect, it } from 'vitest';
import { drive } from '../../bench/pacing/drive.ts';
import { atLeast, atMost } from '../../bench/row.ts';
import { median, percentile } from '../../bench/statistics.ts';

describe('the figures of a benchmark', () => {
  it('are values that were measured', () => {
    const times = [5, 1, 4, 2, 3];

    expect(median(times)).toBe(3);
    expect(percentile(times, 0.95)).toBe(5);
    expect(percentile(times, 0)).toBe(1);
    expect(times).toEqual([5, 1, 4, 2, 3]);
  });

  it('are judged by the measured value, not by the printed one', () => {
    expect(atMost('ratio', 1.2004, 1.2)).toMatchObject({ value: 1.2, must: '≤ 1.2', holds: false });
    expect(atLeast('share', 0.97, 0.97)).toMatchObject({ must: '≥ 0.97', holds: true });
    expect(atMost('nothing', Number.NaN, 1).holds).toBe(false);
  });

  it('count what was answered in the measured time, and everything that was lost', async () => {
    const pause = () => new Promise((resolve) => setTimeout(resolve, 10));
    const answering = async () => void (await pause());
    const refusing = async () => {
      await pause();
      throw new Error('no answer');
    };

    const span = { from: 0.1, to: 0.3 };
    const [answered, refused] = await Promise.all([drive(answering, span), drive(refusing, span)]);

    expect(answered.perSecond).toBeGreaterThan(0);
    expect(answered.lost).toBe(0);
    expect(refused.perSecond).toBe(0);
    expect(refused.lost).toBeGreaterThan(0);
  });
});
