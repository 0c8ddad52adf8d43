import { describe, expect, it } from 'vitest';
import { createSignIn } from '../../src/http/sign-in.ts';

const WRONG = { kind: 'wrong password', proxy: 'proxy.corp:3128', status: 407 } as const;
const MINUTE = 60_000;

/** A sign-in, how long something was waited for each time, and a way to end the last wait. */
function signIn() {
  const pauses: number[] = [];
  let hold = new AbortController();
  const one = createSignIn(new URL('http://desk:old@proxy.corp:3128'), (ms) => {
    pauses.push(ms);
    hold = new AbortController();
    return hold.signal;
  });
  return { ...one, pauses, pass: () => hold.abort() };
}

describe('a refused password', () => {
  it('is held back longer each time, because the proxy may lock the account', () => {
    const { refusal, refused, pauses, pass } = signIn();
    expect(refusal()).toBeUndefined();

    for (let time = 0; time < 6; time++) {
      refused(WRONG);
      expect(refusal()).toEqual(WRONG);
      pass();
      expect(refusal()).toBeUndefined();
    }

    expect(pauses).toEqual([15_000, MINUTE, 4 * MINUTE, 15 * MINUTE, 15 * MINUTE, 15 * MINUTE]);
  });

  it('counts once if several were under way', () => {
    const { refused, pauses } = signIn();

    for (let time = 0; time < 3; time++) refused(WRONG);

    expect(pauses).toEqual([15_000]);
  });

  it('is forgotten once the proxy accepts it', () => {
    const { refused, accepted, refusal, pauses, pass } = signIn();
    refused(WRONG);
    pass();
    refused(WRONG);
    accepted();

    expect(refusal()).toBeUndefined();
    refused(WRONG);
    pass();
    expect(pauses.slice(0, 2)).toEqual([15_000, MINUTE]);
    refused(WRONG);
    expect(pauses.at(-1)).toBe(MINUTE);
  });

  it('that was accepted before costs one second, once in a while', () => {
    const { refused, accepted, pauses, pass } = signIn();
    accepted();
    refused(WRONG);
    expect(pauses).toEqual([15 * MINUTE, 1000]);
    pass();

    accepted();
    refused(WRONG);

    expect(pauses).toEqual([15 * MINUTE, 1000, 15_000]);
  });

  it('is tried by one at a time until it is accepted', async () => {
    const { turn, accepted } = signIn();
    const begun: string[] = [];
    const attempt = async (name: string) => {
      const end = await turn();
      begun.push(name);
      return end;
    };
    const first = await attempt('first');
    const others = Promise.all([attempt('second'), attempt('third')]);
    await Promise.resolve();
    expect(begun).toEqual(['first']);

    accepted();
    first();

    await others;
    expect(begun).toEqual(['first', 'second', 'third']);
  });
});
