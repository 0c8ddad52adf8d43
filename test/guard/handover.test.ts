import { describe, expect, it } from 'vitest';
import { mergeState } from '../../src/guard/switches/handover.ts';

describe('a state written by two processes', () => {
  const code = (incident: string, at: number) => ({ incident, at, agent: 'U0JONAS', user: 'alan' });

  it('contains the codes of both', () => {
    expect(mergeState('codes', [code('A', 1), code('B', 2)], [code('B', 2), code('C', 3)])).toEqual(
      [code('A', 1), code('B', 2), code('C', 3)],
    );
    expect(mergeState('codes', 'nonsense', [code('C', 3)])).toEqual([code('C', 3)]);
  });

  it('contains the open requests for approval of both, and none that has ended', () => {
    const merged = mergeState('approvals', { a: 'sealed', b: null }, { b: 'sealed', c: 'sealed' });

    expect(merged).toEqual({ a: 'sealed', b: null, c: 'sealed' });
  });
});
