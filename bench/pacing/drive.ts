import { setTimeout as sleep } from 'node:timers/promises';
import type { Ask } from './strategies.ts';

/** In seconds from the start. */
export type Span = { from: number; to: number };

/** How many requests wait at any time: more than any limit here lets through in a second. */
const WAITING = 100;

/** Keeps that many requests waiting, and counts the answers. */
export async function drive(ask: Ask, { from, to }: Span) {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  let asked = 0;
  let answered = 0;
  let lost = 0;

  async function keepAsking(): Promise<void> {
    while (seconds() < to) {
      asked += 1;
      const outcome = await ask(`nobody-${asked}`).then(
        () => 'answered',
        () => 'lost',
      );
      const at = seconds();
      if (at >= to) return;
      if (outcome === 'lost') lost += 1;
      else if (at >= from) answered += 1;
    }
  }
  for (let one = 0; one < WAITING; one++) void keepAsking();
  await sleep(to * 1000);
  return { perSecond: answered / (to - from), lost };
}
