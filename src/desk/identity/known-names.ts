import { createCache } from '../../cache.ts';
import type { Clock } from '../../clock.ts';
import type { SecurID } from '../../securid/index.ts';
import { oneLine } from '../../slack/mrkdwn.ts';
import { nameOf } from '../user.ts';

/** Names of users who were looked up recently; the audit trail has only their ids. */
export type KnownNames = {
  /** `undefined` if unknown. Text that others wrote: escape it in mrkdwn. */
  of(userId: string): string | undefined;
  /** Notes a name that came with a button. */
  learn(user: Called): void;
  /** The same client, but every user it finds is noted. */
  learnFrom(securid: SecurID): SecurID;
};

type Called = { userId: string; name: string; email: string | undefined };

const MOST = 5000;
/** Approvals, reports and expiries come within a day of the look-up. */
const LIFETIME = 24 * 60 * 60_000;

export function createKnownNames(clock: Clock): KnownNames {
  const names = createCache<string, string>({ max: MOST, lifetime: LIFETIME, clock });

  function learn({ userId, name, email = '' }: Called): void {
    const both = new Set([name, oneLine(email, 100)]);
    names.set(userId, [...both].filter(Boolean).join(', '));
  }

  return {
    of: names.get,
    learn,
    learnFrom: (securid) => ({
      ...securid,
      users: {
        ...securid.users,
        async find(key, options) {
          const user = await securid.users.find(key, options);
          if (user) learn({ userId: user.id, name: nameOf(user), email: user.emailAddress });
          return user;
        },
      },
    }),
  };
}
