import type { Identities } from '../../desk/identity/identities.ts';
import { hasRole } from '../../desk/roles.ts';
import { slackTrouble } from '../../desk/slack-trouble.ts';
import type { Log } from '../../log.ts';
import type { UserDetails } from '../../securid/index.ts';
import type { People } from '../../slack/people.ts';
import { type Trouble, troubleOf } from '../../slack/trouble.ts';
import type { GuardedChange } from '../change/guarded.ts';
import type { VerificationRules } from '../form/verification.ts';
import type { Limits } from '../limits/limits.ts';
import type { Blocks } from '../switches/blocked-users.ts';
import type { Lockdown } from '../switches/lockdown.ts';
import { STOPS } from '../switches/stops.ts';
import {
  type Application,
  type Approver,
  createFacts,
  type Facts,
  type Recorded,
  type Untold,
  untoldIn,
} from './facts.ts';
import { createProtection, type Protected } from './protection.ts';
import type { Refusal, RuleName } from './rules.ts';

/** For whom a second person is asked: for protected users, for everybody, or for nobody. */
export type ApprovalPolicy = 'protected' | 'always' | 'never';

/** What happens where a rule about people cannot be told because nobody matches. */
export type UnmatchedPolicy = 'approval' | 'refuse' | 'allow';

/** A second person has to approve, also because of what cannot be told. */
export type NeedsApproval = { needsApproval: true; untold: Untold[] };

export type Verdict = 'may' | NeedsApproval | Refusal;

export const isRefusal = (verdict: Verdict): verdict is Refusal =>
  typeof verdict === 'object' && 'rule' in verdict;

/** For a rule that asks nothing of Slack. */
type AboutUser = Pick<Application, 'user'>;

/** Throws where it cannot be told. */
type Rule<About = Facts> = (about: About) => Promise<Refusal | undefined>;

export type Gate = {
  /** May there be this change, as far as a card can tell? Never throws. */
  forCard(change: GuardedChange, application: Application): Promise<Verdict>;
  /** May this approver say no? Whoever is not known to be the agent or the user may. Never throws. */
  forDenial(
    change: GuardedChange,
    application: Omit<Application, 'user'> & { user: UserDetails | undefined },
    approver: Approver,
  ): Promise<Refusal | undefined>;
  /** May the change be made now? Slack is asked again, in place of an answer some minutes old. Never throws. */
  forChange(change: GuardedChange, application: Application, recorded: Recorded): Promise<Verdict>;
};

const NOT_CHECKED = 'SecurID Desk could not check just now whether this code may be issued.';

export const UNKNOWN: Refusal = {
  rule: 'cannot be told',
  sentence: `${NOT_CHECKED} Please try again in a minute.`,
};

/** A rule that cannot be told, and will not be by asking again where there is a trouble. */
export const untoldFor = (trouble: Trouble | undefined): Refusal =>
  trouble ? { ...UNKNOWN, sentence: `${NOT_CHECKED} ${slackTrouble(trouble)}` } : UNKNOWN;

const SOMEBODY_ELSE = 'somebody else approves';
const NOT_THEIRS_TO_DECIDE = 'The agent cannot approve the code, nor can the user it is for.';

type Wiring = {
  people: People;
  identities: Identities;
  protection: Protected;
  unmatched: UnmatchedPolicy;
  approval: ApprovalPolicy;
  verification: VerificationRules;
  lockdown: Lockdown;
  blocks: Blocks;
  limits: Limits;
  log: Log;
};

