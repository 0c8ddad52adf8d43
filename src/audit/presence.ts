import { createHash } from 'node:crypto';
import { lstat, open, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { basename, dirname } from 'node:path';

export type Presence = {
  /**
   * Whether another process holds the trail. If none does, this one holds it from now on. On file systems
   * without sockets the answer is always no.
   */
  isTaken(): Promise<boolean>;
  release(): Promise<void>;
};

/** The longest path of a socket (man 7 unix) is 107 bytes on Linux, 103 on macOS. */
const LONGEST = 103;
const ATTEMPTS = 3;

/**
 * Shows other processes that this one is alive by listening on a socket. The system closes it when the process
 * ends, however it ends.
 */
export function createPresence(path: string): Presence {
  let server: Server | undefined;
  let release = async () => {};

  async function isTaken(): Promise<boolean> {
    if (server) return false;
    const { short, close } = await shortened(path);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        server = await listen(short);
        release = close;
        return false;
      } catch (error) {
        if (codeOf(error) !== 'EADDRINUSE') break;
      }
      const answer = await ask(short);
      if (answer === 'somebody') {
        await close();
        return true;
      }
      if (answer === 'unknown' || !(await isSocket(short))) break;
      await rm(short, { force: true }).catch(() => {});
    }
    await close();
    return false;
  }

  return {
    isTaken,
    async release() {
      await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
      server = undefined;
      await release();
      release = async () => {};
    },
  };
}

/** Whether a process holds the trail, without taking anything. */
export async function isHeld(path: string): Promise<boolean> {
  const { short, close } = await shortened(path);
  const answer = await ask(short);
  await close();
  return answer === 'somebody';
}

/** A path short enough for a socket. */
async function shortened(path: string): Promise<{ short: string; close(): Promise<void> }> {
  const asItIs = { short: path, close: async () => {} };
  if (Buffer.byteLength(path) <= LONGEST || process.platform !== 'linux') return asItIs;
  try {
    const folder = await open(dirname(path), 'r');
    return { short: `/proc/self/fd/${folder.fd}/${shortName(path)}`, close: () => folder.close() };
  } catch {
    return asItIs;
  }
}

/** Leaves room for the folder in front. Node 24 takes no longer path, where Node 20 cut it off. */
const LONGEST_NAME = 80;

function shortName(path: string): string {
  const name = basename(path);
  if (Buffer.byteLength(name) <= LONGEST_NAME) return name;
  return `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.lock`;
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(path, () => resolve(server.unref()));
  });
}

/** Whether a process listens there. */
function ask(path: string): Promise<'somebody' | 'nobody' | 'unknown'> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve('somebody');
    });
    socket.once('error', (error) => {
      const code = codeOf(error);
      // EAGAIN: the backlog is full.
      if (code === 'EAGAIN') resolve('somebody');
      else resolve(code === 'ECONNREFUSED' || code === 'ENOENT' ? 'nobody' : 'unknown');
    });
  });
}

const isSocket = (path: string) =>
  lstat(path).then(
    (there) => there.isSocket(),
    () => true,
  );

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? error.code : undefined;
