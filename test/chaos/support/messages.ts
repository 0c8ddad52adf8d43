import type { Message, Shown } from '../../../src/playground/workspace/index.ts';
import { objectsIn } from '../../support/nested.ts';

/** What stood on the screen at a moment; a message that is replaced does not keep it. */
export type Seen = { kind: Shown['kind']; text: string; at: number };

export const seen = (shown: Shown): Seen => ({
  kind: shown.kind,
  text: shown.kind === 'message' ? shown.text : 'a form',
  at: Date.now(),
});

/** More is to follow. */
export const isInterim = ({ text }: Seen) =>
  /^Asking SecurID for|This is taking longer than usual/.test(text);

/** A code is gone from the screen. */
export const tellsErased = ({ text }: Seen) =>
  /has expired and was removed|was removed because|was hidden/.test(text);

/** The bot had given up a form that Slack opened late: the agent reads that, and has the form. */
export const isAboutOpening = ({ text }: Seen) =>
  /^(Slack did not answer|That took too long for Slack to open)/.test(text);

/** The agent reads that it did not work. */
export const isTrouble = ({ text }: Seen) => /Incident|could not/.test(text);

/** The code that a message shows. */
export function codeIn({ blocks }: Message): string | undefined {
  const headers = blocks.filter(({ type }) => type === 'header');
  const texts = headers.map(({ text }) => (text as { text: string }).text);
  return texts.find((text) => /^\d{3} \d{3} \d{3}$/.test(text))?.replaceAll(' ', '');
}

/** The buttons of a message, by what they say. */
export const buttonsOf = ({ blocks }: Message): string[] =>
  objectsIn(blocks).flatMap(({ type, text }) =>
    type === 'button' ? (text as { text: string }).text : [],
  );
