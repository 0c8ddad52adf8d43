import type { Operation, Task } from './operation.ts';
import { usage } from './usage.ts';

/** The operation's task for these words, or one that says what is wrong with them. */
export function taskFor(operation: Operation, words: string[] | undefined): Task {
  const task = words ? operation.typed(words) : 'usage';
  if (typeof task === 'function') return task;
  return async (call) => {
    call.progress.outcome = 'not understood';
    return task === 'usage' ? usage(operation) : task.problem;
  };
}
