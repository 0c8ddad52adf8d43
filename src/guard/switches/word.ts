import { z } from 'zod';

/** A word about a switch: on or off, numbered so that the newest one counts. */
export type Word = {
  on: boolean;
  /** One more than the highest number of any known switch. It alone decides which word is newer. */
  seq: number;
  /**
   * When, in milliseconds since 1970, by the sender's clock. For people to read, never compared.
   */
  at: number;
  /** Set by the app itself after it lost its state. */
  lost?: boolean | undefined;
};

/** Far more words than there will ever be, and still an exact integer in JavaScript. */
const MOST = 2 ** 48;

const Word = z.object({
  on: z.boolean(),
  seq: z.int().min(1).max(MOST),
  /** The latest time that a Date can hold. */
  at: z.int().min(0).max(8.64e15),
  lost: z.boolean().optional(),
});

/** Whether a word is newer than another about the same switch. With equal numbers, `on` wins. */
export const isNewer = (word: Word, than: Word | undefined): boolean =>
  !than || word.seq > than.seq || (word.seq === than.seq && word.on && !than.on);

export const isSame = (one: Word, other: Word | undefined): boolean =>
  one.seq === other?.seq && one.on === other.on;

/** The text for the board. */
export const toText = ({ on, seq, at, lost }: Word): string =>
  [on ? 'on' : 'off', seq, at, ...(lost ? ['lost'] : [])].join(' ');

/** `undefined` if the text is not a word. */
export function fromText(text: string): Word | undefined {
  const [, on, seq, at, lost] = /^(on|off) (\d{1,15}) (\d{1,16})( lost)?$/.exec(text) ?? [];
  const word = { on: on === 'on', seq: Number(seq), at: Number(at), ...(lost && { lost: true }) };
  return Word.safeParse(word).data;
}

/** A word that this instance knows. `untold`: the others have yet to be told. */
export type Known = Word & { untold?: boolean | undefined };

const Words = z.record(z.string(), Word.extend({ untold: z.boolean().optional() }));

/** Reads the words that an earlier process left in the state; `undefined` if they make no sense. */
export const readWords = (value: unknown): Map<string, Known> | undefined => {
  const { data } = Words.safeParse(value);
  return data && new Map(Object.entries(data));
};
