import { expect } from 'vitest';
import type { Scene } from './scene.ts';

/** How long until a socket is there again. */
export async function reconnected({ workspace }: Scene): Promise<number> {
  const since = Date.now();
  await workspace.connected();
  return Date.now() - since;
}

/** Nothing is without a trace, and nothing twice. */
export function account({ ledger }: Scene): void {
  expect(ledger.count('LOST SILENTLY')).toBe(0);
  expect(ledger.count('ANSWERED TWICE')).toBe(0);
}
