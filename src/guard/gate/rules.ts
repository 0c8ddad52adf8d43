import type { Symptom } from '../../troubleshooting.ts';
import type { ChangeWords, GuardedChange, UserState } from '../change/guarded.ts';
import { RISKS, type Risk } from '../change/risk.ts';
import type { Why } from '../switches/stops.ts';
import { type FactName, type Facts, type Given, untoldIn } from './facts.ts';
import {
  NOT_ENABLED,
  NOTHING_TO_DO,
  OTHER_USER,
  type Refusal,
  TOO_LONG,
  UNTOLD,
} from './refusal.ts';

/** A rule that may refuse a change. */
export type Rule<Name extends string = string, Need extends FactName = FactName> = {
  /** Used in the audit trail and the metrics. */
  name: Name;
  /** The risks of the changes that it binds. */
  binds: readonly Risk[];
  /** If it does not bind all of them. */
  where?(given: Given): boolean;
  /** The facts it needs. If one cannot be determined, the rule refuses. */
  needs: readonly Need[];
  /** Half a sentence for the audit channel. */
  line: string;
  /** Checked again when the change's turn has come. */
  atTurn?: true;
  /** The switch whose stop is reported as a refusal by this rule. */
  stop?: Why;
  /**
   * Also checked for a denial. With `if told`, a denial is allowed if the rule cannot be checked.
   */
  denial?: 'must be told' | 'if told';
} & Judgement<Need>;

type Judgement<Need extends FactName> =
  | {
      allows(facts: Facts<Need>): boolean;
      /** What the agent reads. */
      sentence(words: ChangeWords): string;
      /** For the approver, if the sentence addresses the agent. */
      toApprover?(words: ChangeWords): string;
      /** Where the administrator finds the remedy, if there is one. */
      symptom?: Symptom;
    }
  | {
      /** A refusal that brings its own name. */
      refusal(facts: Facts<Need>): Refusal | undefined;
    };

const rule = <const Name extends string, const Need extends FactName = never>(
  one: Rule<Name, Need>,
) => one;

const WITH_FORM: readonly Risk[] = ['protects', 'restores', 'grants'];
const LETS_IN: readonly Risk[] = ['restores', 'grants'];

const withApprover = ({ hasApprover }: Given) => hasApprover;
const onceRecorded = ({ isRecorded }: Given) => isRecorded;
const whereUserIs =
  (state: UserState) =>
  ({ change }: Given) =>
    change.needsUser.includes(state);

const notTheirsToApprove = ({ noun }: ChangeWords) =>
  `The agent cannot approve ${noun}, nor can the user it is for.`;

