import { onTestFinished, vi } from 'vitest';

/** Sets the machine's clock by so many milliseconds until the test ends. Node's timers go by another one. */
export function setMachineClock(by: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + by });
  onTestFinished(() => void vi.useRealTimers());
}
