import type { Row } from '../../audit/index.ts';

/** Users who reported a code that they had not asked for, by SecurID user id. */
export type Blocks = {
  isBlocked(userId: string): Promise<boolean>;
  /** From now on, until it is lifted. */
  block(userId: string): Promise<void>;
  lift(userId: string): Promise<void>;
  /** Goes on as the audit trail of an earlier process ended. */
  restore(history: Row[]): void;
};

export function createBlocks(): Blocks {
  const blocked = new Set<string>();
  return {
    isBlocked: async (userId) => blocked.has(userId),
    async block(userId) {
      blocked.add(userId);
    },
    async lift(userId) {
      blocked.delete(userId);
    },
    restore(history) {
      for (const { event, target } of history) {
        if (target && event === 'reported') blocked.add(target);
        if (target && event === 'block lifted') blocked.delete(target);
      }
    },
  };
}