/** In the order in which they are checked. The agent reads the first one that refuses. */
export const RULES = [
  rule({
    name: 'the approver’s role',
    binds: WITH_FORM,
    where: withApprover,
    needs: ['mayApprove'],
    allows: ({ mayApprove }) => mayApprove,
    sentence: () => 'The person who approved it is no longer an approver.',
    line: 'the person who approved it is not an approver',
    atTurn: true,
    denial: 'must be told',
  }),
  rule({
    name: 'somebody else approves',
    binds: WITH_FORM,
    where: withApprover,
    needs: ['approverIsAgent'],
    allows: ({ approverIsAgent }) => !approverIsAgent,
    sentence: notTheirsToApprove,
    line: 'the agent may not approve it',
    denial: 'if told',
  }),
  rule({
    name: 'not the user’s to approve',
    binds: WITH_FORM,
    where: withApprover,
    needs: ['approverOwnership'],
    allows: ({ approverOwnership }) => approverOwnership !== 'theirs',
    sentence: notTheirsToApprove,
    line: 'the user may not approve it',
    denial: 'if told',
  }),
  rule({
    name: 'who approves',
    binds: WITH_FORM,
    where: withApprover,
    needs: ['approverIsKnown'],
    allows: ({ approverIsKnown }) => approverIsKnown,
    sentence: () =>
      'SecurID has no record with the e-mail address of your Slack profile, so you can only deny this. Another approver has to decide.',
    line: 'SecurID does not know the approver',
  }),
  rule({
    name: 'lockdown',
    binds: LETS_IN,
    needs: ['isLockdown'],
    allows: ({ isLockdown }) => !isLockdown,
    sentence: ({ stopped }) => `SecurID Desk is in lockdown: ${stopped}.`,
    line: 'SecurID Desk is in lockdown',
    atTurn: true,
    stop: 'lockdown',
  }),
  rule({
    name: 'the agent’s role',
    binds: ['refreshes', 'restores', 'grants'],
    needs: ['mayAsk'],
    allows: ({ mayAsk }) => mayAsk,
    sentence: ({ action }) => `Only the help desk may ${action}.`,
    line: 'is not an agent',
    atTurn: true,
  }),
  rule({
    name: 'agent or approver',
    binds: ['protects'],
    needs: ['mayAsk'],
    allows: ({ mayAsk }) => mayAsk,
    sentence: ({ action }) => `Only the help desk and approvers may ${action}.`,
    line: 'is neither an agent nor an approver',
    atTurn: true,
  }),
  rule({
    name: 'not for oneself',
    binds: LETS_IN,
    needs: ['ownership'],
    allows: ({ ownership }) => ownership !== 'theirs',
    sentence: ({ act }) => `This is your own account. A colleague has to ${act}.`,
    toApprover: () => 'This is the agent’s own account.',
    line: 'it is their own account',
  }),
  rule({
    name: 'protected',
    binds: LETS_IN,
    needs: ['protection'],
    allows: ({ policy, protection }) => policy.approval !== 'never' || protection !== 'protected',
    sentence: ({ withheld }) =>
      `This account is protected and ${withheld} through Slack. Please contact the SecurID administrators.`,
    symptom: 'the-account-is-protected',
    line: 'the account is protected',
  }),
  rule({
    name: 'nobody matches',
    binds: LETS_IN,
    needs: ['ownership', 'protection'],
    allows: ({ policy: { unmatched, approval }, ...facts }) =>
      unmatched === 'allow' ||
      (unmatched === 'approval' && approval !== 'never') ||
      untoldIn(facts).length === 0,
    sentence: ({ declines }) =>
      `SecurID Desk cannot tell who this user is in Slack, or who you are in SecurID, so it ${declines}. Please ask the SecurID administrators.`,
    toApprover: ({ declines }) =>
      `SecurID Desk cannot tell who this user is in Slack, or who the agent is in SecurID, so it ${declines}.`,
    symptom: 'nobody-matches-in-slack-or-securid',
    line: 'SecurID Desk cannot tell who the user is in Slack, or who the agent is in SecurID',
  }),
  rule({
    name: NOT_ENABLED,
    binds: RISKS,
    where: whereUserIs('enabled'),
    needs: ['user'],
    allows({ user: { userStatus } }) {
      if (userStatus === undefined)
        throw new Error('SecurID does not say whether the user is enabled');
      return userStatus === 'Enabled';
    },
    sentence: ({ withheld }) =>
      `The user is not enabled and ${withheld}. Find out why, and have the user enabled first.`,
    line: 'the user is disabled',
  }),
  rule({
    name: 'pending deletion',
    binds: RISKS,
    where: whereUserIs('not pending deletion'),
    needs: ['user'],
    allows: ({ user }) => user.markDeleted !== true,
    sentence: ({ withheld }) => `The user is pending deletion and ${withheld}.`,
    line: 'the user is pending deletion',
  }),
  rule({
    name: 'reported',
    binds: LETS_IN,
    needs: ['isOnHold'],
    allows: ({ isOnHold }) => !isOnHold,
    // Agents must not learn that the user reported a change.
    sentence: ({ withheld }) =>
      `This account is on hold and ${withheld}. Please call your security team.`,
    line: 'the account is on hold: the user reported a change',
    atTurn: true,
    stop: 'on hold',
  }),
  rule({
    name: 'limits',
    binds: LETS_IN,
    needs: ['full'],
    refusal: ({ full }) => full,
    line: 'a limit is reached',
  }),
  rule({
    name: 'verification',
    binds: LETS_IN,
    where: onceRecorded,
    needs: ['isVerified'],
    allows: ({ isVerified }) => isVerified,
    sentence: () => 'How you verified the caller is not on record.',
    toApprover: () => 'How the agent verified the caller is not on record.',
    line: 'the verification is not recorded',
  }),
  rule({
    name: 'ticket and reason',
    binds: WITH_FORM,
    where: onceRecorded,
    needs: ['isExplained'],
    allows: ({ isExplained }) => isExplained,
    sentence: () => 'The ticket or the reason is not on record.',
    line: 'the ticket or the reason is not recorded',
  }),
] as const;

/**
 * What an agent reads if such a switch stops the change; `undefined` if
 * it does not stop this kind of change.
 */
export function refusalOfStop(
  { risk, words }: Pick<GuardedChange, 'risk' | 'words'>,
  why: Why,
): Refusal | undefined {
  const all: readonly Rule[] = RULES;
  const found = all.find(({ stop, binds }) => stop === why && binds.includes(risk));
  if (!found || !('sentence' in found)) return undefined;
  return { rule: found.name, sentence: found.sentence(words) };
}

/**
 * Every rule that may appear in the audit trail, except the limits,
 * with its line for the audit channel.
 */
export const RULE_LINES: ReadonlyMap<string, string> = new Map([
  ...RULES.filter((one) => 'allows' in one).map(({ name, line }) => [name, line] as const),
  [NOTHING_TO_DO, 'there is nothing to change'],
  [TOO_LONG.rule, 'the user’s record is too long for a card in Slack'],
  [OTHER_USER.rule, 'the address or user name now belongs to somebody else'],
  [UNTOLD, 'a rule could not be checked'],
]);
