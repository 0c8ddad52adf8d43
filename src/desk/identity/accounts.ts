import type { UserDetails } from '../../securid/index.ts';
import type { People, Person } from '../../slack/people.ts';
import { isHome } from '../roles.ts';
import type { Addresses } from './addresses.ts';

/** The Slack accounts that a SecurID record leads to. */
export type Accounts = {
  /**
   * Certainly the user's own: the one account in this workspace with exactly their e-mail address. Slack does
   * not find deactivated accounts.
   */
  own: Person | undefined;
  /** Every account with any of the record's addresses. Each may be the user's; this only ever forbids. */
  possible: Person[];
};

/** All addresses of a record, in one spelling. User names may be addresses too, as UPNs are. */
export function addressesOf(user: UserDetails, { spell }: Pick<Addresses, 'spell'>): string[] {
  const written = [user.emailAddress, user.principalUsername, user.alternateUsername];
  const spelt = written.map(spell).filter((address) => address !== undefined);
  return [...new Set(spelt)];
}

/** Asks Slack for the accounts with each address of the record. Slack's failures are thrown as they are. */
export async function findAccounts(
  user: UserDetails,
  { people, addresses }: { people: People; addresses: Addresses },
): Promise<Accounts> {
  const emails = addresses.spellings(user.emailAddress);
  const names = [user.principalUsername, user.alternateUsername].flatMap(addresses.spellings);
  const asked = [...new Set([...emails, ...names])];
  const [workspace, ...answers] = await Promise.all([
    people.workspace(),
    ...asked.map((email) => people.findByEmail(email)),
  ]);
  const found = (among: string[]) => distinct(among.map((email) => answers[asked.indexOf(email)]));

  // Another company's administrators can write any address into their people's profiles.
  const theOnly = (among: string[]) => {
    const atHome = found(among).filter((one) => isHome(workspace, one) && isActive(one));
    return atHome.length === 1 ? atHome[0] : undefined;
  };
  return {
    own: theOnly(addresses.exactly(user.emailAddress)) ?? theOnly(emails),
    possible: found(asked),
  };
}

const isActive = ({ isBot, isDeactivated }: Person) => !isBot && !isDeactivated;

function distinct(persons: (Person | undefined)[]): Person[] {
  const byId = new Map(persons.flatMap((person) => (person ? [[person.id, person]] : [])));
  return [...byId.values()];
}
