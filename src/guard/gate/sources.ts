import type { Identities, Member } from '../../desk/identity/identities.ts';
import { type Access, type Asker, hasRole, type Role, type Roles } from '../../desk/roles.ts';
import type { Log } from '../../log.ts';
import type { UserDetails } from '../../securid/index.ts';
import type { People } from '../../slack/people.ts';
import type { Trouble } from '../../slack/trouble.ts';
import type { GuardedChange } from '../change/guarded.ts';
import { WHO_MAY } from '../change/risk.ts';
import type { VerificationRules } from '../form/verification.ts';
import type { Limits } from '../limits/limits.ts';
import type { Blocks } from '../switches/blocked-users.ts';
import type { Lockdown } from '../switches/lockdown.ts';
import type { Application, Recorded, Sources, Untold } from './facts.ts';
import type { createProtection } from './protection.ts';

/** Slack did not say whether somebody has a role. */
export class RoleUntold extends Error {
  override readonly name = 'RoleUntold';
  /** Why, where asking again would not help. */
  readonly trouble: Trouble | undefined;

  constructor(trouble: Trouble | undefined) {
    super('Slack did not say whether somebody has a role');
    this.trouble = trouble;
  }
}

/** A change that waits for its turn. */
export type WaitingChange = {
  /** SecurID user id of the person concerned. */
  userId: string;
  agent: Asker;
  /** The second person, where there was one. */
  approver: Asker | undefined;
};

type Wiring = {
  people: People;
  identities: Identities;
  protection: ReturnType<typeof createProtection>;
  roles: Pick<Roles, 'of'>;
  lockdown: Pick<Lockdown, 'isOn'>;
  blocks: Pick<Blocks, 'isBlocked'>;
  limits: Pick<Limits, 'reached' | 'isBeyondBudget'>;
  verification: VerificationRules;
  log: Log;
};

/** Where the facts come from: Slack, SecurID, and what is kept here. Each is asked once for an application. */
export function createSources(wiring: Wiring) {
  const { people, identities, protection, roles, limits, verification } = wiring;

  function forApplication(
    change: GuardedChange,
    application: Omit<Application, 'user'> & { user: UserDetails | undefined },
    recorded: Recorded | undefined,
  ): Sources {
    const { agentId, access } = application;
    const { approver, verification: told } = recorded ?? {};
    const patience = patienceOf(application);
    const fresh = recorded !== undefined;
    const member = (id: string) =>
      once(async (): Promise<Member> => ({ id, profile: await people.find(id, { fresh }) }));
    /** On record whatever comes of it: the rule may be set to let pass. */
    const note = (untold: Untold) =>
      wiring.log.warn(
        { target: application.user?.id, untold },
        'nobody matches in Slack or SecurID',
      );
    const agent = member(agentId);
    const second = member(approver?.id ?? '');
    const user = async () => {
      if (!application.user) throw new Error('the user was not found');
      return application.user;
    };
    const use = async () => ({ change: change.name, agentId, userId: (await user()).id });
    const subject = once(async () => identities.subject(await user()));

    return {
      mayAsk: async () => hasOneOf(WHO_MAY[change.risk], access),
      mayApprove: async () => approver !== undefined && hasOneOf(['approver'], approver.access),
      user,
      ownership: once(async () => {
        const [asks, about] = await Promise.all([agent(), subject()]);
        const told = await identities.ownership(asks, about, { quick: !recorded, ...patience });
        if (told === 'cannot be told') note('own account');
        return told;
      }),
      protection: once(async () => {
        const told = await protection.of(await subject(), { fresh, ...patience });
        if (told !== 'protected' && told !== 'not protected') note(told);
        return told;
      }),
      approverIsAgent: once(async () => {
        if (approver?.id === agentId) return true;
        const [approves, asks] = await Promise.all([second(), agent()]);
        return identities.isSamePerson(approves, asks, patience);
      }),
      approverOwnership: once(async () => {
        const [approves, about] = await Promise.all([second(), subject()]);
        return identities.ownership(approves, about, patience);
      }),
      approverIsKnown: once(async () => {
        const records = await identities.recordsOf((await second()).profile, patience);
        return records.size > 0;
      }),
      ...switches(wiring, async () => (await user()).id),
      full: once(async () => limits.reached(await use())),
      isBeyondBudget: once(async () => limits.isBeyondBudget(await use())),
      isVerified: async () => told !== undefined && verification.isVerified(told),
      isExplained: async () => told !== undefined && verification.isExplained(told),
    };
  }

  function forTurn(change: GuardedChange, waiting: WaitingChange): Partial<Sources> {
    const { userId, agent, approver } = waiting;
    const has = async (asker: Asker, role: readonly Role[]) =>
      hasOneOf(role, await roles.of(asker, { fresh: true, role }));
    return {
      mayAsk: once(() => has(agent, WHO_MAY[change.risk])),
      ...(approver && { mayApprove: once(() => has(approver, ['approver'])) }),
      ...switches(wiring, async () => userId),
    };
  }

  return { forApplication, forTurn };
}

const switches = (
  { lockdown, blocks }: Pick<Wiring, 'lockdown' | 'blocks'>,
  userId: () => Promise<string>,
) => ({
  isLockdown: once(() => lockdown.isOn()),
  isOnHold: once(async () => blocks.isBlocked(await userId())),
});

/** @throws RoleUntold where Slack does not say */
function hasOneOf(roles: readonly Role[], access: Access): boolean {
  if (hasRole(access, roles)) return true;
  if (roles.every((role) => access.lacks.has(role))) return false;
  const [trouble] = roles.flatMap((role) => access.troubles?.[role] ?? []);
  throw new RoleUntold(trouble);
}

const patienceOf = ({ until, lane }: Pick<Application, 'until' | 'lane'>) => ({
  ...(until !== undefined && { until }),
  ...(lane !== undefined && { lane }),
});

/** Asks when it is called first. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}
