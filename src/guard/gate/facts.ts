import type { Identities, Member, Ownership, Subject } from '../../desk/identity/identities.ts';
import type { Access } from '../../desk/roles.ts';
import type { CallOptions, UserDetails } from '../../securid/index.ts';
import type { People } from '../../slack/people.ts';
import type { Verification } from '../form/card.ts';
import type { createProtection, Protection } from './protection.ts';

/** Who asks for a code, and for whom, as Slack and SecurID know them now. */
export type Application = {
  agentId: string;
  access: Access;
  user: UserDetails;
} & Pick<CallOptions, 'until' | 'lane'>;

/** The second person. */
export type Approver = { id: string; access: Access };

/** What was recorded by the time a code is to be issued. */
export type Recorded = {
  /** Left out where only the approver is in question. */
  verification?: Verification;
  approver?: Approver | undefined;
};

/** A rule about people that cannot be told, and why. */
export type Untold = 'own account' | Exclude<Protection, 'protected' | 'not protected'>;

export type Facts = Application & {
  /** Not yet, while there is only a card. */
  recorded: Recorded | undefined;
  ownership: Ownership;
  protection: Protection;
  /** Whether the second person is the agent as well, whose account it is to them, and whether SecurID knows them. */
  approver: { isAgent: boolean; ownership: Ownership; isKnown: boolean } | undefined;
};

type Wiring = {
  people: People;
  identities: Identities;
  protection: ReturnType<typeof createProtection>;
};

/** Finds out what the rules go by, from Slack and from SecurID. It throws where that cannot be told. */
export function createFacts({ people, identities, protection }: Wiring) {
  const memberWith = async (id: string, fresh: boolean): Promise<Member> => ({
    id,
    profile: await people.find(id, { fresh }),
  });

  async function gather(application: Application, recorded: Facts['recorded']): Promise<Facts> {
    const fresh = recorded !== undefined;
    const patience = patienceOf(application);
    const [agent, approver, subject] = await Promise.all([
      memberWith(application.agentId, fresh),
      recorded?.approver && memberWith(recorded.approver.id, fresh),
      identities.subject(application.user),
    ]);
    const [ownership, isProtected, second] = await Promise.all([
      identities.ownership(agent, subject, { quick: !recorded, ...patience }),
      protection.of(subject, { fresh, ...patience }),
      approver && aboutApprover(approver, agent, subject, patience),
    ]);
    const told = { ownership, protection: isProtected, approver: second };
    return { ...application, recorded, ...told };
  }

  async function aboutApprover(
    approver: Member,
    agent: Member,
    subject: Subject,
    patience: ReturnType<typeof patienceOf>,
  ): Promise<NonNullable<Facts['approver']>> {
    const [isAgent, ownership, records] = await Promise.all([
      identities.isSamePerson(approver, agent, patience),
      identities.ownership(approver, subject, patience),
      identities.recordsOf(approver.profile, patience),
    ]);
    return { isAgent, ownership, isKnown: records.size > 0 };
  }

  return gather;
}

const patienceOf = ({ until, lane }: Pick<Application, 'until' | 'lane'>) => ({
  ...(until !== undefined && { until }),
  ...(lane !== undefined && { lane }),
});

/** The rules about people that cannot be told because nobody matches. */
export function untoldIn({ ownership, protection }: Facts): Untold[] {
  const isTold = protection === 'protected' || protection === 'not protected';
  return [
    ...(ownership === 'cannot be told' ? (['own account'] as const) : []),
    ...(isTold ? [] : [protection]),
  ];
}
