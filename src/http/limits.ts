import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Options of a server, in milliseconds: how long a request may take to arrive, and how long a connection may
 * rest between two. Slack's and a probe's come at once and whole.
 */
export const TIME_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
};

export type Room = {
  /** Open connections. */
  connections: number;
  /** Of bodies that have not arrived whole, as they were announced. */
  bytes: number;
  /** Of one body, which is also what an unannounced one counts as. */
  body: number;
  /** Hears how many bytes the body had that was announced on a connection which was closed. */
  onClosed?: (bytes: number) => void;
};

type Unfinished = { since: number; bytes: number; request?: IncomingMessage };

/**
 * Keeps room for new connections: when there is none left, the one that is closed has waited longest for the rest of
 * a request, or for the next. Whoever parks connections so crowds out their own, and not Slack's.
 */
export function keepRoom(server: Server, { connections, bytes, body, onClosed }: Room): void {
  const open = new Set<Socket>();
  /** From which something is awaited; both in the order in which that began. */
  const silent = new Map<Socket, Unfinished>();
  const bodies = new Map<Socket, Unfinished>();
  let announced = 0;
  let begun = 0;

  function settle(socket: Socket): void {
    announced -= bodies.get(socket)?.bytes ?? 0;
    bodies.delete(socket);
    silent.delete(socket);
  }

  function wait(socket: Socket): void {
    if (open.has(socket) && !bodies.has(socket)) silent.set(socket, { since: begun++, bytes: 0 });
  }

  function forget(socket: Socket): void {
    settle(socket);
    open.delete(socket);
  }

  function oldest(): Socket | undefined {
    const [one] = silent;
    const [other] = bodies;
    if (!one || !other) return (one ?? other)?.[0];
    return (one[1].since < other[1].since ? one : other)[0];
  }

  function close(socket: Socket | undefined, newest?: Socket): boolean {
    if (!socket || socket === newest) return false;
    onClosed?.(bodies.get(socket)?.bytes ?? 0);
    forget(socket);
    socket.destroy();
    return true;
  }

  /** Where all others are being answered, the newest may be one too many. */
  function makeRoom(newest?: Socket): void {
    while (announced > bytes && close(bodies.keys().next().value, newest));
    while (open.size > connections && close(oldest(), newest));
  }

  server.on('connection', (socket) => {
    open.add(socket);
    wait(socket);
    socket.once('close', () => forget(socket));
    makeRoom(socket);
  });

  server.on('request', (request, response) => {
    const { socket } = request;
    settle(socket);
    const size = Math.min(sizeOf(request.headers, body), body);
    bodies.set(socket, { since: begun++, bytes: size, request });
    announced += size;
    request.once('end', () => {
      // Another may have come behind it on the same connection.
      if (bodies.get(socket)?.request === request) settle(socket);
      if (response.closed) wait(socket);
    });
    response.once('close', () => {
      wait(socket);
      makeRoom();
    });
    makeRoom(socket);
  });
}

/** What a request says of its body; without a length it may be anything. */
function sizeOf(headers: IncomingMessage['headers'], unknown: number): number {
  const length = headers['content-length'];
  if (length !== undefined) return Number(length);
  return headers['transfer-encoding'] === undefined ? 0 : unknown;
}
