import { createCache } from '../../cache.ts';
import type { Clock } from '../../clock.ts';
import type { UserDetails } from '../../securid/index.ts';
import { type CallOptions, type SecurID, SecurIDError, type UserKey } from '../../securid/index.ts';
import type { People, Person } from '../../slack/people.ts';
import { type Accounts, addressesOf, findAccounts } from './accounts.ts';
import type { Addresses } from './addresses.ts';

/** A member of the workspace. No profile: Slack does not know them. */
export type Member = { id: string; profile: Person | undefined };

/** The user that a change is about, in SecurID and in Slack. */
export type Subject = { user: UserDetails; accounts: Accounts };

/** Whose SecurID account it is, as seen by one member of the workspace. */
export type Ownership = 'theirs' | 'of somebody else' | 'cannot be told';

type Patience = Pick<CallOptions, 'until' | 'lane'>;

/** Who is who in Slack and SecurID. Failures of either are thrown as they are. */
export type Identities = {
  addresses: Addresses;
  /** The user with their Slack accounts, asked again. */
  subject(user: UserDetails): Promise<Subject>;
  /** The ids of the SecurID records that the member's Slack address leads to; may be empty. */
  recordsOf(profile: Person | undefined, patience?: Patience): Promise<ReadonlySet<string>>;
  /** The same for an address. */
  recordsWith(address: string, patience?: Patience): Promise<ReadonlySet<string>>;
  /**
   * Any match means "theirs". "Of somebody else" takes the member's own record or the user's own Slack
   * account.
   */
  ownership(
    member: Member,
    subject: Subject,
    /** `quick` asks SecurID for the member's record only if Slack does not settle it. */
    options?: Patience & { quick?: boolean },
  ): Promise<Ownership>;
  /** Whether the member has one of the user's addresses. Asks nobody, so they may be the user even if not. */
  isPlainlyOwn(profile: Person | undefined, user: UserDetails): boolean;
  /** Whether two members are known to be one person. */
  isSamePerson(one: Member, other: Member, patience?: Patience): Promise<boolean>;
};

/** How long a record that was found is remembered, in milliseconds. */
const FOUND = 5 * 60_000;

/** How long it is remembered that there is no record, in milliseconds. */
const NOT_FOUND = 10_000;

/** How many addresses to remember. */
const KEPT = 5000;

type Wiring = { securid: SecurID; people: People; addresses: Addresses; clock: Clock };

export function createIdentities({ securid, people, addresses, clock }: Wiring): Identities {
  const known = createCache<string, ReadonlySet<string>>({ max: KEPT, lifetime: FOUND, clock });

  async function recordsWith(written: string, patience?: Patience) {
    const address = addresses.spell(written);
    if (!address) return new Set<string>();
    const before = known.get(address);
    if (before) return before;
    const spellings = addresses.spellings(written);
    const byEmail = await idsOf(
      spellings.map((email) => ({ email })),
      patience,
    );
    // A userPrincipalName may be the address that Slack has.
    const ids =
      byEmail.size > 0
        ? byEmail
        : await idsOf(
            spellings.map((username) => ({ username })),
            patience,
          );
    known.set(address, ids, { lifetime: ids.size > 0 ? FOUND : NOT_FOUND });
    return ids;
  }

  async function idsOf(keys: UserKey[], patience?: Patience): Promise<ReadonlySet<string>> {
    const found = await Promise.all(keys.map((key) => find(key, patience)));
    return new Set(found.flatMap((user) => (user ? [user.id] : [])));
  }

  async function find(key: UserKey, patience?: Patience): Promise<UserDetails | undefined> {
    try {
      return await securid.users.find(key, patience);
    } catch (error) {
      // A tenant may reject it as a user name, which means that nobody was found.
      if (error instanceof SecurIDError && error.code === 'INVALID_REQUEST') return undefined;
      throw error;
    }
  }

  const recordsOf = async (profile: Person | undefined, patience?: Patience) =>
    recordsWith(profile?.email ?? '', patience);

  return {
    addresses,
    recordsWith,
    recordsOf,
    subject: async (user) => ({ user, accounts: await findAccounts(user, { people, addresses }) }),

    async ownership({ id, profile }, { user, accounts }, { quick = false, ...patience } = {}) {
      if (accounts.possible.some((account) => account.id === id)) return 'theirs';
      const address = addresses.spell(profile?.email);
      // No address, so nothing to compare.
      if (!address) return 'cannot be told';
      if (addressesOf(user, addresses).includes(address)) return 'theirs';
      const isAnothers = accounts.own !== undefined && !accounts.own.isGuest;
      if (quick && isAnothers) return 'of somebody else';
      const records = await recordsWith(address, patience);
      if (records.has(user.id)) return 'theirs';
      return isAnothers || records.size > 0 ? 'of somebody else' : 'cannot be told';
    },

    isPlainlyOwn(profile, user) {
      const address = addresses.spell(profile?.email);
      return address !== undefined && addressesOf(user, addresses).includes(address);
    },

    async isSamePerson(one, other, patience) {
      if (one.id === other.id) return true;
      const address = addresses.spell(one.profile?.email);
      if (address && address === addresses.spell(other.profile?.email)) return true;
      const [mine, theirs] = await Promise.all([
        recordsOf(one.profile, patience),
        recordsOf(other.profile, patience),
      ]);
      return [...mine].some((id) => theirs.has(id));
    },
  };
}
