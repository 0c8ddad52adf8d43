import type { Log } from '../../log.ts';
import type { UserDetails } from '../../securid/index.ts';
import type { People, Person } from '../../slack/people.ts';
import type { Lockdown } from '../lockdown/lockdown.ts';
import type { Blocks } from '../notice/blocks.ts';
import type { Standing } from '../roles.ts';
import { STOPS } from '../stops.ts';
import type { Verification } from './card.ts';
import type { Limits } from './limits.ts';
import type { Refusal, RuleName } from './rules.ts';
import type { VerificationRules } from './verification.ts';

/** What `SECURID_PROTECTED` names, by kind. */
export type Protected = {
  groups: string[];
  userIds: string[];
  /** In lower case. */
  emails: string[];
  /** In lower case, without the `@`. */
  domains: string[];
};

/** For whom a second person is asked: for protected users, for everybody, or for nobody. */
export type ApprovalPolicy = 'protected' | 'always' | 'never';

/** Who asks for a code, and for whom, as Slack and SecurID know them now. */
export type Application = { agentId: string; standing: Standing; user: UserDetails };

/** The second person. */
export type Approver = { id: string; standing: Standing };

/** What was recorded by the time a code is to be issued. */
export type Recorded = {
  /** Left out where only the approver is in question. */
  verification?: Verification;
  approver?: Approver | undefined;
};

export type Verdict = 'may' | 'needs approval' | Refusal;

type Facts = Application & {
  /** Not yet, while there is only a card. */
  recorded: Recorded | undefined;
  agent: Person | undefined;
  /** The user's own account in Slack, if there is one. */
  person: Person | undefined;
  isProtected(): Promise<boolean>;
};

/** For a rule that asks nothing of Slack. */
type AboutUser = Pick<Application, 'user'>;

/** Throws where it cannot be told. */
type Rule<About = Facts> = (about: About) => Promise<Refusal | undefined>;

export type Gate = {
  /** May there be a code, as far as a card can tell? Never throws. */
  forCard(application: Application): Promise<Verdict>;
  /** May this approver say no? Never throws. */
  forDenial(application: Application, approver: Approver): Promise<Refusal | undefined>;
  /** May the code be issued now? Slack is asked again, in place of an answer some minutes old. Never throws. */
  forIssue(application: Application, recorded: Recorded): Promise<Verdict>;
};

export const UNKNOWN: Refusal = {
  rule: 'cannot be told',
  sentence:
    'SecurID Desk could not check just now whether this code may be issued. Please try again in a minute.',
};

type Wiring = {
  people: People;
  protection: Protected;
  approval: ApprovalPolicy;
  verification: VerificationRules;
  lockdown: Lockdown;
  blocks: Blocks;
  limits: Limits;
  log: Log;
};

/** The rules for issuing a registration code. One that cannot be told refuses. */
export function createGate(wiring: Wiring): Gate {
  const { people, protection, approval, verification, lockdown, blocks, limits, log } = wiring;

  const approverRules: Rule[] = [
    rule(
      'the approver’s role',
      'Whoever approved it is no approver.',
      ({ recorded }) => !recorded?.approver || recorded.approver.standing.roles.has('approver'),
    ),
    rule(
      'somebody else approves',
      'The agent cannot approve the code, nor can the user it is for.',
      async (facts) => {
        const approver = facts.recorded?.approver;
        if (!approver) return true;
        if (approver.id === facts.agentId) return false;
        return !isTheirs(facts, await people.find(approver.id, { fresh: true }), approver.id);
      },
    ),
  ];

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
    ...approverRules,
    inLockdown,
    rule('the agent’s role', 'Only the help desk may issue registration codes.', ({ standing }) =>
      standing.roles.has('agent'),
    ),
    rule(
      'not for oneself',
      'This is your own account. A colleague has to issue the code.',
      (facts) => !isTheirs(facts, facts.agent, facts.agentId),
    ),
    rule(
      'protected',
      'This account is protected, and gets no code through Slack. Please turn to the SecurID administrators.',
      async ({ isProtected }) => approval !== 'never' || !(await isProtected()),
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

  async function isProtected(user: UserDetails, person: Person | undefined, fresh: boolean) {
    const email = known(user.emailAddress);
    const [, domain = ''] = email.split('@');
    if (protection.emails.includes(email) || protection.domains.includes(domain)) return true;
    if (!person) return false;
    if (protection.userIds.includes(person.id)) return true;
    const groups = await Promise.all(protection.groups.map((id) => people.members(id, { fresh })));
    return groups.some((members) => members.has(person.id));
  }

  async function needsApproval({ isProtected }: Facts): Promise<boolean> {
    if (approval === 'never') return false;
    return approval === 'always' || (await isProtected());
  }

  async function gather(application: Application, recorded: Facts['recorded']): Promise<Facts> {
    const { agentId, user } = application;
    const fresh = recorded !== undefined;
    const [agent, person] = await Promise.all([
      people.find(agentId, { fresh }),
      people.findByEmail(known(user.emailAddress)),
    ]);
    const isTheirsProtected = () => isProtected(user, person, fresh);
    return { ...application, recorded, agent, person, isProtected: isTheirsProtected };
  }

  /** A rule that cannot be told refuses. */
  async function failClosed<T>({ user }: AboutUser, ask: () => Promise<T>): Promise<T | Refusal> {
    try {
      return await ask();
    } catch (error) {
      log.warn({ err: error, target: user.id }, 'a rule for issuing cannot be told');
      return UNKNOWN;
    }
  }

  const judge = (application: Application, recorded?: Recorded): Promise<Verdict> =>
    failClosed(application, async () => {
      const facts = await gather(application, recorded);
      const refusal = await firstOf(rules, facts);
      if (refusal || recorded?.approver) return refusal ?? 'may';
      return (await needsApproval(facts)) ? 'needs approval' : 'may';
    });

  return {
    forCard: (application) => judge(application),
    forIssue: judge,
    forDenial: (application, approver) =>
      failClosed(application, async () =>
        firstOf(approverRules, await gather(application, { approver })),
      ),
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

/** Whether the user's account belongs to this member of the workspace. */
function isTheirs({ person, user }: Facts, member: Person | undefined, memberId: string): boolean {
  return person?.id === memberId || known(member?.email) === known(user.emailAddress);
}

/** An e-mail address to compare; without one nothing can be told. */
function known(email: string | undefined): string {
  if (!email) throw new Error('no e-mail address');
  return email.normalize('NFKC').toLowerCase();
}
