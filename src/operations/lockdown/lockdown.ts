import type { Row } from '../../audit/index.ts';

export type Lockdown = {
  isOn(): boolean;
  set(on: boolean): void;
  /** Goes on as the audit trail of an earlier process ended. */
  restore(history: Row[]): void;
};

/** Whether all issuing of registration codes is stopped. */
export function createLockdown(): Lockdown {
  let on = false;
  return {
    isOn: () => on,
    set(next) {
      on = next;
    },
    restore(history) {
      const last = history.findLast(({ event }) => event.startsWith('lockdown '));
      on = last?.event === 'lockdown on';
    },
  };
}
