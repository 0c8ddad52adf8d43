import type { Answers, Shown } from './types.ts';

/** In milliseconds, for a busy machine: whoever waits does so for an answer that comes. */
const ANSWER_TIMEOUT = 45_000;

/** Collects what an interaction leads to. Each result goes to one waiting caller, once. */
export function createAnswers(what: string) {
  const came: Shown[] = [];
  const waiting: ((shown: Shown) => void)[] = [];
  let given = 0;

  return {
    came(shown: Shown) {
      came.push(shown);
      const next = waiting.shift();
      if (next) {
        given += 1;
        next(shown);
      }
    },
    read: {
      answers: () => [...came],
      answer(timeoutMs = ANSWER_TIMEOUT) {
        const ready = came[given];
        if (ready) {
          given += 1;
          return Promise.resolve(ready);
        }
        return new Promise<Shown>((resolve, reject) => {
          const arrived = (shown: Shown) => {
            clearTimeout(timer);
            resolve(shown);
          };
          const timer = setTimeout(() => {
            waiting.splice(waiting.indexOf(arrived), 1);
            reject(new Error(`${what}: no answer number ${given + 1} within ${timeoutMs} ms`));
          }, timeoutMs);
          waiting.push(arrived);
        });
      },
    } satisfies Omit<Answers, 'triggerId'>,
  };
}
