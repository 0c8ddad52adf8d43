import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type ForkOptions = { env?: Record<string, string>; nodeOptions?: string[] };

export type Children = ReturnType<typeof createChildren>;

/** The child processes of a run. They and their folder go when it ends. */
export function createChildren() {
  const folder = mkdtempSync(join(tmpdir(), 'securid-desk-bench-'));
  const running = new Set<ChildProcess>();

  async function stop(child: ChildProcess): Promise<void> {
    if (!running.has(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  return {
    /** For the files that the processes write. */
    folder,
    /** Runs a script, named relative to the build folder. Its stdout is dropped, its stderr is not. */
    start(script: string, { env = {}, nodeOptions = [] }: ForkOptions = {}): ChildProcess {
      const child = fork(fileURLToPath(new URL(`../${script}`, import.meta.url)), [], {
        env: { PATH: process.env.PATH, ...env },
        execArgv: nodeOptions,
        cwd: folder,
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      running.add(child);
      child.on('exit', () => running.delete(child));
      return child;
    },
    stop,
    async stopAll(): Promise<void> {
      await Promise.all([...running].map(stop));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
