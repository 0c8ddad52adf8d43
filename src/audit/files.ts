import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { linesOf } from './lines.ts';
import { readRow } from './row.ts';

/**
 * A trail's file and its rotated files, oldest first as far as their names say:
 * `audit.jsonl.2.gz`, `audit.jsonl.1`, `audit.jsonl-20261101`, `audit-20261101.jsonl`, `audit.jsonl`.
 */
export function withRotated(file: string): string[] {
  const rotated = rotatedOf(file);
  return existsSync(file) || rotated.length === 0 ? [...rotated, file] : rotated;
}

/** Names that logrotate gives with and without `dateext`, `extension` and `compress` (man 8 logrotate). */
export function rotatedOf(file: string): string[] {
  const folder = dirname(file);
  const name = basename(file);
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  const behind = new RegExp(`^${literally(name)}[-._](\\d[\\d\\-_.:T]*)(?:\\.gz)?$`);
  const within = new RegExp(
    `^${literally(stem)}[-._](\\d{4}-?\\d\\d-?\\d\\d[\\d\\-_.:T]*)${literally(extension)}(?:\\.gz)?$`,
  );
  return namesIn(folder)
    .flatMap((one) => {
      const suffix = behind.exec(one)?.[1] ?? within.exec(one)?.[1];
      return suffix === undefined ? [] : [{ path: join(folder, one), suffix }];
    })
    .sort((a, b) => byAge(a.suffix, b.suffix))
    .map(({ path }) => path);
}

/** Sorts files by their first rows, whatever their names. Files without a readable row come last. */
export async function inOrder(files: string[]): Promise<string[]> {
  const begun = await Promise.all(
    files.map(async (file, place) => {
      const seq = await firstSeq(file).catch(() => undefined);
      return { file, place, seq: seq ?? Infinity };
    }),
  );
  return begun
    .sort((a, b) => (a.seq === b.seq ? a.place - b.place : a.seq - b.seq))
    .map(({ file }) => file);
}

/** The number of a file's first row. */
export async function firstSeq(file: string): Promise<number | undefined> {
  for await (const line of linesOf(file)) {
    const row = readRow(line);
    if (row) return row.seq;
  }
  return undefined;
}

/** Counters grow with age; dates shrink. */
function byAge(a: string, b: string): number {
  const [first, second] = [counter(a), counter(b)];
  if (first !== undefined && second !== undefined) return second - first;
  if (first !== undefined || second !== undefined) return first === undefined ? 1 : -1;
  return a < b ? -1 : 1;
}

/** logrotate counts no further, and every date is longer. */
const counter = (suffix: string) => (/^\d{1,5}$/.test(suffix) ? Number(suffix) : undefined);

const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
