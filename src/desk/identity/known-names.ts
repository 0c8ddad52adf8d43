import { createCache } from '../../cache.ts';
import type { Clock } from '../../clock.ts';
import type { SecurID, UserDetails, UserKey } from '../../securid/index.ts';
import { oneLine } from '../../slack/mrkdwn.ts';
import { keyOf, nameOf } from '../user.ts';

/** Users who were looked up recently; the audit trail and the tokens have only their ids. */
export type KnownNames = {
  /** `undefined` if unknown. Text that others wrote: escape it in mrkdwn. */
  of(userId: string): string | undefined;
  /** A key by which RSA found the user, who may have got another since. `undefined` if unknown. */
  keyOf(userId: string): UserKey | undefined;
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
  const keys = createCache<string, UserKey>({ max: MOST, lifetime: LIFETIME, clock });

  function learn({ userId, name, email = '' }: Called): void {
    const both = new Set([name, oneLine(email, 100)]);
    names.set(userId, [...both].filter(Boolean).join(', '));
  }

  function learnUser(user: UserDetails | undefined, by?: UserKey): void {
    if (!user) return;
    learn({ userId: user.id, name: nameOf(user), email: user.emailAddress });
    const key = by ?? keyOf(user);
    if (key) keys.set(user.id, key);
  }

  return {
    of: names.get,
    keyOf: keys.get,
    learn,
    learnFrom: (securid) => ({
      ...securid,
      users: {
        ...securid.users,
        async find(key, options) {
          const user = await securid.users.find(key, options);
          learnUser(user, key);
          return user;
        },
        async findInDirectory(key, options) {
          const user = await securid.users.findInDirectory(key, options);
          learnUser(user, key);
          return user;
        },
        async sync(userId, options) {
          const user = await securid.users.sync(userId, options);
          learnUser(user);
          return user;
        },
        async search(emailLike, options) {
          const found = await securid.users.search(emailLike, options);
          for (const user of found.users) learnUser(user);
          return found;
        },
      },
    }),
  };
}
