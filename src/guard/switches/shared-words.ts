import type { Clock } from '../../clock.ts';
import { type Board, type Entry, StoreError } from '../../store/index.ts';
import { createNext } from '../../store/next.ts';
import { type BoardNumbers, readNumbers } from './lifted.ts';
import { forbids, LOCKDOWN } from './names.ts';
import { createPeers } from './peers.ts';
import { fromText, isNewer, isSame, type Known, toText, type Word } from './word.ts';

/** What this instance knows, and how it learns more. */
export type Ledger = {
  get(name: string): Known | undefined;
  names(): Iterable<string>;
  /** The highest number that any word has had. */
  highest(): number;
  /** Keeps words, on disk as well. */
  keep(words: Map<string, Known>): Promise<unknown>;
};

export type SharedWords = {
  /**
   * Learns what the others know, and tells them what they do not know.
   * @throws StoreError when the store is away
   */
  compare(): Promise<void>;
  /**
   * Tells everybody that a switch is off.
   * @returns whether they know; if not, somebody turned it on again
   * @throws StoreError when that cannot be told
   */
  lift(name: string, word: Word): Promise<boolean>;
  /** Whether another instance may know of a switch that this one has not heard of yet. */
  mayKnowMore(): boolean;
  /** Whether the board held any words, signed or not, at this instance's first look. */
  hadWords(): boolean;
  leave(): Promise<void>;
};

/** The time given to words that nobody signed. */
const STRANGER = 0;
/** Most unsigned words that are believed, so that the state stays small enough to write. */
const UNSIGNED = 1000;

/** How often to look again while others keep writing. */
const ROUNDS = 5;

type Wiring = { board: Board; member: string; ledger: Ledger; clock: Clock };

/** Shares words with all instances over a board that may lose them, and that strangers may write on. */
export function createSharedWords({ board, member, ledger, clock }: Wiring): SharedWords {
  const peers = createPeers(member, clock);
  let joined = '';
  let seen = '';
  let there = new Map<string, Entry>();
  let numbers: BoardNumbers = readNumbers(there);
  let hadWords: boolean | undefined;
  let wasCutOff = false;

  /** Their words that are newer than ours, and our untold ones under a number that counts. */
  function learn(): Map<string, Known> {
    const news = raised();
    const next = Math.max(numbers.highest, ledger.highest()) + 1;
    let strangers = [...ledger.names()].filter((name) => ledger.get(name)?.at === STRANGER).length;
    for (const [name, entry] of there) {
      const ours = ledger.get(name);
      const { text } = entry;
      if (text === undefined && strangers >= UNSIGNED && name !== LOCKDOWN) continue;
      const theirs = text === undefined ? unsigned(name, entry, ours, next) : fromText(text);
      if (theirs?.at === STRANGER) strangers += 1;
      // Already lifted before this instance heard of it: nothing to remember.
      if (!theirs || (!ours && !theirs.on)) continue;
      if (ours?.untold && ours.on && !theirs.on && isNewer(theirs, ours)) {
        news.set(name, { ...ours, seq: theirs.seq + 1 });
      } else if (isNewer(theirs, ours)) news.set(name, theirs);
      else if (ours?.untold && isSame(theirs, ours)) news.set(name, { ...ours, untold: undefined });
    }
    return news;
  }

  /** The board may have lost words: give our untold ones a higher number than any on it. */
  function raised(): Map<string, Known> {
    const { highest } = numbers;
    const low = [...ledger.names()].flatMap((name): [string, Known][] => {
      const ours = ledger.get(name);
      if (!ours?.untold || !ours.on || there.has(name) || ours.seq > highest) return [];
      return [[name, { ...ours, seq: highest + 1 }]];
    });
    return new Map(low);
  }

  /** Keeps lifted switches from filling the board. */
  async function tidy(): Promise<void> {
    const { old } = numbers;
    if (old.size === 0) return;
    await board.remove(old);
    for (const name of old.keys()) there.delete(name);
    numbers = readNumbers(there);
  }

  /** @returns whether there was anything to tell */
  async function tell(): Promise<boolean> {
    const untold = [...ledger.names()].filter((name) => {
      const [ours, entry] = [ledger.get(name), there.get(name)];
      const theirs = entry?.text === undefined ? undefined : fromText(entry.text);
      if (!entry && ours && !ours.on && ours.seq <= numbers.floor) return false;
      return ours && isNewer(ours, theirs) && !isSame(ours, theirs);
    });
    await Promise.all(
      untold.map(async (name) => {
        const ours = ledger.get(name);
        if (ours) there.set(name, await board.write(name, there.get(name)?.raw, toText(ours)));
      }),
    );
    return untold.length > 0;
  }

  const compare = createNext(async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const sight = await board.look({ member, joined, seen });
      const { epoch, version, entries } = sight;
      wasCutOff ||= sight.wasCutOff;
      if (entries) {
        there = entries;
        numbers = readNumbers(there);
      }
      hadWords ??= there.size > 0;
      const news = learn();
      if (news.size > 0) await ledger.keep(news);
      const told = await tell();
      seen = told ? '' : version;
      if (!told && epoch === joined) {
        peers.saw(sight, wasCutOff);
        wasCutOff = false;
        return tidy();
      }
      if (!told) joined = epoch;
    }
    throw new StoreError('the instances keep changing their switches');
  });

  return {
    compare,
    async lift(name, word) {
      const entry = await board.write(name, there.get(name)?.raw, toText(word));
      there.set(name, entry);
      seen = '';
      return entry.text === toText(word);
    },
    mayKnowMore: peers.mayKnowMore,
    hadWords: () => hadWords ?? false,
    leave: () => board.leave(member),
  };
}

/**
 * An unsigned word may forbid, never allow: it comes from an instance with another bot token, or from
 * anybody else who can write to the store.
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
