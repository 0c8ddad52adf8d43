import type { Member } from '../../desk/identity/identities.ts';
import type { Call } from '../../desk/operation.ts';
import type { UserDetails } from '../../securid/index.ts';
import type { GuardServices } from '../services.ts';
import { isOneOf, memberOf } from './had-part.ts';
import type { Report } from './reports.ts';

export type Stays =
  | 'not blocked'
  | 'involved'
  | 'own account'
  | 'role not told'
  | 'not told apart'
  | 'newer report'
  | 'not known'
  | 'recovering';

export type Blocked = {
  /** SecurID user id. */
  target: string;
  /** The user, or else their e-mail address. */
  user?: UserDetails | undefined;
  email?: string | undefined;
  /** The id of the report on whose alert the button was pressed. The command means all reports. */
  pressed?: string;
};

type Wiring = Pick<GuardServices, 'roles' | 'slack' | 'identities' | 'securid'>;

/**
 * Why somebody may not lift a block, if so: it takes an approver who
 * had no part in the reported changes.
 */
export function createMayLift(wiring: Wiring) {
  const { roles, identities, securid } = wiring;
  /** Whether it is the approver's own account. */
  async function whose(call: Call, member: Member, blocked: Blocked): Promise<Stays | undefined> {
    const { target, email } = blocked;
    const user =
      blocked.user ?? (email ? await securid.users.find({ email }, call.securid) : undefined);
    if (user?.id === target) {
      const subject = await identities.subject(user);
      const ownership = await identities.ownership(member, subject, call.securid);
      if (ownership === 'of somebody else') return undefined;
      return ownership === 'theirs' ? 'own account' : 'not told apart';
    }
    const records = await identities.recordsOf(member.profile, call.securid);
    if (records.has(target)) return 'own account';
    return records.size > 0 ? undefined : 'not told apart';
  }

  return async (call: Call, blocked: Blocked, open: Report[]): Promise<Stays | undefined> => {
    const { pressed } = blocked;
    const lifting = await memberOf(wiring, call.userId);
    const stays = await whose(call, lifting, blocked);
    if (stays) return stays;
    const ids = open.flatMap(({ agent, approver, person }) =>
      [agent, approver ?? [], person].flat(),
    );
    if (await isOneOf(wiring, { member: lifting, ids }, call)) return 'involved';
    if (pressed !== undefined) {
      // An older alert does not show what was reported since.
      if (open.length === 0) return 'not known';
      return open.at(-1)?.id === pressed ? undefined : 'newer report';
    }
    if (open.length > 0) return undefined;
    // Nobody knows any more who made the change: it may have been any agent.
    const access = await roles.of(call, { fresh: true, role: 'agent' });
    if (access.lacks.has('agent')) return undefined;
    return access.roles.has('agent') ? 'involved' : 'role not told';
  };
}
