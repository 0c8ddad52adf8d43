import type { Role } from '../../desk/roles.ts';

/**
 * What a change can do in the wrong hands, the least first: `refreshes` lets RSA's record follow the
 * directory, `protects` takes access away, `restores` gives back what the person had, `grants` lets somebody
 * in anew.
 */
export const RISKS = ['refreshes', 'protects', 'restores', 'grants'] as const;
export type Risk = (typeof RISKS)[number];

/** Who may ask for a change: one of these roles. */
export const WHO_MAY: Record<Risk, readonly Role[]> = {
  refreshes: ['agent'],
  protects: ['agent', 'approver'],
  restores: ['agent'],
  grants: ['agent'],
};
