import { FIRST_PREV, hashOf, readRow } from './row.ts';

export type ChainState = { rows: number; seq: number; hash: string };
export type Break = { line: number; problem: string };

/**
 * Follows the chain, a line at a time, from the first row or from where an earlier file ended.
 * The first line fed after a break makes no sense of the rest, so nothing is to be fed after one.
 */
export function createChain(from: ChainState = { rows: 0, seq: 0, hash: FIRST_PREV }) {
  let state = from;
  let line = 0;

  return {
    state: () => state,
    /** What is wrong with this line or the one before it, if anything. */
    follow(text: string): Break | undefined {
      line += 1;
      const row = readRow(text);
      if (!row) return { line, problem: `row ${state.seq + 1} was changed: it is no audit row` };
      if (row.seq > state.seq + 1) {
        const last = row.seq - 1;
        const first = state.seq + 1;
        return {
          line,
          problem:
            first === last ? `row ${first} was removed` : `rows ${first} to ${last} were removed`,
        };
      }
      if (row.seq <= state.seq) return { line, problem: `row ${row.seq} was inserted or moved` };
      if (row.prev !== state.hash) {
        const changed = state.rows === 0 ? row.seq : row.seq - 1;
        return { line, problem: `row ${changed} was changed` };
      }
      state = { rows: state.rows + 1, seq: row.seq, hash: hashOf(text) };
      return undefined;
    },
  };
}
