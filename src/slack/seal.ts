import { createHash } from 'node:crypto';
import { jwtDecrypt } from 'jose/jwt/decrypt';
import { EncryptJWT } from 'jose/jwt/encrypt';
import type { Clock } from '../clock.ts';

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
