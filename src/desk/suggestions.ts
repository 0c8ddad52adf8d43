import type { types } from '@slack/bolt';
import { context, type Message, paragraph } from '../slack/blocks.ts';
import type { Seal } from '../slack/seal.ts';
import { followUp, rowOf } from './follow-up.ts';
import type { Suggestion } from './nearest.ts';

/** Says that there is no such command, and suggests similar ones as buttons. */
export async function unknown(suggestions: Suggestion[], seal: Seal): Promise<Message> {
  const [first] = suggestions;
  const text = `There is no such command.${first ? offer(first) : ''} \`/securid help\` lists them all.`;
  const buttons = await Promise.all(suggestions.map((one) => buttonFor(one, seal)));
  return { text, blocks: [paragraph(text), ...rowOf(...buttons)] };
}

/** Adds searches to what a command says about a name. */
export async function withSearches(
  message: Message,
  searches: Suggestion[],
  seal: Seal,
): Promise<Message> {
  const [first] = searches;
  if (!first) return message;
  const buttons = await Promise.all(searches.map((one) => buttonFor(one, seal)));
  return {
    ...message,
    blocks: [...message.blocks, paragraph(offer(first).trim()), ...rowOf(...buttons)],
  };
}

const offer = ({ name, isPart }: Suggestion): string =>
  isPart
    ? ' If that is somebody’s name, search for a part of it in the e-mail addresses.'
    : ` Did you mean \`/securid ${name}\`?`;

const buttonFor = (
  { operation, name, words }: Suggestion,
  seal: Seal,
): Promise<types.Button | undefined> => {
  const label = ['/securid', name, ...words.map(asRead)].join(' ');
  return followUp(seal, label, { operation: operation.name, words, replace: true });
};

/** A mention or an address without its brackets. */
const asRead = (word: string) =>
  word
    .replace(/^<@\w+\|(.+)>$/, '@$1')
    .replace(/^<@(\w+)>$/, '@$1')
    .replace(/^<(.+)>$/, '$1');

/** Says below the answer that a single word was read as a user name. */
export function takenForUserName(message: Message): Message {
  const note = context('Taken for a user name. `/securid help` lists the commands.');
  return { ...message, blocks: [...message.blocks, note] };
}
