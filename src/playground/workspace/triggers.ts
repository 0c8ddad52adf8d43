import type { Clock } from '../../clock.ts';
import type { Shown } from './types.ts';

/** In milliseconds; for a single use: https://docs.slack.dev/interactivity/handling-user-interaction */
const LIFE = 3_000;

type Trigger = { user: string; came: (shown: Shown) => void; at: number; used: boolean };

export type Triggers = ReturnType<typeof createTriggers>;

export function createTriggers(clock: Clock, teamId: string) {
  const issued = new Map<unknown, Trigger>();

  return {
    issue(user: string, came: (shown: Shown) => void): string {
      const id = `${clock.now()}.${teamId}.${String(issued.size + 1).padStart(8, '0')}`;
      issued.set(id, { user, came, at: clock.elapsed(), used: false });
      return id;
    },
    /** Uses a trigger up, or returns Slack's error. */
    exchange(id: unknown): Trigger | string {
      const trigger = issued.get(id);
      if (!trigger) return 'invalid_trigger_id';
      if (trigger.used) return 'exchanged_trigger_id';
      if (clock.elapsed() - trigger.at > LIFE) return 'expired_trigger_id';
      trigger.used = true;
      return trigger;
    },
  };
}
