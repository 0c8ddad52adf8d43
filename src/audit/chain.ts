import { createSignatureCheck, fingerprint } from './key.ts';
import { FIRST_PREV, hashOf, type Row, readRow, signedPart } from './row.ts';

export type Break = { where: string; problem: string };

/** A row's number and hash, kept outside the file. */
export type Anchor = { seq: number; hash: string };

/** The public keys that may sign from a given row on, and why. */
export type KeyUse = { key: string; from: number; trust: 'given' | 'named by a row' | 'unknown' };

type Options = {
  /** Public keys known from elsewhere. */
  trusted: string[];
  anchors: Anchor[];
  /** The public key that must have signed the last row, if known. */
  last?: string | undefined;
};

type Place = {
  seq: number;
  hash: string;
  /** The hash of the row before. */
  before: string;
  /** Whether this row was wrong, so that the next cannot fit. */
  broken: boolean;
};

/**
 * Follows a trail line by line from its first row and collects everything wrong with its hash chain, its
 * signatures and its anchors.
 */
export function createChain({ trusted, anchors, last }: Options) {
  const keys = createKeys(trusted, last);
  const kept = createAnchors(anchors);
  const strays = createStrays();
  const breaks: Break[] = [];
  let place: Place = { seq: 0, hash: FIRST_PREV, before: FIRST_PREV, broken: false };
  let rows = 0;
  /** The first row, if an anchor proves that only older rows are missing. */
  let begins = 1;

  function tell(where: string, problem: string): Break {
    const told = { where, problem };
    breaks.push(told);
    return told;
  }

  function goOn(seq: number, text: string, broken: boolean): void {
    place = { seq, hash: hashOf(text), before: place.hash, broken };
    rows += 1;
    kept.see({ seq, hash: place.hash });
  }

  function follow(text: string, where: string): void {
    const next = place.seq + 1;
    const row = readRow(text);
    const signature = row && keys.check(row, text);
    if (!row) {
      tell(where, `row ${next} was changed: it is not an audit row`);
      goOn(next, text, true);
    } else if (!belongsTo(place, row) && strays.take(row, text)) {
      kept.see({ seq: row.seq, hash: hashOf(text) });
    } else if (row.seq <= place.seq) {
      misplaced(row, text, where);
    } else if (signature === 'changed') {
      tell(where, `row ${next} was changed`);
      goOn(next, text, true);
    } else {
      if (row.seq > next) skipped(row, where);
      else if (row.prev !== place.hash && !place.broken) {
        tell(where, `row ${rows === 0 ? row.seq : place.seq} was changed`);
      }
      if (signature) tell(where, signature);
      goOn(row.seq, text, false);
    }
  }

  /** Older files may have been deleted on purpose; an anchor of their last row shows it. */
  function skipped({ seq, prev }: Row, where: string): void {
    const gone = `${rowsWords(place.seq + 1, seq - 1)} removed`;
    if (rows > 0) tell(where, gone);
    else if (kept.holds({ seq: seq - 1, hash: prev })) begins = seq;
    else tell(where, `the trail begins at row ${seq}: ${gone}, ${elsewhere(seq)}`);
  }

  function misplaced(row: Row, text: string, where: string): void {
    if (place.broken && row.seq === place.seq && row.prev === place.before) {
      // The row reported as changed was inserted before this one.
      rows -= 1;
      goOn(row.seq, text, false);
      return;
    }
    strays.begin(row, text, tell(where, `row ${row.seq} was inserted or moved`));
  }

  return {
    follow,
    /** A packed file is damaged from here on. */
    damaged: (where: string) => void tell(where, 'the file is damaged from here on'),
    /** Everything that is wrong, and where the trail ends. Call last. */
    end() {
      for (const problem of [...keys.end(rows), ...kept.end(begins, place.seq)])
        tell('the end', problem);
      if (rows === 0 && breaks.length === 0) tell('the end', NO_ROW);
      return { rows, begins, seq: place.seq, hash: rows ? place.hash : '', breaks, ...keys.used() };
    },
  };
}

const NO_ROW = 'there is no row; if there ever was one, the trail was emptied';

const elsewhere = (seq: number) => `or ${seq === 2 ? 'is' : 'are'} in a file that is not here`;

const rowsWords = (from: number, to: number) =>
  from === to ? `row ${from} was` : `rows ${from} to ${to} were`;

