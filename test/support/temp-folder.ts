import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

/** A test's own folder, removed when it ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'securid-desk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder for all tests of a file. */
export function suiteFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'securid-desk-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
