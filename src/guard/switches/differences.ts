import type { Entry } from '../../store/index.ts';
import type { BoardNumbers } from './lifted.ts';
import { forbids, LOCKDOWN } from './names.ts';
import { fromText, isNewer, isSame, type Known } from './word.ts';

/** What this instance knows. */
export type OurWords = {
  get(name: string): Known | undefined;
  names(): Iterable<string>;
  /** The highest number that any word has had. */
  highest(): number;
};

/** The words on the board. */
export type BoardWords = { there: Map<string, Entry>; numbers: BoardNumbers };

/** The time given to unsigned words. */
const STRANGER = 0;
/** How many unsigned words are believed. More could make the state too large to write. */
const UNSIGNED = 1000;

/** Their words that are newer than ours, and our untold ones with a number high enough to count. */
export function newsFor(words: OurWords, { there, numbers }: BoardWords): Map<string, Known> {
  const news = raised(words, { there, numbers });
  const next = Math.max(numbers.highest, words.highest()) + 1;
  let strangers = [...words.names()].filter((name) => words.get(name)?.at === STRANGER).length;
  for (const [name, entry] of there) {
    const ours = words.get(name);
    const { text } = entry;
    if (text === undefined && strangers >= UNSIGNED && name !== LOCKDOWN) continue;
    const theirs = text === undefined ? unsigned(name, entry, ours, next) : fromText(text);
    if (theirs?.at === STRANGER) strangers += 1;
    const learned = theirs && learn(theirs, ours);
    if (learned) news.set(name, learned);
  }
  return news;
}

/** The word to keep, if it differs from ours. */
function learn(theirs: Known, ours: Known | undefined): Known | undefined {
  // Already lifted before this instance heard of it: nothing to remember.
  if (!ours && !theirs.on) return undefined;
  if (ours?.untold && ours.on && !theirs.on && isNewer(theirs, ours)) {
    return { ...ours, seq: theirs.seq + 1 };
  }
  if (isNewer(theirs, ours)) return theirs;
  return ours?.untold && isSame(theirs, ours) ? { ...ours, untold: undefined } : undefined;
}

/** The board may have lost words, so our untold ones get a higher number than any on it. */
function raised(words: OurWords, { there, numbers }: BoardWords): Map<string, Known> {
  const { highest } = numbers;
  const low = [...words.names()].flatMap((name): [string, Known][] => {
    const ours = words.get(name);
    if (!ours?.untold || !ours.on || there.has(name) || ours.seq > highest) return [];
    return [[name, { ...ours, seq: highest + 1 }]];
  });
  return new Map(low);
}

/**
 * An unsigned word may forbid, never allow: it comes from an instance with another bot token, or
 * from anybody else who can write to the store.
 */
function unsigned(
  name: string,
  { raw }: Entry,
  ours: Known | undefined,
  next: number,
): Known | undefined {
  if (!raw.startsWith('on ') || !forbids(name) || ours?.on) return undefined;
  return { on: true, seq: next, at: STRANGER, untold: true };
}

/** Our words that the board lacks or has in an older version. */
export function untoldTo({ there, numbers }: BoardWords, words: OurWords): [string, Known][] {
  return [...words.names()].flatMap((name): [string, Known][] => {
    const [ours, entry] = [words.get(name), there.get(name)];
    const theirs = entry?.text === undefined ? undefined : fromText(entry.text);
    if (!ours || (!entry && !ours.on && ours.seq <= numbers.floor)) return [];
    return isNewer(ours, theirs) && !isSame(ours, theirs) ? [[name, ours]] : [];
  });
}
