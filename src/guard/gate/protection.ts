import { addressesOf } from '../../desk/identity/accounts.ts';
import type { Identities, Subject } from '../../desk/identity/identities.ts';
import type { CallOptions } from '../../securid/index.ts';
import type { People } from '../../slack/people.ts';

/** The entries of `SECURID_PROTECTED`, by kind. */
export type Protected = {
  groups: string[];
  userIds: string[];
  /** Normalized, see `readAddress`. */
  emails: string[];
  /** Normalized, without the `@`. */
  domains: string[];
};

/** Whether a user is protected, or why that is unknown. */
export type Protection = 'protected' | 'not protected' | 'nobody in Slack' | 'no address';

type Options = Pick<CallOptions, 'until' | 'lane'> & { fresh?: boolean };

/**
 * Finds out who is protected. Any match protects. Ruling it out requires the user's own Slack
 * account if ids or domains are protected; if only addresses are, the account or the records with
 * those addresses.
 */
export function createProtection(
  named: Protected,
  { people, identities }: { people: People; identities: Identities },
) {
  const { addresses, recordsWith } = identities;
  const emails = new Set(named.emails.map(addresses.spell));
  const domains = new Set(named.domains.map(addresses.spellDomain));
  const namesIds = named.groups.length + named.userIds.length > 0;
  const namesAddresses = emails.size + domains.size > 0;

  const isNamed = (address: string) =>
    emails.has(address) || domains.has(address.slice(address.lastIndexOf('@') + 1));

  async function inGroup(ids: string[], fresh: boolean): Promise<boolean> {
    const groups = await Promise.all(named.groups.map((id) => people.members(id, { fresh })));
    return groups.some((members) => ids.some((id) => members.has(id)));
  }

  return {
    async of(
      { user, accounts }: Subject,
      { fresh = false, ...patience }: Options = {},
    ): Promise<Protection> {
      if (!namesIds && !namesAddresses) return 'not protected';
      const written = addressesOf(user, addresses);
      const inSlack = accounts.possible.map(({ email }) => addresses.spell(email));
      if ([...written, ...inSlack].some((address) => address && isNamed(address)))
        return 'protected';
      const ids = accounts.possible.map(({ id }) => id);
      if (ids.some((id) => named.userIds.includes(id))) return 'protected';
      if (ids.length > 0 && (await inGroup(ids, fresh))) return 'protected';

      if (accounts.own) return 'not protected';
      if (written.length === 0) return 'no address';
      // The user may have another address in Slack, in a protected domain.
      if (namesIds || domains.size > 0) return 'nobody in Slack';
      // The record may have another address than the protected one.
      const records = await Promise.all(named.emails.map((email) => recordsWith(email, patience)));
      if (records.some((found) => found.has(user.id))) return 'protected';
      return records.every((found) => found.size > 0) ? 'not protected' : 'nobody in Slack';
    },
  };
}
