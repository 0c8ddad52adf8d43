import type { types } from '@slack/bolt';
import { PLATFORMS } from '../../desk/platforms.ts';
import type { UserDetails } from '../../securid/index.ts';
import {
  actions,
  button,
  context,
  facts,
  header,
  type Message,
  paragraph,
  sentence,
  verbatimSentence,
} from '../../slack/blocks.ts';
import { dateTime, mentionGroup, mentionUser } from '../../slack/mrkdwn.ts';
import type { Verification } from '../form/card.ts';
import type { Untold } from '../gate/facts.ts';

/** `action_id`s of the two buttons. */
export const APPROVE = 'approval:approve';
export const DENY = 'approval:deny';

/** Who asks, for whom, and why. */
export type ApprovalRequest = {
  name: string;
  /** Slack user id of who asks. */
  agent: string;
  verification: Verification;
  incident: string;
  until: Date;
};

type Content = ApprovalRequest & {
  user: UserDetails;
  approvers: string[];
  /** Rules about people that cannot be told: why a second person decides. */
  untold: Untold[];
  decide: string;
};

/** What the approvers read. */
export function request(content: Content): Message {
  const { agent, approvers, decide, until, user } = content;
  const text = `${mentionUser(agent)} asks for approval of a registration code.`;
  return {
    text,
    blocks: [
      header('Approval of a registration code'),
      paragraph(`${text} ${approvers.slice(0, 3).map(mention).join(' ')}`),
      ...details(content, user.emailAddress),
      ...content.untold.map((one) => paragraph(`:grey_question: ${UNTOLD[one]}`)),
      context(
        `Lapses at ${dateTime(until, 'time')}. Somebody other than the agent and the user has to decide.`,
      ),
      actions(
        button('Approve', {
          action: APPROVE,
          value: decide,
          style: 'primary',
          confirm: {
            title: 'Approve this code?',
            text: 'The agent gets the code at once. Whoever has it can register a device as this user.',
            yes: 'Approve',
            no: 'Not yet',
          },
        }),
        button('Deny', { action: DENY, value: decide, style: 'danger' }),
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

const details = ({ name, verification }: ApprovalRequest, email?: string): types.KnownBlock[] =>
  facts([
    ['For', [name, email].filter(Boolean).join(', ')],
    ['Reason', verification.reason],
    ['Ticket', verification.ticket],
    ['Verified', verification.method],
    ['Platform', PLATFORMS[verification.platform]],
  ]);

const DECISIONS = {
  approved: (by: string) => `:white_check_mark: Approved by ${by}.`,
  denied: (by: string) => `:x: Denied by ${by}.`,
  'not recorded': (by: string) =>
    `:warning: ${by} approved it, but the audit trail could not be written, so no code was asked for.`,
};

/** The same message, decided: without buttons, with who decided. */
export const decided = (
  content: ApprovalRequest,
  how: keyof typeof DECISIONS,
  by: string,
): Message => closed(content, DECISIONS[how](mentionUser(by)));

/** How a request ends without a decision. */
export type End = 'lapsed' | 'withdrawn' | 'lockdown' | 'on hold';

const ENDS: Record<End, string> = {
  lapsed: 'Lapsed: nobody decided within ten minutes.',
  withdrawn: 'Withdrawn: SecurID Desk is restarting.',
  lockdown: 'Withdrawn: SecurID Desk is in lockdown.',
  'on hold': 'Withdrawn: this account is on hold.',
};

/** The same message, without a decision. */
export const ended = (content: ApprovalRequest, why: End): Message => closed(content, ENDS[why]);

function closed(content: ApprovalRequest, outcome: string): Message {
  return {
    text: outcome,
    blocks: [
      header('Approval of a registration code'),
      paragraph(`Asked for by ${mentionUser(content.agent)}`),
      ...details(content),
      paragraph(outcome),
      context(`Incident \`${content.incident}\``),
    ],
  };
}

/** The request is not known any more. */
export const over = (): Message =>
  sentence('This request has lapsed or was decided. The agent can ask again.');
export const decidedAlready = (): Message =>
  sentence('Somebody else decided this just now, or it has lapsed.');
export const notYours = (why: string): Message => sentence(`:no_entry: Not decided. ${why}`);

/** What the agent reads in place of the card. */
export function waiting(name: string, channel: string, until: Date): Message {
  const end = dateTime(until, 'time');
  return {
    text: 'Waiting for approval of a registration code.',
    blocks: [
      ...verbatimSentence(`Registration code for ${name}`).blocks,
      paragraph(
        `:hourglass_flowing_sand: Waiting for approval in <#${channel}>, until ${end}. The code will stand here; if there is none by then, none was issued.`,
      ),
    ],
  };
}

export const NOT_ASKED =
  'Approval could not be asked for, so no code was issued. Please tell whoever runs SecurID Desk.';

export const TOO_BUSY =
  'The approval channel is busy, so no code was issued. Try again in a minute.';

export const deniedForAgent = (name: string, by: string): Message =>
  forAgent(name, `:x: ${mentionUser(by)} denied the code. None was issued.`);

const AGENT_ENDS: Record<End, string> = {
  lapsed: 'Nobody approved the code within ten minutes. None was issued.',
  withdrawn:
    'SecurID Desk is restarting, and the request was withdrawn. No code was issued; please ask again.',
  lockdown: 'The request was withdrawn: SecurID Desk is in lockdown. No code was issued.',
  'on hold':
    'The request was withdrawn: this account is on hold. No code was issued. Please call your security team.',
};

export const endedForAgent = (name: string, why: End): Message => forAgent(name, AGENT_ENDS[why]);

const forAgent = (name: string, text: string): Message => ({
  text,
  blocks: [...verbatimSentence(`Registration code for ${name}`).blocks, paragraph(text)],
});
