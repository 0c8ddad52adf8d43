import type { Entry } from '../../store/index.ts';
import { fromText } from './word.ts';

/** How many lifted switches stay on the board: those with the highest numbers. */
const KEPT = 10_000;
/** How many more it takes before the rest are removed, long before the board is full. */
const ROOM = 2000;

export type BoardNumbers = {
  /** The highest number of any word. */
  highest: number;
  /** Lifted switches up to this number are not put back on the board. */
  floor: number;
  /** What to remove: the raw text by name. */
  old: Map<string, string>;
};

/** Reads the numbers of this app's words on the board. */
export function readNumbers(there: Map<string, Entry>): BoardNumbers {
  let highest = 0;
  const lifted: { name: string; raw: string; seq: number }[] = [];
  for (const [name, { raw, text }] of there) {
    const word = text === undefined ? undefined : fromText(text);
    if (!word) continue;
    highest = Math.max(highest, word.seq);
    if (!word.on) lifted.push({ name, raw, seq: word.seq });
  }
  lifted.sort((one, other) => other.seq - one.seq);
  const old = lifted.length > KEPT + ROOM ? lifted.slice(KEPT) : [];
  return {
    highest,
    floor: lifted[KEPT - 1]?.seq ?? 0,
    old: new Map(old.map(({ name, raw }) => [name, raw])),
  };
}
