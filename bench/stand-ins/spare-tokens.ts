import { playgroundRecords, sid700 } from '../../src/playground/tenant-records.ts';

/** Nobody has them, so that each is one look-up. */
export const SPARE_TOKENS = ['1', '2', '3', '4', '5'].map((last) => `00000080000${last}`);

export function withSpareTokens(now: number) {
  const records = playgroundRecords(now);
  const spare = SPARE_TOKENS.map((tokenSerialNumber) => sid700({ tokenSerialNumber }));
  return { ...records, tokens: [...records.tokens, ...spare] };
}
