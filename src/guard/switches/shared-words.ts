import type { Clock } from '../../clock.ts';
import { type Board, type Entry, StoreError } from '../../store/index.ts';
import { createNext } from '../../store/next.ts';
import { type BoardWords, newsFor, type OurWords, untoldTo } from './differences.ts';
import { readNumbers } from './lifted.ts';
import { stopsNothing } from './names.ts';
import { createPeers } from './peers.ts';
import { fromText, type Known, toText, type Word } from './word.ts';

/** What this instance knows, and how it learns more. */
export type Ledger = OurWords & {
  /** Keeps words in memory and on disk. */
  keep(words: Map<string, Known>): Promise<unknown>;
};

export type SharedWords = {
  /**
   * Learns what the others know, and tells them what they do not.
   * @throws StoreError if the store is unavailable
   */
  compare(): Promise<void>;
  /**
   * Tells all instances that a switch is off.
   * @returns whether they know; if not, somebody has turned it on again
   * @throws StoreError if that is unknown
   */
  lift(name: string, word: Word): Promise<boolean>;
  /** Whether another instance may know of a switch that this one has not heard of. */
  mayKnowMore(): boolean;
  /**
   * The number of the last word about a switch that this instance or the board knows. After
   * comparing, it differs from an earlier one if the switch was set or lifted since.
   */
  lastNumber(name: string): number | undefined;
  /** Whether other instances were there at the last comparison. */
  areOthersThere(): boolean;
  /**
   * Whether the board held any words that may stop changes, signed or not, at this instance's first look. Others an
   * instance may have written that starts for the first time as well.
   */
  hadWords(): boolean;
  leave(): Promise<void>;
};

/** How often to look again while others keep writing. */
const ROUNDS = 5;

type Wiring = { board: Board; member: string; ledger: Ledger; clock: Clock };

/**
 * Shares words with all instances through a board that may lose
 * them and that strangers may write to.
 */
export function createSharedWords({ board, member, ledger, clock }: Wiring): SharedWords {
  const peers = createPeers(member, clock);
  let joined = '';
  let seen = '';
  let onBoard: BoardWords = readBoard(new Map());
  let hadWords: boolean | undefined;
  let wasCutOff = false;

  /** Keeps lifted switches from filling up the board. */
  async function tidy(): Promise<void> {
    const { there, numbers } = onBoard;
    if (numbers.old.size === 0) return;
    await board.remove(numbers.old);
    for (const name of numbers.old.keys()) there.delete(name);
    onBoard = readBoard(there);
  }

  /** @returns whether there was anything to tell */
  async function tell(): Promise<boolean> {
    const { there } = onBoard;
    const untold = untoldTo(onBoard, ledger);
    await Promise.all(
      untold.map(async ([name, word]) => {
        there.set(name, await board.write(name, there.get(name)?.raw, toText(word)));
      }),
    );
    return untold.length > 0;
  }

  const compare = createNext(async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const sight = await board.look({ member, joined, seen });
      const { epoch, version, entries } = sight;
      wasCutOff ||= sight.wasCutOff;
      if (entries) onBoard = readBoard(entries);
      hadWords ??= [...onBoard.there.keys()].some((name) => !stopsNothing(name));
      const news = newsFor(ledger, onBoard);
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
      const entry = await board.write(name, onBoard.there.get(name)?.raw, toText(word));
      onBoard.there.set(name, entry);
      seen = '';
      return entry.text === toText(word);
    },
    mayKnowMore: peers.mayKnowMore,
    areOthersThere: peers.areThere,
    lastNumber(name) {
      const text = onBoard.there.get(name)?.text;
      const numbers = [ledger.get(name)?.seq, text === undefined ? undefined : fromText(text)?.seq];
      const known = numbers.filter((one) => one !== undefined);
      return known.length > 0 ? Math.max(...known) : undefined;
    },
    hadWords: () => hadWords ?? false,
    leave: () => board.leave(member),
  };
}

const readBoard = (there: Map<string, Entry>): BoardWords => ({
  there,
  numbers: readNumbers(there),
});
