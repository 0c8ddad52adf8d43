import { z } from 'zod';

/** An order that was given, or lifted. */
export type Word = {
  on: boolean;
  /** One more than the highest that was known of any order. It alone says which word about one order is the newer one. */
  seq: number;
  /** When, in milliseconds since 1970 by the clock of whoever gave it: to be shown, not to be compared. */
  at: number;
  /** Given by the app itself, which did not know what was in force. */
  lost?: boolean | undefined;
};

/** Nobody gives so many orders, and JavaScript still counts exactly there. */
const MOST = 2 ** 48;

const Word = z.object({
  on: z.boolean(),
  seq: z.int().min(1).max(MOST),
  /** The last time that a Date can be. */
  at: z.int().min(0).max(8.64e15),
  lost: z.boolean().optional(),
});

/** Of two words about one order. Of two that know nothing of each other the one that forbids counts. */
export const isNewer = (word: Word, than: Word | undefined): boolean =>
  !than || word.seq > than.seq || (word.seq === than.seq && word.on && !than.on);

export const isSame = (one: Word, other: Word | undefined): boolean =>
  one.seq === other?.seq && one.on === other.on;

/** As it stands on the board. */
export const toText = ({ on, seq, at, lost }: Word): string =>
  [on ? 'on' : 'off', seq, at, ...(lost ? ['lost'] : [])].join(' ');

/** `undefined` where the text is no word. */
export function fromText(text: string): Word | undefined {
  const [, on, seq, at, lost] = /^(on|off) (\d{1,15}) (\d{1,16})( lost)?$/.exec(text) ?? [];
  const word = { on: on === 'on', seq: Number(seq), at: Number(at), ...(lost && { lost: true }) };
  return Word.safeParse(word).data;
}

/** A word that this instance knows, and whether the others still have to hear of it. */
export type Known = Word & { untold?: boolean | undefined };

const Words = z.record(z.string(), Word.extend({ untold: z.boolean().optional() }));

/** The words in the state of an earlier process; `undefined` where they are none. */
export const readWords = (value: unknown): Map<string, Known> | undefined => {
  const { data } = Words.safeParse(value);
  return data && new Map(Object.entries(data));
};