/** Whether a row goes on where the trail is. */
const belongsTo = ({ seq, hash }: Place, row: Row) => row.seq > seq && row.prev === hash;

/** Rows that stand where they do not belong, as long as they follow each other. */
function createStrays() {
  let last: { from: number; seq: number; hash: string; told: Break } | undefined;
  return {
    begin({ seq }: Row, text: string, told: Break): void {
      last = { from: seq, seq, hash: hashOf(text), told };
    },
    /** Whether a row follows them; then it is told of with the first. */
    take({ seq, prev }: Row, text: string): boolean {
      if (!last || seq !== last.seq + 1 || prev !== last.hash) return false;
      last = { ...last, seq, hash: hashOf(text) };
      last.told.problem = `${rowsWords(last.from, seq)} inserted or moved`;
      return true;
    },
  };
}

/** Checks which key may sign, and whether it did. */
function createKeys(trusted: string[], last: string | undefined) {
  const fits = createSignatureCheck();
  const uses: KeyUse[] = [];
  /** Keys that were replaced must not come back. */
  const retired = new Set<string>();
  const told = new Set<string>();
  let current: string | undefined;
  let announced: string | undefined;
  let unsigned = 0;

  function takeOver(key: string, from: number): void {
    const trust =
      key === announced ? 'named by a row' : trusted.includes(key) ? 'given' : 'unknown';
    if (current !== undefined) retired.add(current);
    uses.push({ key, from, trust });
    current = key;
    announced = undefined;
  }

  /** What is wrong with a key that differs from the row before. */
  function change(key: string, seq: number): string | undefined {
    const isFirst = current === undefined;
    const mayTakeOver = key === announced || (trusted.includes(key) && !retired.has(key));
    if (isFirst || mayTakeOver) takeOver(key, seq);
    if (mayTakeOver || (isFirst && trusted.length === 0) || told.has(key)) return undefined;
    told.add(key);
    const why = retired.has(key)
      ? 'which had been replaced'
      : isFirst
        ? 'which is none of those given'
        : 'which no row before it names';
    return `row ${seq} is signed by the key ${fingerprint(key)}, ${why}`;
  }

  return {
    /** What is wrong with a row's signature, in a sentence; `changed` if the row's text was changed. */
    check(row: Row, text: string): string | undefined {
      const part = signedPart(text);
      if (!part || row.key === undefined) {
        if (current !== undefined) return `row ${row.seq} is not signed`;
        unsigned += 1;
        return undefined;
      }
      if (!fits(row.key, part.line, part.signature)) return 'changed';
      const problem = row.key === current ? undefined : change(row.key, row.seq);
      // A start that was cut short while replacing the key writes this row again.
      if (row.event === 'key replaced' && row.key === current) announced = row.newKey;
      return problem;
    },
    end(rows: number): string[] {
      if (rows === 0 || (trusted.length === 0 && last === undefined)) return [];
      if (current === undefined) return ['no row is signed, though there is a key'];
      if (last === undefined || current === last || announced === last) return [];
      return [`the last row is signed by ${fingerprint(current)}, and not by ${fingerprint(last)}`];
    },
    used: () => ({ unsigned, keys: uses }),
  };
}

/** Compares anchors with the file. */
function createAnchors(anchors: Anchor[]) {
  const open = new Map<number, Set<string>>();
  for (const { seq, hash } of anchors) open.set(seq, (open.get(seq) ?? new Set()).add(hash));
  const there = new Set<number>();
  return {
    see({ seq, hash }: Anchor): void {
      const hashes = open.get(seq);
      if (!hashes) return;
      there.add(seq);
      hashes.delete(hash);
      if (hashes.size === 0) open.delete(seq);
    },
    holds: ({ seq, hash }: Anchor) => open.get(seq)?.has(hash) ?? false,
    /** Anchors before the first row belong to files that are not here. */
    end: (first: number, last: number) =>
      [...open].flatMap(([seq, [hash]]) => {
        if (seq < first) return [];
        if (there.has(seq)) return `row ${seq} differs from the anchor ${seq}:${hash}`;
        if (seq <= last) return `row ${seq} is not there, though there is an anchor ${seq}:${hash}`;
        return `${rowsWords(last + 1, seq)} cut off: there is an anchor ${seq}:${hash}`;
      }),
  };
}
