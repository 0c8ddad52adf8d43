import type { Identities } from '../../desk/identity/identities.ts';
import type { Roles } from '../../desk/roles.ts';
import type { Log } from '../../log.ts';
import type { UserDetails } from '../../securid/index.ts';
import type { People } from '../../slack/people.ts';
import { troubleOf } from '../../slack/trouble.ts';
import type { GuardedChange } from '../change/guarded.ts';
import type { VerificationRules } from '../form/verification.ts';
import type { Limits } from '../limits/limits.ts';
import type { Blocks } from '../switches/blocked-users.ts';
import type { Lockdown } from '../switches/lockdown.ts';
import { evaluate, type Inquiry } from './evaluate.ts';
import type { Application, Approver, FactName, Given, Policy, Recorded } from './facts.ts';
import { createProtection, type Protected, type Protection } from './protection.ts';
import { type Refusal, untold } from './refusal.ts';
import { RULES, type Rule } from './rules.ts';
import { type NeedsApproval, secondPerson } from './second-person.ts';
import { createSources, KNOWN, type WaitingChange } from './sources.ts';

export type Verdict = 'may' | NeedsApproval | Refusal;

export const isRefusal = (verdict: Verdict): verdict is Refusal =>
  typeof verdict === 'object' && 'rule' in verdict;

/** None of these throws: a rule that cannot be checked refuses. */
export type Gate = {
  /** May this change be made, as far as a card can tell? */
  forCard(change: GuardedChange, application: Application): Promise<Verdict>;
  /**
   * What would refuse a change for this user, as far as it is known without asking Slack or SecurID. A rule
   * that cannot be checked refuses nothing here.
   */
  forOffers(application: Application): (change: GuardedChange) => Promise<Refusal | undefined>;
  /** May the change be made now? Asks Slack again, because earlier answers may be minutes old. */
  forChange(change: GuardedChange, application: Application, recorded: Recorded): Promise<Verdict>;
  /** May this approver deny it? Any approver may who is not known to be the agent or the user. */
  forDenial(
    change: GuardedChange,
    application: Omit<Application, 'user'> & { user: UserDetails | undefined },
    approver: Approver,
  ): Promise<Refusal | undefined>;
  /** Whether the user is protected, asked again. `untold` if Slack or SecurID does not say. */
  protectionOf(user: UserDetails): Promise<Protection | 'untold'>;
  /** What stops a change whose turn has come: a switch, or a role lost meanwhile. */
  atTurn(change: GuardedChange, waiting: WaitingChange): Promise<Refusal | undefined>;
};

type Wiring = {
  people: People;
  identities: Identities;
  roles: Pick<Roles, 'of'>;
  protection: Protected;
  unmatched: Policy['unmatched'];
  approval: Policy['approval'];
  verification: VerificationRules;
  lockdown: Lockdown;
  blocks: Blocks;
  limits: Limits;
  log: Log;
};

/** What only Slack and SecurID know about people. */
const ABOUT_PEOPLE: readonly FactName[] = [
  'ownership',
  'protection',
  'approverIsAgent',
  'approverOwnership',
  'approverIsKnown',
];

const isKnown: ReadonlySet<FactName> = new Set(KNOWN);
const RULES_KNOWN = RULES.filter(({ needs }) => needs.every((one) => isKnown.has(one)));

/** Only the rules about what is known. */
const inquiryOf = (about: Pick<Inquiry, 'given' | 'sources' | 'onUntold'>): Inquiry => ({
  ...about,
  rules: RULES_KNOWN,
  ahead: [],
  passesUntold: () => true,
});

const AT_TURN: readonly FactName[] = ['mayAsk', 'mayApprove', 'isLockdown', 'isOnHold'];

const telling = (log: Log) => (target: string | undefined) => (rule: Rule, error: unknown) =>
  log.warn({ err: error, target, rule: rule.name }, 'a rule could not be checked');

/** The same rule about many changes is told once. */
function onceEach(tell: (rule: Rule, error: unknown) => void): typeof tell {
  const told = new Set<string>();
  return (rule, error) => {
    if (!told.has(rule.name)) tell(rule, error);
    told.add(rule.name);
  };
}

const giving =
  (policy: Policy) =>
  (change: GuardedChange, recorded: Recorded | undefined): Given => ({
    change,
    isRecorded: recorded !== undefined,
    hasApprover: recorded?.approver !== undefined,
    policy,
  });

/** Whether a change may be made. The rules are the same for every change. */
export function createGate(wiring: Wiring): Gate {
  const { people, identities, approval, unmatched, log } = wiring;
  const protection = createProtection(wiring.protection, { people, identities });
  const sources = createSources({ ...wiring, protection });
  const allRules: readonly Rule[] = RULES;

  const tell = telling(log);
  const givenFor = giving({ approval, unmatched });

  async function judge(
    change: GuardedChange,
    application: Application,
    recorded?: Recorded,
  ): Promise<Verdict> {
    const given = givenFor(change, recorded);
    const from = sources.forApplication(change, application, recorded);
    const onUntold = tell(application.user.id);
    const refusal = await evaluate({
      rules: allRules,
      given,
      sources: from,
      ahead: ABOUT_PEOPLE,
      onUntold,
    });
    if (refusal) return refusal;
    try {
      return (await secondPerson(given, from)) ?? 'may';
    } catch (error) {
      log.warn({ err: error, target: application.user.id }, 'unknown who has to approve');
      return untold(change.words, troubleOf(error));
    }
  }

  return {
    forCard: (change, application) => judge(change, application),
    forChange: judge,

    forOffers(application) {
      const known = sources.forOffers(application);
      const onUntold = onceEach(tell(application.user.id));
      return (change) =>
        evaluate(
          inquiryOf({ given: givenFor(change, undefined), sources: known(change), onUntold }),
        );
    },

    forDenial(change, { user, ...application }, approver) {
      const recorded = { approver };
      return evaluate({
        rules: allRules.filter(({ denial }) => denial),
        given: givenFor(change, recorded),
        sources: sources.forApplication(change, { ...application, user }, recorded),
        ahead: ABOUT_PEOPLE,
        // A denial gives no access, so anybody not known to be the user may deny.
        passesUntold: ({ denial }) => denial === 'if told',
        onUntold: tell(user?.id),
      });
    },

    async protectionOf(user) {
      const namesAnybody = Object.values(wiring.protection).some(({ length }) => length > 0);
      if (!namesAnybody) return 'not protected';
      try {
        return await protection.of(await identities.subject(user), { fresh: true });
      } catch (error) {
        log.warn({ err: error, target: user.id }, 'unknown whether a user is protected');
        return 'untold';
      }
    },

    atTurn: (change, waiting) =>
      evaluate({
        rules: allRules.filter(({ atTurn }) => atTurn),
        given: { ...givenFor(change, {}), hasApprover: waiting.approver !== undefined },
        sources: sources.forTurn(change, waiting),
        ahead: AT_TURN,
        onUntold: tell(waiting.userId),
      }),
  };
}
