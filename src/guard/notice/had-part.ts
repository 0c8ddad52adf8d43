import type { Member } from '../../desk/identity/identities.ts';
import type { Call } from '../../desk/operation.ts';
import type { GuardServices } from '../services.ts';

type Wiring = Pick<GuardServices, 'slack' | 'identities'>;

/** Somebody in Slack, asked again. */
export const memberOf = async ({ slack: { people } }: Pick<Wiring, 'slack'>, id: string) => ({
  id,
  profile: await people.find(id, { fresh: true }),
});

/**
 * Whether somebody is one of these people, also with another Slack account.
 * @throws what Slack or SecurID fails with
 */
export async function isOneOf(
  wiring: Wiring,
  { member, ids }: { member: Member; ids: string[] },
  { securid }: Pick<Call, 'securid'>,
): Promise<boolean> {
  if (ids.includes(member.id)) return true;
  for (const id of new Set(ids)) {
    const other = await memberOf(wiring, id);
    if (await wiring.identities.isSamePerson(member, other, securid)) return true;
  }
  return false;
}
