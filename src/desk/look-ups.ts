import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { createMemoryUses, type Store } from '../store/index.ts';
import type { CallAudit } from './call-audit.ts';

const HOUR = 60 * 60_000;

/** How many agents may look up one user within an hour without a warning. */
const USUAL = 3;

/** How often somebody may search within an hour: far more than calls take. */
const SEARCHES = 60;

type Asker = { userId: string; incident: string; audit: CallAudit; log: Log };

export type LookUps = {
  /** Notes that an agent found this user; warns if many agents do. Never throws. */
  found(userId: string, call: Omit<Asker, 'incident'>): Promise<void>;
  /**
   * Counts a look-up of this kind.
   * @returns when the next is possible if there were too many within an hour. Never throws
   */
  full(kind: string, call: Asker): Promise<Date | undefined>;
};

/** Watches who looks up whom, across all instances. */
export function createLookUps(store: Store, clock: Clock, log: Log): LookUps {
  /** What this instance counts, even without the store. */
  const own = createMemoryUses(clock);
  const counters = store.isShared ? [own, store.uses] : [own];

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

    async full(kind, { userId, incident, log }) {
      const allowances = [{ key: `${kind} by ${userId}`, limit: SEARCHES, period: HOUR }];
      for (const counter of counters) {
        try {
          const full = await counter.add(incident, allowances);
          if (full) return new Date(clock.now() + full.wait);
        } catch (error) {
          log.warn({ err: error }, `${kind} could not be counted for all instances`);
        }
      }
      return undefined;
    },
  };
}
