import { createHash } from 'node:crypto';
import { meaningOf, type Row } from '../../audit/index.ts';

export const LOCKDOWN = 'lockdown';
/** The alert that licenses run short was posted. */
export const LICENSES_SHORT = 'licences short';

const BLOCKED = 'blocked ';
/** In bytes; longer names are hashed. */
const LONGEST = 200;

/** The user, by SecurID id, gets nothing that gives access. */
export function blocked(userId: string): string {
  const name = BLOCKED + userId;
  if (Buffer.byteLength(name) <= LONGEST) return name;
  return BLOCKED + createHash('sha256').update(userId).digest('hex');
}

/** Whether this switch stops changes. */
export const forbids = (name: string): boolean => name === LOCKDOWN || name.startsWith(BLOCKED);

/** Whether it is known to stop nothing. A switch of a newer version may stop something. */
export const stopsNothing = (name: string): boolean => name === LICENSES_SHORT;

/** The switch that an audit row set, if any. */
export function switchOf({ event, target }: Row): { name: string; on: boolean } | undefined {
  const { sets } = meaningOf(event);
  if (sets?.name !== 'blocked') return sets;
  return target === undefined ? undefined : { name: blocked(target), on: sets.on };
}
