import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects young garbage when it is told to, which takes about a millisecond. V8 does not count buffers when it
 * decides to, and tens of megabytes of them may lie about. Without a flag at the start this is the only way to ask for it.
 */
export function createCollector(): () => void {
  let collect: ((options: { type: 'minor' }) => void) | undefined;
  return () => {
    setFlagsFromString('--expose-gc');
    collect ??= runInNewContext('gc') as typeof collect;
    collect?.({ type: 'minor' });
  };
}
