import type { Log } from '../log.ts';
import type { Store } from '../store/index.ts';
import type { CallAudit } from './call-audit.ts';

const HOUR = 60 * 60_000;

/** So many agents may look up one person within an hour without anybody wondering. */
const USUAL = 3;

type Asker = { userId: string; audit: CallAudit; log: Log };

export type LookUps = {
  /** An agent found this person; somebody whom many agents look up is worth a warning. Never throws. */
  found(userId: string, call: Asker): Promise<void>;
};

/** Who looks up whom, over all instances. */
export function createLookUps(store: Store, log: Log): LookUps {
  return {
    async found(userId, call) {
      try {
        const agents = await store.gather(`look-ups of ${userId}`, call.userId, HOUR);
        if (agents.length <= USUAL) return;
        // Said once, not for each look-up that follows.
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
