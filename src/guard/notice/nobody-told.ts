import { paragraph, verbatimContext } from '../../slack/blocks.ts';
import type { Line } from '../../slack/digest.ts';
import { mentionUser } from '../../slack/mrkdwn.ts';
import { GIVES_ACCESS } from '../change/risk.ts';
import type { ChangeText } from '../change/words.ts';

/** How notifying a user of a change ended. */
export type Tried = 'told' | 'not in Slack' | 'failed';

type About = {
  /** The name of the user. */
  name: string;
  /** Slack user ids. */
  agent: string | undefined;
  approver: string | undefined;
  incident: string;
};

const WHY: Record<Exclude<Tried, 'told'> | 'ended', string> = {
  'not in Slack': 'no Slack account matches them',
  failed: 'Slack did not accept the message',
  ended: 'SecurID Desk ended before Slack confirmed the message',
};

/** What security reads if the user could not be notified of a change. */
export function nobodyTold(
  { words, risk }: Pick<ChangeText, 'words' | 'risk'>,
  { name, agent, approver, incident }: About,
  why: keyof typeof WHY,
): Line {
  const by = approver ? `, approved by ${mentionUser(approver)}` : '';
  const who = agent ? mentionUser(agent) : 'Somebody';
  const next = GIVES_ACCESS.has(risk)
    ? 'Please ask them another way whether they requested it.'
    : 'Please tell them another way.';
  const text = `:warning: ${who} ${words.did}${by}, and the user was not notified: ${WHY[why]}. ${next}`;
  return {
    text,
    blocks: [paragraph(text), verbatimContext(`for ${name} · incident ${incident}`)],
    priority: 'change',
    kind: `${words.thing}s whose users were not told`,
    incident,
  };
}
