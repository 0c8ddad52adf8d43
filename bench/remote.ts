import type { ChildProcess } from 'node:child_process';

/** The functions that a process offers its parent. */
export type Functions = Record<string, (argument: never) => unknown>;

type Question = { id: number; name: string; argument: unknown };
type Answer = { id: number; answer?: unknown; error?: string };

export type Remote<F extends Functions> = {
  ask<Name extends keyof F & string>(
    name: Name,
    ...argument: Parameters<F[Name]>
  ): Promise<Awaited<ReturnType<F[Name]>>>;
};

/** Answers the parent's calls, and ends with the parent. */
export function answerParent(functions: Functions): void {
  const answer = async ({ id, name, argument }: Question): Promise<Answer> => {
    try {
      return { id, answer: await functions[name]?.(argument as never) };
    } catch (error) {
      return { id, error: error instanceof Error ? `${error.stack}` : String(error) };
    }
  };
  process.on('message', (question: Question) => {
    void answer(question).then((said) => process.send?.(said));
  });
  process.on('disconnect', () => process.exit());
}

export function remote<F extends Functions>(child: ChildProcess): Remote<F> {
  const waiting = new Map<number, (said: Answer) => void>();
  let asked = 0;
  child.on('message', (said: Answer) => {
    waiting.get(said.id)?.(said);
    waiting.delete(said.id);
  });
  child.on('exit', () => {
    for (const [id, tell] of waiting) tell({ id, error: 'the process has ended' });
  });

  return {
    ask: (name, ...[argument]) =>
      new Promise((resolve, reject) => {
        const id = asked++;
        waiting.set(id, ({ answer, error }) => {
          if (error) reject(new Error(`${name}: ${error}`));
          else resolve(answer as never);
        });
        child.send({ id, name, argument });
      }),
  };
}
