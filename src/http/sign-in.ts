import type { NetworkTrouble } from './trouble.ts';

/**
 * In milliseconds. Directories lock an account after 5 to 10 wrong passwords within 15 minutes:
 * https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-10/security/threat-protection/security-policy-settings/account-lockout-threshold
 */
const PAUSES = { first: 15_000, later: [60_000, 4 * 60_000], longest: 15 * 60_000 };

/** Once in a while, after a sign-in that worked: a proxy whose directory is away for a moment refuses it, too. */
const SPURIOUS = 1000;

/** A user and a password for a proxy. Once refused, they are not tried again for a while. */
export type SignIn = {
  /** The header that carries them, if there are any. */
  headers: Record<string, string>;
  isGiven: boolean;
  /**
   * Waits while others try them, unless they are known to work: a wrong password is not tried many times at once.
   * Returns what ends the try.
   */
  turn(): Promise<() => void>;
  /** Why they are not to be tried now. */
  refusal(): NetworkTrouble | undefined;
  refused(trouble: NetworkTrouble): void;
  accepted(): void;
};

/** @param after a signal that is aborted after so many milliseconds */
export function createSignIn(
  { username, password }: URL,
  after: (ms: number) => AbortSignal = AbortSignal.timeout,
): SignIn {
  // undici leaves the header out unless there are both.
  const signIn = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const isGiven = signIn !== ':';
  const encoded = Buffer.from(signIn).toString('base64');
  let isKnown = !isGiven;
  let wasAccepted = false;
  let refusals = 0;
  let trying: Promise<void> | undefined;
  let endTry = () => {};
  /** Until then, none is taken for spurious. */
  let spared: AbortSignal | undefined;
  let last: { trouble: NetworkTrouble; over: AbortSignal } | undefined;

  function pause(): number {
    if (refusals > 0) return PAUSES.later[refusals - 1] ?? PAUSES.longest;
    if (!wasAccepted || spared?.aborted === false) return PAUSES.first;
    spared = after(PAUSES.longest);
    return SPURIOUS;
  }

  const refusal = () => (last?.over.aborted === false ? last.trouble : undefined);

  return {
    headers: isGiven ? { 'proxy-authorization': `Basic ${encoded}` } : {},
    isGiven,
    async turn() {
      while (!isKnown && trying) await trying;
      if (isKnown) return () => {};
      const mine = new Promise<void>((resolve) => {
        endTry = () => {
          if (trying === mine) trying = undefined;
          resolve();
        };
      });
      trying = mine;
      return endTry;
    },
    refusal,
    refused(trouble) {
      // Several may have been under way.
      if (refusal()) return;
      last = { trouble, over: after(pause()) };
      refusals += 1;
      isKnown = false;
    },
    accepted() {
      last = undefined;
      refusals = 0;
      wasAccepted = true;
      isKnown = true;
      endTry();
    },
  };
}
