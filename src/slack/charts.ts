import type { Clock } from '../clock.ts';

/** Whether this workspace's Slack shows charts, as far as it said so. */
export type Charts = { areShown(): boolean; refused(): void };

/** How long a refusal counts: Slack brings new blocks to its workspaces one after the other. */
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
