import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';
import { startRedis } from './redis.ts';

const REFUSED = /-READONLY (.*) script: \S+, on (@user_script:\d+)\.\r\n/g;

/** How Redis 6.2 says it: https://github.com/redis/redis/blob/6.2/src/scripting.c */
const AS_BEFORE_7 = '-ERR Error running script (call to f_0): $2: -READONLY $1 \r\n';

type Options = {
  /** Scripts fail in the words of Redis 6.2. */
  isOld?: boolean;
};

export type RedisPair = Awaited<ReturnType<typeof startRedisPair>>;

/** A Redis with a replica, and in front of both a forwarder that leads to one of them. */
export async function startRedisPair({ isOld = false }: Options = {}) {
  const master = await startRedis();
  await master.ask('CONFIG', 'SET', 'repl-diskless-sync-delay', '0');
  const replica = await startRedis({ master });
  await master.ask('WAIT', '1', '0');
  const portOf = ({ url }: { url: string }) => new URL(url).port;

  const sockets = new Set<Socket>();
  let target = master;
  const forwarder = createServer((client) => {
    const server = connect(Number(portOf(target)), '127.0.0.1');
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(one);
      one.on('data', (chunk) => {
        const isRefusal = isOld && one === server;
        other.write(isRefusal ? String(chunk).replace(REFUSED, AS_BEFORE_7) : chunk);
      });
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  const port = await freePort();
  forwarder.listen(port, '127.0.0.1');
  await once(forwarder, 'listening');
  onTestFinished(() => {
    forwarder.close();
    for (const socket of sockets) socket.destroy();
  });

  const url = new URL(master.url);
  url.port = String(port);
  return {
    url: url.href,
    master,
    replica,
    /** Makes the replica a master, though the old one still takes what comes. */
    promote: () => replica.ask('REPLICAOF', 'NO', 'ONE'),
    /** Makes the old master a replica. Connections to it stay open. */
    demote: () => master.ask('REPLICAOF', '127.0.0.1', portOf(replica)),
    /** New connections lead to the replica; open ones stay where they are. */
    turn() {
      target = replica;
    },
  };
}
