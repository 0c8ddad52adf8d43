import type { NetworkTrouble } from './trouble.ts';

/**
 * In milliseconds. Directories lock an account after 5 to 10 wrong passwords within 15 minutes:
 * https://learn.microsoft.com/en-us/previous-versions/windows/it-pro/windows-10/security/threat-protection/security-policy-settings/account-lockout-threshold
 */
const PAUSE = { first: 15_000, growsBy: 4, longest: 15 * 60_000 };

/** A user and a password for a proxy. Once refused, they are not tried again for a while. */
export type SignIn = {
  /** The header that carries them, if there are any. */
  headers: Record<string, string>;
  isGiven: boolean;
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
  let pause = PAUSE.first;
  let last: { trouble: NetworkTrouble; over: AbortSignal } | undefined;
  const refusal = () => (last?.over.aborted === false ? last.trouble : undefined);

  return {
    headers: isGiven ? { 'proxy-authorization': `Basic ${encoded}` } : {},
    isGiven,
    refusal,
    refused(trouble) {
      // Several may have been under way.
      if (refusal()) return;
      last = { trouble, over: after(pause) };
      pause = Math.min(pause * PAUSE.growsBy, PAUSE.longest);
    },
    accepted() {
      last = undefined;
      pause = PAUSE.first;
    },
  };
}
