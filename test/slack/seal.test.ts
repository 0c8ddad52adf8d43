import { describe, expect, it } from 'vitest';
import { createSeal } from '../../src/slack/seal.ts';
import { manualClock } from '../support/manual-clock.ts';

const SECRET = 'xoxb-one';
const MINUTE = 60_000;

describe('a seal', () => {
  it('returns what it sealed, on every instance with the same secret', async () => {
    const clock = manualClock();
    const sealed = await createSeal(SECRET, clock).close('card', { id: 7 }, MINUTE);

    expect(await createSeal(SECRET, clock).open('card', sealed)).toEqual({ id: 7 });
  });

  it('reveals nothing of its content, and is never the same twice', async () => {
    const seal = createSeal(SECRET, manualClock());

    const [one = '', other] = await Promise.all([
      seal.close('card', { email: 'grace@acme.test' }, MINUTE),
      seal.close('card', { email: 'grace@acme.test' }, MINUTE),
    ]);

    expect(one).not.toBe(other);
    expect(Buffer.from(one, 'base64url').toString()).not.toContain('grace');
  });

  it('opens only for its own purpose', async () => {
    const seal = createSeal(SECRET, manualClock());
    const sealed = await seal.close('card', {}, MINUTE);

    expect(await seal.open('other', sealed)).toBeUndefined();
    expect(await seal.open('', sealed)).toBeUndefined();
  });

  it('does not open with another secret', async () => {
    const clock = manualClock();
    const sealed = await createSeal(SECRET, clock).close('card', {}, MINUTE);

    expect(await createSeal('xoxb-two', clock).open('card', sealed)).toBeUndefined();
  });

  it('does not open after it has expired', async () => {
    const clock = manualClock();
    const seal = createSeal(SECRET, clock);
    const sealed = await seal.close('card', {}, MINUTE);

    clock.advance(MINUTE - 1);
    expect(await seal.open('card', sealed)).toEqual({});
    clock.advance(1);
    expect(await seal.open('card', sealed)).toBeUndefined();
  });

  it('lasts no longer than twice its time, however far the clock is set back', async () => {
    const clock = manualClock();
    const seal = createSeal(SECRET, clock);
    const sealed = await seal.close('card', {}, MINUTE);

    clock.advance(-MINUTE);
    expect(await seal.open('card', sealed)).toEqual({});
    clock.advance(-1000);
    expect(await seal.open('card', sealed)).toBeUndefined();
  });

  it('does not open if one of its characters was changed', async () => {
    const seal = createSeal(SECRET, manualClock());
    const sealed = await seal.close('card', { id: 7 }, MINUTE);
    const middle = sealed.length - 30;
    const changed = sealed[middle] === 'A' ? 'B' : 'A';

    const forged = sealed.slice(0, middle) + changed + sealed.slice(middle + 1);

    expect(await seal.open('card', forged)).toBeUndefined();
  });

  it.each(['', '.', 'eyJhbGciOiJub25lIn0..e30.', 'null', '😈'])(
    'does not open %j',
    async (value) => {
      expect(await createSeal(SECRET, manualClock()).open('card', value)).toBeUndefined();
    },
  );
});
