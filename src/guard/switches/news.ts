import type { Row } from '../../audit/index.ts';
import type { OrderLedger } from './ledger.ts';
import { orderOf } from './names.ts';
import type { Known } from './word.ts';

/** The last row about an order counts: what was written after the state was. */
export function readNews(rows: Row[], ledger: Pick<OrderLedger, 'get'>): Map<string, Known> {
  const news = new Map<string, Known>();
  for (const row of rows) {
    const order = orderOf(row);
    if (!order) continue;
    const { name, on } = order;
    const known = news.get(name) ?? ledger.get(name);
    if (known?.on === on) continue;
    const at = Date.parse(row.time) || 0;
    news.set(name, { on, seq: (known?.seq ?? 0) + 1, at, untold: true });
  }
  return news;
}
