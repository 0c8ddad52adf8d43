import type { Role } from '../../desk/roles.ts';

/**
 * What a change can do in the wrong hands, least dangerous first: `refreshes` makes RSA's record
 * follow the directory, `protects` takes access away, `restores` gives back access that the user
 * had, `grants` gives new access.
 */
export const RISKS = ['refreshes', 'protects', 'restores', 'grants'] as const;
export type Risk = (typeof RISKS)[number];

/** Changes that give access: lockdowns and blocks stop them, and their users can report them. */
export const GIVES_ACCESS: ReadonlySet<Risk> = new Set<Risk>(['restores', 'grants']);

/** Changes that the user is notified of. */
export const TELLS: ReadonlySet<Risk> = new Set<Risk>(['protects', 'restores', 'grants']);

/** The roles that may ask for a change. One of them is enough. */
export const WHO_MAY: Record<Risk, readonly Role[]> = {
  refreshes: ['agent'],
  protects: ['agent', 'approver'],
  restores: ['agent'],
  grants: ['agent'],
};
