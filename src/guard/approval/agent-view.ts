import type { types } from '@slack/bolt';
import { facts, type Message, paragraph, verbatimSentence } from '../../slack/blocks.ts';
import { dateTime, mentionUser } from '../../slack/mrkdwn.ts';
import type { Change } from '../change/change.ts';
import { lower } from '../change/letters.ts';
import type { ChangeText, Words } from '../change/words.ts';
import type { Denial, End } from './view.ts';

/** What the agent reads in place of the card. */
export function waiting(
  { words, say, title }: Change,
  name: string,
  channel: string,
  until: Date,
): Message {
  const end = dateTime(until, 'time');
  return {
    text: `Waiting for approval of ${words.one}.`,
    blocks: [
      ...verbatimSentence(title(name)).blocks,
      paragraph(
        `:hourglass_flowing_sand: Waiting for approval in <#${channel}>, until ${end}. ${say.waiting}`,
      ),
    ],
  };
}

export const notAsked = ({ words }: ChangeText): string =>
  `The request for approval could not be posted, so ${lower(words.none)} Please tell your SecurID Desk administrator.`;

export const tooBusy = ({ words }: ChangeText): string =>
  `The approval channel is busy, so ${lower(words.none)} Try again in a minute.`;

export const deniedForAgent = (
  text: ChangeText,
  name: string,
  { userId, reason }: Denial,
): Message =>
  forAgent(
    text,
    name,
    `:x: ${mentionUser(userId)} denied ${text.words.noun}. ${text.words.noneOfIt}`,
    facts([['Reason', reason]]),
  );

const AGENT_ENDS: Record<End, (words: Words) => string> = {
  lapsed: ({ noun, noneOfIt }) =>
    `Nobody approved ${noun} within ten minutes, so ${lower(noneOfIt)}`,
  withdrawn: ({ none }) =>
    `SecurID Desk is restarting, and the request was withdrawn. ${none} Please ask again.`,
  lockdown: ({ none }) => `The request was withdrawn: SecurID Desk is in lockdown. ${none}`,
  'on hold': ({ none }) =>
    `The request was withdrawn: this account is on hold. ${none} Please call your security team.`,
};

export const endedForAgent = (text: ChangeText, name: string, why: End): Message =>
  forAgent(text, name, AGENT_ENDS[why](text.words));

const forAgent = (
  { title }: ChangeText,
  name: string,
  text: string,
  more: types.KnownBlock[] = [],
): Message => ({
  text,
  blocks: [...verbatimSentence(title(name)).blocks, paragraph(text), ...more],
});
