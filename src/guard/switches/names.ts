import { createHash } from 'node:crypto';
import type { Row } from '../../audit/index.ts';

export const LOCKDOWN = 'lockdown';
/** It was said that licences run short. */
export const LICENCES_SHORT = 'licences short';

const BLOCKED = 'blocked ';
/** The longest that stands as it is. */
const LONGEST = 200;

/** No registration codes for a SecurID user, by id. */
export function blocked(userId: string): string {
  const name = BLOCKED + userId;
  if (Buffer.byteLength(name) <= LONGEST) return name;
  return BLOCKED + createHash('sha256').update(userId).digest('hex');
}

/** Whether such an order stops registration codes. */
export const forbids = (name: string): boolean => name === LOCKDOWN || name.startsWith(BLOCKED);

/** The rows of the audit trail that give or lift an order. */
export const ORDER_EVENTS = [
  'lockdown on',
  'lockdown off',
  'licences short',
  'licences enough',
  'reported',
  'block lifted',
] as const satisfies Row['event'][];

/** The order that a row of the audit trail gave or lifted, if any. */
export function orderOf({ event, target }: Row): { name: string; on: boolean } | undefined {
  if (event === 'lockdown on') return { name: LOCKDOWN, on: true };
  if (event === 'lockdown off') return { name: LOCKDOWN, on: false };
  if (event === 'licences short') return { name: LICENCES_SHORT, on: true };
  if (event === 'licences enough') return { name: LICENCES_SHORT, on: false };
  if (target === undefined) return undefined;
  if (event === 'reported') return { name: blocked(target), on: true };
  if (event === 'block lifted') return { name: blocked(target), on: false };
  return undefined;
}
