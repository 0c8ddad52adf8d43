import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { withRotated } from '../../src/audit/files.ts';
import { createAudit, type Entry, type Position, type Row } from '../../src/audit/index.ts';
import { createLog } from '../../src/log.ts';
import { manualClock } from '../support/manual-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';

export const newFile = () => join(tempFolder(), 'audit.jsonl');
export const entry = (incident: string, more: Partial<Entry> = {}): Entry => ({
  event: 'look-up',
  actor: 'U0JONAS',
  target: 'grace@acme.test',
  incident,
  ...more,
});

export async function openTrail(file = newFile(), after?: Position) {
  const logged: string[] = [];
  const log = createLog('info', { write: (line: string) => void logged.push(line) });
  const clock = manualClock();
  const others: Row[] = [];
  const audit = createAudit({ file, clock, log, onOthers: ({ rows }) => others.push(...rows) });
  const past = await audit.open({ after });
  onTestFinished(() => audit.close());
  return { file, audit, logged, past, clock, others };
}

/** Moves a file and its predecessors on by one, as logrotate does. */
export function rotate(file: string): void {
  const files = withRotated(file);
  for (const [index, one] of files.entries()) renameSync(one, `${file}.${files.length - index}`);
}

/** A trail with that many rows. */
export async function trailOf(rows: number): Promise<string> {
  const { file, audit } = await openTrail();
  for (let number = 1; number <= rows; number++) await audit.write(entry(`incident ${number}`));
  await audit.close();
  return file;
}
