import { onTestFinished, vi } from 'vitest';

/** Moves the machine's clock by so many milliseconds until the test ends. Node's timers use another clock. */
export function setMachineClock(by: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + by });
  onTestFinished(() => void vi.useRealTimers());
}
