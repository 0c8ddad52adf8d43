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
   * Learns what the others know, and tells them what they do not.
   * @throws StoreError when the store is away
   */
  compare(): Promise<void>;
  /**
   * Tells all that an order is lifted.
   * @returns whether they know; otherwise somebody has given it anew
   * @throws StoreError when nobody knows whether they do
   */
  lift(name: string, word: Word): Promise<boolean>;
  /** Whether another instance may know of an order that nobody here has heard of yet. */
  mayKnowMore(): boolean;
  /** Whether there were any words, of this app or not, when this instance looked first. */
  hadWords(): boolean;
  leave(): Promise<void>;
};

/** When an order was given that nobody signed. */
const STRANGER = 0;
/** So many orders that nobody signed are believed: the state has to stay small enough to be written. */
const UNSIGNED = 1000;

/** Words of others that keep coming in between. */
const ROUNDS = 5;

type Wiring = { board: Board; member: string; ledger: Ledger; clock: Clock };

/** The words of all instances, on a board that may lose them, and that others may write on. */
export function createSharedWords({ board, member, ledger, clock }: Wiring): SharedWords {
  const peers = createPeers(member, clock);
  let joined = '';
  let seen = '';
  let there = new Map<string, Entry>();
  let numbers: BoardNumbers = readNumbers(there);
  let hadWords: boolean | undefined;
  let wasCutOff = false;

  /** What of theirs is newer than ours; and ours, in a number that counts, where nobody heard of it. */
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
      // Of what was lifted before anybody here had heard of it there is nothing to remember.
      if (!theirs || (!ours && !theirs.on)) continue;
      if (ours?.untold && ours.on && !theirs.on && isNewer(theirs, ours)) {
        news.set(name, { ...ours, seq: theirs.seq + 1 });
      } else if (isNewer(theirs, ours)) news.set(name, theirs);
      else if (ours?.untold && isSame(theirs, ours)) news.set(name, { ...ours, untold: undefined });
    }
    return news;
  }

  /** A word of before may be gone from the board: what is given now has a higher number than any there. */
  function raised(): Map<string, Known> {
    const { highest } = numbers;
    const low = [...ledger.names()].flatMap((name): [string, Known][] => {
      const ours = ledger.get(name);
      if (!ours?.untold || !ours.on || there.has(name) || ours.seq > highest) return [];
      return [[name, { ...ours, seq: highest + 1 }]];
    });
    return new Map(low);
  }

  /** The board must not get full of orders that were lifted. */
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
    throw new StoreError('the orders of the instances keep changing');
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
 * What is not signed may forbid and never allow: it is of an instance whose bot token differs, or of
 * whoever else can write there.
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
