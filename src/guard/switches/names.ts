import { createHash } from 'node:crypto';
import type { Row } from '../../audit/index.ts';

export const LOCKDOWN = 'lockdown';
/** The alert about running out of licences was sent. */
export const LICENCES_SHORT = 'licences short';

const BLOCKED = 'blocked ';
/** Longer names are hashed, in bytes. */
const LONGEST = 200;

/** No registration codes for a SecurID user, by id. */
export function blocked(userId: string): string {
  const name = BLOCKED + userId;
  if (Buffer.byteLength(name) <= LONGEST) return name;
  return BLOCKED + createHash('sha256').update(userId).digest('hex');
}

/** Whether this switch stops changes. */
export const forbids = (name: string): boolean => name === LOCKDOWN || name.startsWith(BLOCKED);

/** The audit rows that set a switch. */
export const SWITCH_EVENTS = [
  'lockdown on',
  'lockdown off',
  'licences short',
  'licences enough',
  'reported',
  'block lifted',
] as const satisfies Row['event'][];

/** The switch that an audit row set, if any. */
export function switchOf({ event, target }: Row): { name: string; on: boolean } | undefined {
  if (event === 'lockdown on') return { name: LOCKDOWN, on: true };
  if (event === 'lockdown off') return { name: LOCKDOWN, on: false };
  if (event === 'licences short') return { name: LICENCES_SHORT, on: true };
  if (event === 'licences enough') return { name: LICENCES_SHORT, on: false };
  if (target === undefined) return undefined;
  if (event === 'reported') return { name: blocked(target), on: true };
  if (event === 'block lifted') return { name: blocked(target), on: false };
  return undefined;
}
