import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Server timeouts in milliseconds: how long a request may take to arrive, and how long a connection may idle.
 * Slack's and a probe's requests arrive at once.
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
  /** Announced bytes of bodies still arriving. */
  bytes: number;
  /** Of one body; a body of unannounced length counts as this. */
  body: number;
  /** Called with the announced bytes of a connection that was closed. */
  onClosed?: (bytes: number) => void;
};

type Unfinished = { since: number; bytes: number; request?: IncomingMessage };

/**
 * Keeps room for new connections: when full, closes the one that has waited longest for the rest of a request or
 * for the next. Idle connections thus crowd out each other, not Slack's.
 */
export function keepRoom(server: Server, { connections, bytes, body, onClosed }: Room): void {
  const open = new Set<Socket>();
  /** Connections that owe us something, longest first. */
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

  /** If all others are being answered, the newest may be one too many. */
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
      // Another request may follow on the same connection.
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

/** The announced length of a body, if any. */
function sizeOf(headers: IncomingMessage['headers'], unknown: number): number {
  const length = headers['content-length'];
  if (length !== undefined) return Number(length);
  return headers['transfer-encoding'] === undefined ? 0 : unknown;
}
