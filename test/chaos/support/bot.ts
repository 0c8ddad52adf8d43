import { type Env, fastBy, run } from '../../support/process.ts';

export type LogLine = {
  msg: string;
  level?: number;
  actor?: string;
  incident?: string;
  bytes?: number;
  unanswered?: number;
  err?: { type: string; message?: string };
};

/** A bot in its own process, with its clock wrong by `skew` milliseconds. */
export function startBot(env: Env, { skew = 0, onLine }: BotOptions) {
  const bot = run({ ...env, ...fastBy(skew) });
  const listeners = new Set<(line: LogLine) => void>([onLine]);
  let rest = '';
  bot.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('{')) continue;
      for (const listener of listeners) listener(JSON.parse(line));
    }
  });

  return {
    ...bot,
    /** Bytes in use after a full collection. */
    heap: () =>
      new Promise<number>((resolve) => {
        const listener = ({ msg, bytes = 0 }: LogLine) => {
          if (msg !== 'heap') return;
          listeners.delete(listener);
          resolve(bytes);
        };
        listeners.add(listener);
        bot.child.kill('SIGUSR2');
      }),
  };
}

type BotOptions = { skew?: number; onLine: (line: LogLine) => void };

export type Bot = ReturnType<typeof startBot>;
