import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Clock, systemClock } from '../../clock.ts';
import type { Acknowledgement, Deliver, Fault } from './types.ts';

type Options = {
  clock: Clock;
  appId: string;
  patience: number;
  /** How long an envelope waits for a socket, in real milliseconds. */
  socketPatience: number;
  bodies: string[];
  /** The planned failure, if any. */
  failureAt: (where: 'handshake' | 'hello') => Fault | undefined;
};

/** Socket Mode: https://docs.slack.dev/apis/events-api/using-socket-mode */
export function createSocketMode(options: Options) {
  const { clock, appId, patience, socketPatience, bodies, failureAt } = options;
  const upgrades = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const awaited = new Map<unknown, (payload: unknown) => void>();
  const welcomes = new Set<() => void>();
  /** Handshakes left without an answer. */
  const hanging = new Set<Duplex>();
  /** Envelopes that are not acknowledged, by the socket that carries them. */
  const carried = new Map<WebSocket, Map<string, string>>();
  let sockets: WebSocket[] = [];
  let issued = 0;
  let sent = 0;

  function welcome(socket: WebSocket) {
    if (failureAt('hello')) return;
    socket.on('message', (data) => receive(String(data)));
    socket.on('close', () => leave(socket));
    sockets.push(socket);
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: sockets.length,
        connection_info: { app_id: appId },
        debug_info: { host: 'playground', approximate_connection_time: 18_060 },
      }),
    );
    for (const connected of welcomes) connected();
    welcomes.clear();
  }

  function leave(socket: WebSocket) {
    sockets = sockets.filter((one) => one !== socket);
    const left = carried.get(socket) ?? new Map<string, string>();
    carried.delete(socket);
    for (const [id, envelope] of left) void resend(id, envelope);
  }

  function send(socket: WebSocket, id: string, envelope: string) {
    const its = carried.get(socket) ?? new Map<string, string>();
    carried.set(socket, its.set(id, envelope));
    socket.send(envelope);
  }

  /**
   * Slack documents this for events only, and has done it with slash commands:
   * https://github.com/slackapi/bolt-js/issues/2188
   */
  async function resend(id: string, envelope: string) {
    const socket = await nextSocket();
    if (socket && awaited.has(id)) send(socket, id, envelope);
  }

  function receive(text: string) {
    bodies.push(text);
    const { envelope_id, payload } = JSON.parse(text) as Record<string, unknown>;
    awaited.get(envelope_id)?.(payload);
    forget(String(envelope_id));
  }

  function forget(id: string) {
    awaited.delete(id);
    for (const its of carried.values()) its.delete(id);
  }

  function failHandshake(fault: Fault, request: IncomingMessage, stream: Duplex): void {
    stream.on('error', () => {});
    if (fault === 'hang') hanging.add(stream);
    else if (typeof fault === 'string' || 'delay' in fault) request.socket.resetAndDestroy();
    else stream.end(`HTTP/1.1 ${fault.status} No\r\nConnection: close\r\n\r\n${fault.body ?? ''}`);
  }

  function connected(): Promise<void> {
    return new Promise((resolve) => {
      if (sockets.length > 0) resolve();
      else welcomes.add(resolve);
    });
  }

  async function nextSocket(): Promise<WebSocket | undefined> {
    await within(socketPatience, connected(), systemClock);
    const socket = sockets.shift();
    if (socket) sockets.push(socket);
    return socket;
  }

  const deliver: Deliver = async (type, payload): Promise<Acknowledgement> => {
    const started = performance.now();
    const ms = () => Math.round(performance.now() - started);
    const socket = await nextSocket();
    if (!socket) return { ok: false, status: 0, body: '', ms: ms(), error: 'dispatch_failed' };

    sent += 1;
    const envelope_id = `envelope-${sent}`;
    const accepts_response_payload = type !== 'events_api';
    const answer = new Promise<{ payload: unknown }>((resolve) => {
      awaited.set(envelope_id, (payload) => resolve({ payload }));
    });
    const envelope = JSON.stringify({ envelope_id, type, payload, accepts_response_payload });
    send(socket, envelope_id, envelope);
    const answered = await within(patience, answer, clock);
    forget(envelope_id);
    if (!answered) return { ok: false, status: 0, body: '', ms: ms(), error: 'operation_timeout' };
    return { ok: true, status: 200, body: textOf(answered.payload), ms: ms() };
  };

  return {
    connected,
    deliver,
    /** A link for a single connection. */
    link(base: string): string {
      issued += 1;
      const ticket = `ticket-${issued}`;
      tickets.add(ticket);
      return `${base.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${appId}`;
    },
    upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://slack');
      if (pathname !== '/link/' || !tickets.delete(searchParams.get('ticket') ?? '')) {
        stream.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
        return;
      }
      const fault = failureAt('handshake');
      if (fault === undefined) upgrades.handleUpgrade(request, stream, head, welcome);
      else failHandshake(fault, request, stream);
    },
    disconnect(reason: string): void {
      const told = sockets;
      sockets = [];
      for (const socket of told) {
        socket.send(
          JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'playground' } }),
        );
      }
    },
    drop(): void {
      sockets = [];
      for (const socket of upgrades.clients) socket.terminate();
    },
    stop(): void {
      for (const stream of hanging) stream.destroy();
      for (const socket of upgrades.clients) socket.terminate();
      upgrades.close();
    },
  };
}

/** What Bolt sends over a socket in place of an empty HTTP answer. */
const EMPTY = '{}';

/** Undefined if the promise takes longer than that, in milliseconds. */
function within<T>(limit: number, promise: Promise<T>, clock: Clock): Promise<T | undefined> {
  return new Promise((resolve) => {
    const stopTimer = clock.after(limit, () => resolve(undefined));
    promise.then((value) => {
      stopTimer();
      resolve(value);
    });
  });
}

function textOf(payload: unknown): string {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload ?? {});
  return text === EMPTY ? '' : text;
}
