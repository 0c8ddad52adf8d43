import type { Clock } from '../clock.ts';

/** Whether this workspace shows charts, as far as Slack has told. */
export type Charts = { areShown(): boolean; refused(): void };

/** How long a refusal counts: Slack rolls out new blocks workspace by workspace. */
const REMEMBERED = 60 * 60_000;

export function createCharts(clock: Clock): Charts {
  let refusedAt = Number.NEGATIVE_INFINITY;
  return {
    areShown: () => clock.elapsed() - refusedAt >= REMEMBERED,
    refused() {
      refusedAt = clock.elapsed();
    },
  };
}
