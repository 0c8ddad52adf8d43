import type { ChangeWords } from '../audit/index.ts';

/** What each change is called, by its name in the audit trail and the metrics. */
export const CHANGES: Readonly<Record<string, ChangeWords>> = {
  code: { one: 'a registration code', did: 'issued a registration code', done: 'issued' },
};
