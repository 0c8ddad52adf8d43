import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { freePort } from './port.ts';

/** The commands that the product sends; those in its scripts are others. */
const SENT = ['evalsha', 'eval', 'get', 'set', 'getdel', 'del', 'zrem'];

/** What a Redis has done so far, and what it holds. */
export type RedisFigures = { commands: number; cpuMs: number; bytes: number; keys: number };

/** A Redis in a process of its own, without a password. */
export async function startRedis() {
  const port = await freePort();
  const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server: ChildProcess = spawn('redis-server', settings, { stdio: 'ignore' });
  const redis = new Redis(port, '127.0.0.1', { retryStrategy: () => 50 });
  // It does not listen yet.
  redis.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    redis.once('ready', resolve);
    server.once('error', reject);
  });

  return {
    url: `redis://127.0.0.1:${port}`,
    async figures(): Promise<RedisFigures> {
      const told = await redis.info('everything');
      const figure = (name: string) =>
        Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(told)?.[1] ?? 0);
      const calls = (name: string) =>
        Number(new RegExp(`^cmdstat_${name}:calls=(\\d+)`, 'm').exec(told)?.[1] ?? 0);
      return {
        commands: SENT.reduce((sum, name) => sum + calls(name), 0),
        cpuMs: 1000 * (figure('used_cpu_user') + figure('used_cpu_sys')),
        bytes: figure('used_memory'),
        keys: await redis.dbsize(),
      };
    },
    async stop(): Promise<void> {
      redis.disconnect();
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
  };
}