/** The rules for issuing a registration code. One that cannot be told refuses. */
export function createGate(wiring: Wiring): Gate {
  const { people, identities, approval, unmatched, verification } = wiring;
  const { lockdown, blocks, limits, log } = wiring;
  const protection = createProtection(wiring.protection, { people, identities });
  const gather = createFacts({ people, identities, protection });

  const approverRole = rule<Pick<Facts, 'recorded'>>(
    'the approver’s role',
    'Whoever approved it is not an approver.',
    ({ recorded }) => !recorded?.approver || hasRole(recorded.approver.access, 'approver'),
  );

  const notTheAgent = rule<Pick<Facts, 'recorded' | 'agentId'>>(
    SOMEBODY_ELSE,
    NOT_THEIRS_TO_DECIDE,
    ({ recorded, agentId }) => recorded?.approver?.id !== agentId,
  );

  const somebodyElse = rule(
    SOMEBODY_ELSE,
    NOT_THEIRS_TO_DECIDE,
    ({ approver }) => !approver || (!approver.isAgent && approver.ownership !== 'theirs'),
  );

  const whoApproves = rule(
    'who approves',
    'SecurID has no record with the e-mail address of your Slack profile, so you can only deny this. Another approver has to decide.',
    ({ approver }) => !approver || approver.isKnown,
  );

  const inLockdown = rule<AboutUser>(
    STOPS.lockdown.rule,
    STOPS.lockdown.sentence,
    async () => !(await lockdown.isOn()),
  );

  const hasReported = rule<AboutUser>(
    STOPS['on hold'].rule,
    STOPS['on hold'].sentence,
    async ({ user }) => !(await blocks.isBlocked(user.id)),
  );

  const rules: Rule[] = [
    approverRole,
    notTheAgent,
    somebodyElse,
    whoApproves,
    inLockdown,
    rule('the agent’s role', 'Only the help desk may issue registration codes.', ({ access }) =>
      access.roles.has('agent'),
    ),
    rule(
      'not for oneself',
      'This is your own account. A colleague has to issue the code.',
      ({ ownership }) => ownership !== 'theirs',
    ),
    rule(
      'protected',
      'This account is protected, and gets no code through Slack. Please turn to the SecurID administrators.',
      (facts) => approval !== 'never' || facts.protection !== 'protected',
    ),
    rule(
      'nobody matches',
      'SecurID Desk cannot tell who this user is in Slack, or who you are in SecurID, so it issues no code. Please ask the SecurID administrators.',
      (facts) =>
        unmatched === 'allow' ||
        (unmatched === 'approval' && approval !== 'never') ||
        untoldIn(facts).length === 0,
    ),
    rule(
      'enabled',
      'The user is not enabled, and gets no code. The SecurID administrators have to enable the user first.',
      ({ user }) => user.userStatus === 'Enabled',
    ),
    rule(
      'pending deletion',
      'The user is pending deletion, and gets no code.',
      ({ user }) => user.markDeleted !== true,
    ),
    hasReported,
    ({ agentId, user }) => limits.reached(agentId, user.id),
    rule(
      'verification',
      'How you made sure who is asking is not recorded.',
      ({ recorded }) =>
        !recorded ||
        (recorded.verification !== undefined && verification.accepts(recorded.verification)),
    ),
  ];

  /** Why a second person has to approve; `undefined` if nobody has to. */
  function needsApproval(facts: Facts): NeedsApproval | undefined {
    if (approval === 'never') return undefined;
    const untold = unmatched === 'approval' ? untoldIn(facts) : [];
    const isAsked = approval === 'always' || facts.protection === 'protected' || untold.length > 0;
    return isAsked ? { needsApproval: true, untold } : undefined;
  }

  /** A rule that cannot be told refuses. */
  async function failClosed<T>({ user }: AboutUser, ask: () => Promise<T>): Promise<T | Refusal> {
    try {
      return await ask();
    } catch (error) {
      log.warn({ err: error, target: user.id }, 'a rule for issuing cannot be checked');
      return untoldFor(troubleOf(error));
    }
  }

  const judge = (application: Application, recorded?: Recorded): Promise<Verdict> =>
    failClosed(application, async () => {
      const facts = await gather(application, recorded);
      const refusal = await firstOf(rules, facts);
      if (refusal) return refusal;
      const untold = untoldIn(facts);
      if (untold.length > 0) {
        const words = 'no match in Slack or SecurID: could not check a rule about people';
        log.warn({ target: facts.user.id, untold, unmatched }, words);
      }
      return (!recorded?.approver && needsApproval(facts)) || 'may';
    });

  return {
    forCard: (_change, application) => judge(application),
    forChange: (_change, application, recorded) => judge(application, recorded),
    async forDenial(_change, { user, ...application }, approver) {
      const recorded = { approver };
      const refusal = await firstOf([approverRole, notTheAgent], { ...application, recorded });
      if (refusal || !user) return refusal;
      try {
        return await somebodyElse(await gather({ ...application, user }, recorded));
      } catch (error) {
        // A denial lets nobody in: whoever is not known to be the user may deny.
        log.warn({ err: error, target: user.id }, 'could not check who denies');
        return undefined;
      }
    },
  };
}

async function firstOf<About>(rules: Rule<About>[], about: About): Promise<Refusal | undefined> {
  for (const check of rules) {
    const refusal = await check(about);
    if (refusal) return refusal;
  }
  return undefined;
}

function rule<About = Facts>(
  name: RuleName,
  sentence: string,
  allows: (about: About) => boolean | Promise<boolean>,
): Rule<About> {
  return async (about) => ((await allows(about)) ? undefined : { rule: name, sentence });
}
