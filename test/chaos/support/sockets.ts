import { expect } from 'vitest';
import type { Scene } from './scene.ts';

/** How long until a socket is connected again. */
export async function reconnected({ workspace }: Scene): Promise<number> {
  const since = Date.now();
  await workspace.connected();
  return Date.now() - since;
}

/** Checks that every command left a trace, and only one. */
export function account({ ledger }: Scene): void {
  expect(ledger.count('LOST SILENTLY')).toBe(0);
  expect(ledger.count('ANSWERED TWICE')).toBe(0);
}
