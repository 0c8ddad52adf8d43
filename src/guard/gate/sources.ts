import { type Access, type Asker, hasRole, type Role, type Roles } from '../../desk/roles.ts';
import type { UserDetails } from '../../securid/index.ts';
import type { Trouble } from '../../slack/trouble.ts';
import type { GuardedChange } from '../change/guarded.ts';
import { WHO_MAY } from '../change/risk.ts';
import type { VerificationRules } from '../form/verification.ts';
import type { Limits } from '../limits/limits.ts';
import type { Blocks } from '../switches/blocked-users.ts';
import type { Lockdown } from '../switches/lockdown.ts';
import { createAboutPeople } from './about-people.ts';
import type { Application, Recorded, Sources } from './facts.ts';
import { once } from './once.ts';

/** Slack did not say whether somebody has a role. */
export class RoleUntold extends Error {
  override readonly name = 'RoleUntold';
  /** Set if trying again will not help. */
  readonly trouble: Trouble | undefined;

  constructor(trouble: Trouble | undefined) {
    super('Slack did not say whether somebody has a role');
    this.trouble = trouble;
  }
}

/** Of the agent, Slack has just told the roles and the address. */
export const KNOWN = ['mayAsk', 'user', 'ownership', 'isLockdown', 'isOnHold'] as const;

/** A change waiting for its turn. */
export type WaitingChange = {
  /** SecurID user id of the user. */
  userId: string;
  agent: Asker;
  /** The second person, if there was one. */
  approver: Asker | undefined;
};

type Wiring = Parameters<typeof createAboutPeople>[0] & {
  roles: Pick<Roles, 'of'>;
  lockdown: Pick<Lockdown, 'isOn'>;
  blocks: Pick<Blocks, 'isBlocked'>;
  limits: Pick<Limits, 'reached' | 'isBeyondBudget'>;
  verification: VerificationRules;
};

/**
 * Where the facts come from: Slack, SecurID, and this app's own
 * records. Each is asked once per application.
 */
export function createSources(wiring: Wiring) {
  const { people, identities, roles, lockdown, blocks, limits, verification } = wiring;
  const aboutPeople = createAboutPeople(wiring);

  function forApplication(
    change: GuardedChange,
    application: Omit<Application, 'user'> & { user: UserDetails | undefined },
    recorded: Recorded | undefined,
  ): Sources {
    const { agentId, access } = application;
    const { approver, verification: told } = recorded ?? {};
    const user = async () => {
      if (!application.user) throw new Error('the user was not found');
      return application.user;
    };
    const use = async () => ({ change: change.name, agentId, userId: (await user()).id });

    return {
      mayAsk: async () => hasOneOf(WHO_MAY[change.risk], access),
      mayApprove: async () => approver !== undefined && hasOneOf(['approver'], approver.access),
      user,
      ...aboutPeople(application, user, recorded),
      ...switches(async () => (await user()).id),
      full: once(async () => limits.reached(await use())),
      isBeyondBudget: once(async () => limits.isBeyondBudget(await use())),
      isVerified: async () => told !== undefined && verification.isVerified(told),
      isExplained: async () => told !== undefined && verification.isExplained(told),
    };
  }

  /** What is known without asking Slack or SecurID, for any number of changes. */
  function forOffers({ agentId, access, user }: Application) {
    const ownership = once(async () => {
      const profile = await people.find(agentId);
      return identities.isPlainlyOwn(profile, user) ? 'theirs' : 'cannot be told';
    });
    const known = { user: async () => user, ownership, ...switches(async () => user.id) };
    return (change: GuardedChange): Pick<Sources, (typeof KNOWN)[number]> => ({
      ...known,
      mayAsk: async () => hasOneOf(WHO_MAY[change.risk], access),
    });
  }

  function forTurn(change: GuardedChange, waiting: WaitingChange): Partial<Sources> {
    const { userId, agent, approver } = waiting;
    const has = async (asker: Asker, role: readonly Role[]) =>
      hasOneOf(role, await roles.of(asker, { fresh: true, role }));
    return {
      mayAsk: once(() => has(agent, WHO_MAY[change.risk])),
      ...(approver && { mayApprove: once(() => has(approver, ['approver'])) }),
      ...switches(async () => userId),
    };
  }

  const switches = (userId: () => Promise<string>) => ({
    isLockdown: once(() => lockdown.isOn()),
    isOnHold: once(async () => blocks.isBlocked(await userId())),
  });

  return { forApplication, forOffers, forTurn };
}

/**
 * @throws RoleUntold if Slack does not say
 */
function hasOneOf(roles: readonly Role[], access: Access): boolean {
  if (hasRole(access, roles)) return true;
  if (access.notHere) return false;
  if (roles.every((role) => access.lacks.has(role))) return false;
  const [trouble] = roles.flatMap((role) => access.troubles?.[role] ?? []);
  throw new RoleUntold(trouble);
}
