/** The smallest value that at least this share of all values do not exceed: 0.5 is the median. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const index = Math.max(Math.ceil(sorted.length * share) - 1, 0);
  return sorted[index] ?? Number.NaN;
}

export const median = (values: number[]) => percentile(values, 0.5);
