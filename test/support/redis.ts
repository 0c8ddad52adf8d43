import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { waitFor } from './at-rest.ts';
import { freePort } from './free-port.ts';
import { SECRETS } from './printed.ts';

export const redisInstalled = isInstalled();
if (!redisInstalled) {
  console.log('redis-server 6.2 is not installed: the tests of several instances are skipped');
}

type Options = {
  /** Makes it a replica, with the same password. */
  master?: { url: string };
  /** The port on which it talks to the other shards of a cluster. */
  clusterPort?: number;
};

/** A real Redis on loopback with a password. Stops when the test ends. */
export async function startRedis({ master, clusterPort }: Options = {}) {
  const port = await freePort();
  const password = master ? new URL(master.url).password : randomUUID();
  const url = `redis://:${password}@127.0.0.1:${port}`;
  const dir = mkdtempSync(join(tmpdir(), 'redis-'));
  appendFileSync(SECRETS, `${password}\n`);
  let server: ChildProcess | undefined;
  let asker: Redis | undefined;
  let isPaused = false;

  async function start(): Promise<void> {
    const settings = {
      bind: '127.0.0.1',
      port: String(port),
      requirepass: password,
      save: '',
      appendonly: 'no',
      dir,
      ...(master && {
        replicaof: `127.0.0.1 ${new URL(master.url).port}`,
        masterauth: password,
      }),
      // By default it would be above 65535.
      ...(clusterPort && { 'cluster-enabled': 'yes', 'cluster-port': String(clusterPort) }),
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const started = spawn('redis-server', args);
    server = started;
    let printed = '';
    await new Promise<void>((resolve, reject) => {
      started.stdout.on('data', (chunk: Buffer) => {
        printed += chunk;
        if (printed.includes('Ready to accept connections')) resolve();
      });
      started.once('exit', () => reject(new Error(`redis-server ended: ${printed}`)));
    });
  }

  /** Kills it, with all its data. */
  async function kill(): Promise<void> {
    if (!server) return;
    asker?.disconnect();
    asker = undefined;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    server = undefined;
    await ended;
  }

  onTestFinished(async () => {
    await kill();
    rmSync(dir, { recursive: true, force: true });
  });
  await start();

  async function answers(): Promise<void> {
    if (!server || isPaused) return;
    asker ??= new Redis(url);
    await asker.ping();
  }
  onTestFinished(waitFor(answers));

  return {
    url,
    start,
    kill,
    /** Keeps its connections and answers nothing. */
    pause() {
      isPaused = true;
      server?.kill('SIGSTOP');
    },
    goOn() {
      isPaused = false;
      server?.kill('SIGCONT');
    },
    /** Sends it a command directly, not through the app. */
    async ask(command: string, ...args: string[]): Promise<unknown> {
      const redis = new Redis(url);
      try {
        return await redis.call(command, ...args);
      } finally {
        redis.disconnect();
      }
    },
  };
}

export type RedisServer = Awaited<ReturnType<typeof startRedis>>;

/** In a version that the app runs with. */
function isInstalled(): boolean {
  const { stdout } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  const [, major = 0, minor = 0] = /v=(\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
  return Number(major) > 6 || (Number(major) === 6 && Number(minor) >= 2);
}
