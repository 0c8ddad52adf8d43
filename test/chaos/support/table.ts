import { ENDS, type End } from './entry.ts';

/** Prints how commands ended, by the fault at the time. */
export function printTable(rows: Record<string, Partial<Record<End | 'all', number>>>): void {
  const columns = ['all', ...ENDS] as const;
  const used = columns.filter((column) => Object.values(rows).some((row) => row[column]));
  const lines = Object.entries(rows).map(([name, row]) =>
    [
      name.padEnd(46),
      ...used.map((column) => String(row[column] ?? 0).padStart(column.length)),
    ].join('  '),
  );
  console.log([['by fault'.padEnd(46), ...used].join('  '), ...lines].join('\n'));
}
