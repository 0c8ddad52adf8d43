import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects young garbage on demand, in about a millisecond. V8 ignores buffers when it decides to collect, so
 * that tens of megabytes may pile up. Without a flag at the start this is the only way.
 */
export function createCollector(): () => void {
  let collect: ((options: { type: 'minor' }) => void) | undefined;
  return () => {
    setFlagsFromString('--expose-gc');
    collect ??= runInNewContext('gc') as typeof collect;
    collect?.({ type: 'minor' });
  };
}
