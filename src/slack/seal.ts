import { createHash } from 'node:crypto';
import { jwtDecrypt } from 'jose/jwt/decrypt';
import { EncryptJWT } from 'jose/jwt/encrypt';
import type { Clock } from '../clock.ts';
import { LIMITS } from './limits.ts';

/** Encrypts what travels through Slack in a button's value or a modal's `private_metadata`. */
export type Seal = {
  /** Encrypts data for one purpose; it can be opened until `lifetime` milliseconds from now. */
  close(purpose: string, data: Record<string, unknown>, lifetime: number): Promise<string>;
  /**
   * The data; `undefined` if it is not ours, has another purpose or has expired. It also counts as expired
   * if the clock was set back by more than its lifetime.
   */
  open(purpose: string, value: string): Promise<Record<string, unknown> | undefined>;
};

/**
 * Seals data for a button. Whatever others wrote may be too long for it, and Slack would refuse the whole
 * message.
 * @param all the first that fits is sealed
 * @returns `undefined` if none fits
 */
export async function sealForButton(
  seal: Pick<Seal, 'close'>,
  purpose: string,
  all: readonly Record<string, unknown>[],
  lifetime: number,
): Promise<string | undefined> {
  for (const data of all) {
    const value = await seal.close(purpose, data, lifetime);
    if (value.length <= LIMITS.buttonValue) return value;
  }
  return undefined;
}

/** How all sealed values begin: `{"alg":"dir","enc":"A256GCM"}`, and no key, since it is shared. */
const BEGINNING = 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..';

/** A sealed value without the beginning that all have, for where there is room for 255 characters. */
export const shortened = (value: string): string =>
  value.startsWith(BEGINNING) ? value.slice(BEGINNING.length) : value;

/** The sealed value that was shortened. */
export const lengthened = (value: string): string => `${BEGINNING}${value}`;

/**
 * Seals values with a key derived from a secret that all instances share. Whoever sends a value back, it is
 * one that this app made.
 */
export function createSeal(secret: string, clock: Clock): Seal {
  const key = createHash('sha256').update('securid-desk button values').update(secret).digest();
  const seconds = () => Math.floor(clock.now() / 1000);

  return {
    close: (purpose, data, lifetime) =>
      new EncryptJWT({ data })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setAudience(purpose)
        .setIssuedAt(seconds())
        .setExpirationTime(seconds() + Math.floor(lifetime / 1000))
        .encrypt(key),
    async open(purpose, value) {
      try {
        const options = { audience: purpose, currentDate: new Date(clock.now()) };
        const { payload } = await jwtDecrypt<{ data: Record<string, unknown> }>(
          value,
          key,
          options,
        );
        const { data, iat = 0, exp = 0 } = payload;
        return iat - seconds() > exp - iat ? undefined : data;
      } catch {
        return undefined;
      }
    },
  };
}
