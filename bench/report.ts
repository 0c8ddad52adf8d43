import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Row } from './row.ts';

const RESULTS = fileURLToPath(new URL('../../bench/results.json', import.meta.url));

export function report(rows: Row[]): void {
  writeFileSync(RESULTS, `${JSON.stringify(rows, null, 2)}\n`);
  console.log(table(rows));
}

function table(rows: Row[]): string {
  const lines = [['', 'measured', 'must', 'holds', 'beside'], ...rows.map(cells)];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}

const cells = ({ name, value, unit = '', must, holds, beside = {} }: Row) => [
  name,
  `${value}${unit}`,
  `${must}${unit}`,
  holds ? 'yes' : 'NO',
  Object.entries(beside)
    .map(([what, figure]) => `${what} ${figure}`)
    .join(', '),
];
