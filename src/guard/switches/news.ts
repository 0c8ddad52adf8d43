import type { Row } from '../../audit/index.ts';
import type { SwitchLedger } from './ledger.ts';
import { switchOf } from './names.ts';
import type { Known } from './word.ts';

/** The switches that were set by rows newer than the state. The last row about each counts. */
export function readNews(rows: Row[], ledger: Pick<SwitchLedger, 'get'>): Map<string, Known> {
  const news = new Map<string, Known>();
  for (const row of rows) {
    const found = switchOf(row);
    if (!found) continue;
    const { name, on } = found;
    const known = news.get(name) ?? ledger.get(name);
    if (known?.on === on) continue;
    const at = Date.parse(row.time) || 0;
    news.set(name, { on, seq: (known?.seq ?? 0) + 1, at, untold: true });
  }
  return news;
}
