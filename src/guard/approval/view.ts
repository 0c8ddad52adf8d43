import type { types } from '@slack/bolt';
import type { Authenticators, UserDetails } from '../../securid/index.ts';
import {
  actions,
  button,
  context,
  facts,
  header,
  input,
  type Message,
  paragraph,
  sentence,
  textInput,
  verbatim,
} from '../../slack/blocks.ts';
import { dateTime, mentionGroup, mentionUser } from '../../slack/mrkdwn.ts';
import type { Input } from '../change/asked.ts';
import type { Change } from '../change/change.ts';
import type { Options } from '../change/fields.ts';
import type { ChangeText } from '../change/words.ts';
import { idsOf, REASON, type Verification } from '../form/card.ts';
import { before } from '../form/kept-view.ts';
import { LONGEST_REASON } from '../form/verification.ts';
import type { Untold } from '../gate/facts.ts';
import { aboutUser } from './about-user.ts';

/** Who asks, for whom, and why. */
export type ApprovalRequest = {
  /** Of the requested change. */
  text: ChangeText;
  input: Input;
  /** What there was to choose. */
  options: Options | undefined;
  name: string;
  /** Slack user id of the agent. */
  agent: string;
  verification: Verification;
  /** The earlier change for which the caller was verified, if so. */
  verified?: { age: number } | undefined;
  incident: string;
  until: Date;
};

type Content = ApprovalRequest & {
  user: UserDetails;
  /** `undefined` if SecurID did not say. */
  registered: Authenticators | undefined;
  approvers: string[];
  /** Rules about people that could not be checked, which is why an approver decides. */
  untold: Untold[];
  decide: string;
};

/** What the approvers read. */
export function request(change: Change, content: Content): Message {
  const { agent, approvers, decide, until, user } = content;
  const { words, say } = change;
  const { approve, deny } = idsOf(change);
  const first = change.first(content.input)?.change;
  const one = first ? `${first.words.one}, then ${words.one}` : words.one;
  const text = `${mentionUser(agent)} asks for approval of ${one}.`;
  return {
    text,
    blocks: [
      header(`Approval: ${change.title(content.name)}`),
      paragraph(`${text} ${approvers.slice(0, 3).map(mention).join(' ')}`),
      ...details(content, user.emailAddress),
      ...aboutUser(user, content.registered),
      ...content.untold.map((one) => paragraph(`:grey_question: ${UNTOLD[one]}`)),
      context(
        `Expires at ${dateTime(until, 'time')}. Someone other than the agent and the user has to decide.`,
      ),
      actions(
        button('Approve', {
          action: approve,
          value: decide,
          style: 'primary',
          confirm: {
            title: `Approve this ${words.short}?`,
            text: first ? `${first.say.approval} ${say.approval}` : say.approval,
            yes: 'Approve',
            no: 'Not yet',
          },
        }),
        button('Deny', { action: deny, value: decide, style: 'danger' }),
      ),
      context(`Incident \`${content.incident}\``),
    ],
  };
}

const UNTOLD: Record<Untold, string> = {
  'own account':
    'SecurID Desk cannot tell whether this is the agent’s own account: SecurID has no record with the agent’s Slack address.',
  'nobody in Slack':
    'SecurID Desk cannot tell whether this user is protected: no Slack account has their e-mail address.',
  'no address':
    'SecurID Desk cannot tell whether this user is protected: SecurID has no e-mail address for them.',
};

const mention = (id: string) => (id.startsWith('S') ? mentionGroup(id) : mentionUser(id));

const details = (
  { text, input, options, name, verification, verified }: ApprovalRequest,
  email?: string,
): types.KnownBlock[] =>
  facts([
    ['For', [name, email].filter(Boolean).join(', ')],
    ['Reason', verification.reason],
    ['Ticket', verification.ticket],
    [
      'Verified',
      verification.method && verification.method + (verified ? `, ${before(verified)}` : ''),
    ],
    ...text.facts(input, options),
  ]);

const DECISIONS = {
  approved: (by: string) => `:white_check_mark: Approved by ${by}.`,
  'not recorded': (by: string, { words }: ChangeText) =>
    `:warning: ${by} approved it, but the audit trail could not be written, so ${words.notAsked}.`,
};

/** The same message after the decision: no buttons, and who decided. */
export const decided = (
  content: ApprovalRequest,
  how: keyof typeof DECISIONS,
  by: string,
): Message => closed(content, DECISIONS[how](mentionUser(by), content.text));

/** Who denied a request, and why. */
export type Denial = { userId: string; reason: string };

/** The same message after a denial. */
export const denied = (content: ApprovalRequest, { userId, reason }: Denial): Message =>
  closed(content, `:x: Denied by ${mentionUser(userId)}.`, facts([['Reason for denying', reason]]));

/** The modal in which an approver says why they deny a request. */
export const denial = (change: Change, name: string, sealed: string): types.ModalView => ({
  type: 'modal',
  callback_id: idsOf(change).denial,
  private_metadata: sealed,
  title: { type: 'plain_text', text: 'Deny' },
  submit: { type: 'plain_text', text: 'Deny' },
  close: { type: 'plain_text', text: 'Cancel' },
  blocks: [
    ...(name ? [verbatim(change.title(name))] : []),
    paragraph('The agent reads your reason, and it goes into the audit trail.'),
    input(
      'Reason',
      REASON,
      textInput(REASON, { placeholder: 'Call them back first, …', max: LONGEST_REASON }),
    ),
  ],
});

/** How a request ends without a decision. */
export type End = 'lapsed' | 'withdrawn' | 'lockdown' | 'on hold';

const ENDS: Record<End, string> = {
  lapsed: 'Expired: nobody decided within ten minutes.',
  withdrawn: 'Withdrawn: SecurID Desk is restarting.',
  lockdown: 'Withdrawn: SecurID Desk is in lockdown.',
  'on hold': 'Withdrawn: this account is on hold.',
};

/** The same message, ended without a decision. */
export const ended = (content: ApprovalRequest, why: End): Message => closed(content, ENDS[why]);

function closed(content: ApprovalRequest, outcome: string, more: types.KnownBlock[] = []): Message {
  return {
    text: outcome,
    blocks: [
      header(`Approval: ${content.text.title(content.name)}`),
      paragraph(`Requested by ${mentionUser(content.agent)}`),
      ...details(content),
      paragraph(outcome),
      ...more,
      context(`Incident \`${content.incident}\``),
    ],
  };
}

export const over = (): Message =>
  sentence('This request has expired or has been decided. The agent can ask again.');
export const decidedAlready = (): Message =>
  sentence('Someone else has just decided this, or it has expired.');
export const notYours = (why: string): Message => sentence(`:no_entry: Not decided. ${why}`);
