import { createCache } from '../../cache.ts';
import type { Clock } from '../../clock.ts';
import type { SecurID } from '../../securid/index.ts';
import { oneLine } from '../../slack/mrkdwn.ts';
import { nameOf } from '../user.ts';

/** What SecurID users are called, as far as they were looked up lately: the trail knows but their ids. */
export type KnownNames = {
  /** `undefined` for somebody who is not known. What others wrote: not for mrkdwn. */
  of(userId: string): string | undefined;
  /** Somebody's name came with what was pressed. */
  learn(user: Called): void;
  /** The same client, which is listened to. */
  learnFrom(securid: SecurID): SecurID;
};

type Called = { userId: string; name: string; email: string | undefined };

const MOST = 5000;
/** An approval, a report and the end of a code come within a day of the look-up before. */
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
