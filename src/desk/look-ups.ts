import type { Log } from '../log.ts';
import type { Store } from '../store/index.ts';
import type { CallAudit } from './call-audit.ts';

const HOUR = 60 * 60_000;

/** How many agents may look up one user within an hour without a warning. */
const USUAL = 3;

type Asker = { userId: string; audit: CallAudit; log: Log };

export type LookUps = {
  /** Notes that an agent found this user; warns if many agents do. Never throws. */
  found(userId: string, call: Asker): Promise<void>;
};

/** Watches who looks up whom, across all instances. */
export function createLookUps(store: Store, log: Log): LookUps {
  return {
    async found(userId, call) {
      try {
        const agents = await store.gather(`look-ups of ${userId}`, call.userId, HOUR);
        if (agents.length <= USUAL) return;
        // Warns once, not for each further look-up.
        if (!(await store.add(`warned of look-ups of ${userId}`, '', HOUR))) return;
        call.log.warn({ target: userId, agents }, 'many agents look up one user');
        const reason = `${agents.length} agents within an hour: ${agents.join(', ')}`;
        await call.audit.note('many look-ups', { target: userId, reason });
      } catch (error) {
        log.warn({ err: error }, 'could not count the agents who look up one user');
      }
    },
  };
}
