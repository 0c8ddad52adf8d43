import type { Operation, Task } from './operation.ts';
import { usage } from './usage.ts';

/** What an operation does with words, or says if they are not a task. */
export function taskFor(operation: Operation, words: string[] | undefined): Task {
  const task = words ? operation.typed(words) : 'usage';
  if (typeof task === 'function') return task;
  return async (call) => {
    call.progress.outcome = 'not understood';
    return task === 'usage' ? usage(operation) : task.problem;
  };
}
