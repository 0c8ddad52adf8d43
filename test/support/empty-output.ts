import { rmSync } from 'node:fs';
import { OUTPUT } from './printed.ts';

/** The output of earlier runs must not count. */
export default function emptyOutput(): void {
  rmSync(OUTPUT, { recursive: true, force: true });
}
