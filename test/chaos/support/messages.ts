import type { Message, Shown } from '../../../src/playground/workspace/index.ts';
import { objectsIn } from '../../support/nested.ts';

/** What was on the screen at a moment; kept even if the message is replaced later. */
export type Seen = { kind: Shown['kind']; text: string; at: number };

export const seen = (shown: Shown): Seen => ({
  kind: shown.kind,
  text: shown.kind === 'message' ? shown.text : 'a form',
  at: Date.now(),
});

/** More will follow. */
export const isInterim = ({ text }: Seen) =>
  /^Asking SecurID (for|to) |This is taking longer than usual/.test(text);

/** A code was erased from the screen. */
export const tellsErased = ({ text }: Seen) =>
  /has expired and was removed|was removed because|was hidden/.test(text);

/** Slack opened a form after the bot had given up: the agent has the form, and reads that it failed. */
export const isAboutOpening = ({ text }: Seen) =>
  /^(Slack did not answer\.|That took too long for Slack to open)/.test(text);

/** The agent reads about a failure. */
export const isTrouble = ({ text }: Seen) => /Incident|could not/.test(text);

/** The code in a message. */
export function codeIn({ blocks }: Message): string | undefined {
  const headers = blocks.filter(({ type }) => type === 'header');
  const texts = headers.map(({ text }) => (text as { text: string }).text);
  return texts.find((text) => /^\d{3} \d{3} \d{3}$/.test(text))?.replaceAll(' ', '');
}

/** The labels of a message's buttons. */
export const buttonsOf = ({ blocks }: Message): string[] =>
  objectsIn(blocks).flatMap(({ type, text }) =>
    type === 'button' ? (text as { text: string }).text : [],
  );
