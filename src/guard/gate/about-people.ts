import type { Identities, Member } from '../../desk/identity/identities.ts';
import type { Log } from '../../log.ts';
import type { UserDetails } from '../../securid/index.ts';
import type { People } from '../../slack/people.ts';
import { see } from '../../troubleshooting.ts';
import type { Application, Recorded, Sources, Untold } from './facts.ts';
import { once } from './once.ts';
import type { createProtection } from './protection.ts';

type Wiring = {
  people: People;
  identities: Identities;
  protection: ReturnType<typeof createProtection>;
  log: Log;
};

type AboutPeople = Pick<
  Sources,
  'ownership' | 'protection' | 'approverIsAgent' | 'approverOwnership' | 'approverIsKnown'
>;

/** What only Slack and SecurID know about the agent, the user and the approver. */
export const createAboutPeople =
  ({ people, identities, protection, log }: Wiring) =>
  (
    application: Pick<Application, 'agentId' | 'until' | 'lane'>,
    user: () => Promise<UserDetails>,
    recorded: Recorded | undefined,
  ): AboutPeople => {
    const { agentId } = application;
    const { approver } = recorded ?? {};
    const patience = patienceOf(application);
    const fresh = recorded !== undefined;
    const member = (id: string) =>
      once(async (): Promise<Member> => ({ id, profile: await people.find(id, { fresh }) }));
    const agent = member(agentId);
    const second = member(approver?.id ?? '');
    const subject = once(async () => identities.subject(await user()));

    /** Logged in any case, because the rule may be configured to allow it. */
    const note = async (untold: Untold) =>
      log.warn(
        {
          target: (await user()).id,
          unknown: untold,
          see: see('nobody-matches-in-slack-or-securid'),
        },
        'nobody matches in Slack or SecurID',
      );

    return {
      ownership: once(async () => {
        const [asks, about] = await Promise.all([agent(), subject()]);
        const told = await identities.ownership(asks, about, { quick: !recorded, ...patience });
        if (told === 'cannot be told') await note('own account');
        return told;
      }),
      protection: once(async () => {
        const told = await protection.of(await subject(), { fresh, ...patience });
        if (told !== 'protected' && told !== 'not protected') await note(told);
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
    };
  };

const patienceOf = ({ until, lane }: Pick<Application, 'until' | 'lane'>) => ({
  ...(until !== undefined && { until }),
  ...(lane !== undefined && { lane }),
});
