import { rmSync } from 'node:fs';
import { OUTPUT } from './printed.ts';

/** What an earlier run printed says nothing of this one. */
export default function emptyOutput(): void {
  rmSync(OUTPUT, { recursive: true, force: true });
}
