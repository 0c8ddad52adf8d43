import type { Row } from '../../audit/index.ts';
import { mentionUser } from '../../slack/mrkdwn.ts';
import type { Changes } from '../change/changes.ts';
import { changeOf } from '../change/rows.ts';
import { RULE_LINES } from '../gate/rules.ts';

// The plain meaning of the short names that the trail has for rules and failures.

const REFUSALS: Record<string, string> = {
  'a guest': 'is a guest',
  'a bot': 'is a bot',
  deactivated: 'is deactivated',
  'another workspace': 'belongs to another workspace',
  'a workspace that is not listed': 'is in a workspace that may not use SecurID Desk',
  'the workspace is not known': 'is in a workspace that Slack did not name',
  'unknown to Slack': 'is unknown to Slack',
  'no role': 'has no role',
  'somebody else acts': 'had a part in the reported change',
  'searches per agent and hour': 'has searched too often within an hour',
  'sign-in look-ups per agent and hour': 'has looked at sign-ins too often within an hour',
};

const FAILURES: Record<string, string> = {
  INVALID_REQUEST: 'SecurID did not accept the request',
  NOT_AUTHORIZED: 'SecurID refused this app’s key',
  REFUSED: 'SecurID refused it',
  NOT_FOUND: 'SecurID did not find the user',
  CONFLICT: 'the record has changed in SecurID',
  RATE_LIMITED: 'SecurID was busy',
  UNAVAILABLE: 'SecurID did not answer',
  UNEXPECTED_RESPONSE: 'SecurID’s answer could not be understood',
  NOT_LICENSED: 'the company has no license for it',
  USER_NOT_FOUND: 'SecurID no longer has the user',
  USER_DISABLED: 'the user is disabled',
  DEVICE_ALREADY_REGISTERED: 'the user already has a registered device',
  DEVICE_NOT_FOUND: 'SecurID no longer has the device',
  TOKEN_NOT_FOUND: 'SecurID no longer has the token, or it belongs to somebody else',
  FIDO_NOT_FOUND: 'SecurID no longer has the FIDO credential',
  CODE_NOT_FOUND: 'SecurID no longer has the emergency code',
  EXPIRY_REFUSED: 'SecurID does not allow a code that is valid for so long',
  MANAGED_ELSEWHERE: 'SecurID does not let this app change this user',
  NOT_OFFERED: 'this SecurID tenant does not offer it',
  ALREADY_SO: 'it was so already, or the state in SecurID does not allow it',
  'first step not done': 'what had to be done first was not done',
  'limits not checked': 'the limits could not be checked',
  'in the record': 'SecurID gave no usable answer, and its record shows that it was done',
  'not in the record': 'SecurID gave no usable answer, and its record does not show it',
  'not in Slack': 'no Slack account matches them',
  failed: 'Slack did not accept the message',
  'not in time': 'Slack did not answer in time',
};

/** Why somebody was refused. Unknown reasons are shown as the trail has them. */
export function whyRefused(reason: string, changes: Changes): string {
  const rule = lineOf(reason, changes) ?? REFUSALS[reason];
  return rule ?? reason.replace(/^not an? /, 'is $&');
}

/** What a rule or a limit means. */
const lineOf = (rule: string, { limits }: Changes): string | undefined =>
  RULE_LINES.get(rule) ?? limits.find((one) => one.rule === rule)?.meaning;

/** Why something failed, in plain words. */
export function whyFailed(failure: string, changes: Changes): string {
  const rule = /^stopped: (.*)$/.exec(failure)?.[1];
  if (rule) return lineOf(rule, changes) ?? failure;
  // The reason, at the end, says more than the code.
  const last = failure.split(': ').at(-1) ?? failure;
  return FAILURES[last] ?? failure;
}

/** A card without buttons was shown. Nothing was requested, so nothing was refused. */
export const wasOnlyLookedAt = ({ event, operation = '', reason = '' }: Row, changes: Changes) =>
  event === 'refusal' &&
  !operation.replace(/^follow-up:/, '').includes(':') &&
  changes.knows(changeOf({ operation })) &&
  lineOf(reason, changes) !== undefined;

/** The people whose Slack ids a reason written by this app contains. */
export const mentionsIn = (reason = '') =>
  [...new Set(reason.match(/\b[UW][A-Z0-9]{5,}\b/g))].map(mentionUser);

const OPERATIONS: Record<string, string> = {
  'notice:lift': 'unblock',
  'lockdown:lift': 'lockdown off',
  'license:csv': 'license figures as CSV',
};

/** What was requested, in plain words. */
export function whatFor(operation: string, changes: Changes): string {
  const name = changeOf({ operation });
  const [, button] = operation.split(':');
  if (!button || !changes.knows(name)) {
    return OPERATIONS[operation] ?? operation.replace(/^follow-up:/, '');
  }
  return BUTTONS[button] ?? changes.textOf(name).words.thing;
}

const BUTTONS: Record<string, string> = { approve: 'approval', deny: 'denial' };
