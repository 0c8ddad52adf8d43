import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';

/** What a proxy answers in place of a tunnel. */
export type Refusal =
  | 'hang'
  | 'reset'
  /** Opens the tunnel and closes it. */
  | 'closed tunnel'
  /** Opens the tunnel, and then nothing comes. */
  | 'silent tunnel'
  | { status: number; headers?: Record<string, string>; body?: string }
  /** Does with the connection what it likes. */
  | ((client: Socket) => void);

type Options = {
  /** `user:password`, which it then asks for. */
  signIn?: string;
  /** Has every connection closed after one answer, so that each request asks for a tunnel. */
  closes?: boolean;
  /** Is itself reached by TLS, as localhost. */
  isSecure?: { key: string; cert: string };
  /** Opens TLS and shows this certificate, as proxies do that look inside. */
  opensTls?: { key: string; cert: string };
};

export type TestProxy = Awaited<ReturnType<typeof startProxy>>;

/** A proxy on loopback that opens tunnels, and keeps what passes through them. */
export async function startProxy(options: Options = {}) {
  const { signIn, closes = false, isSecure, opensTls } = options;
  const knows: Record<string, number> = {};
  const tunnels: string[] = [];
  const refused: string[] = [];
  const requests: string[] = [];
  const sockets = new Set<Duplex>();
  let refusalOf: (target: string) => Refusal | undefined = () => undefined;

  const refuseOthers = (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(400).end();
  const server = isSecure ? createTlsServer(isSecure, refuseOthers) : createServer(refuseOthers);
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    client.on('error', () => {});
    const target = request.url ?? '';
    const wanted = signIn && `Basic ${Buffer.from(signIn).toString('base64')}`;
    const isLetIn = !wanted || request.headers['proxy-authorization'] === wanted;
    const refusal = isLetIn ? refusalOf(target) : ASKS_PASSWORD;
    if (refusal !== undefined) {
      refused.push(target);
      return refuse(refusal, client);
    }
    tunnels.push(target);
    open(target, client, head);
  });

  function open(target: string, client: Socket, head: Buffer): void {
    const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(target) ?? [];
    const known = knows[target];
    const server = connect(known ?? Number(port), known ? '127.0.0.1' : host.replace(/[[\]]/g, ''));
    sockets.add(server);
    client.write(OPENED);
    if (head.length > 0) client.unshift(head);
    const inside = opensTls ? new TLSSocket(client, { isServer: true, ...opensTls }) : client;
    inside.on('data', (chunk: Buffer) => {
      const [line] = /^[A-Z]+ \/\S*(?= HTTP\/1.1\r\n)/.exec(chunk.toString('latin1')) ?? [];
      if (line) requests.push(line);
    });
    inside.pipe(server);
    server.on('data', (chunk: Buffer) => inside.write(closes ? withClose(chunk) : chunk));
    server.on('end', () => inside.end());
    for (const [one, other] of [
      [inside, server],
      [server, inside],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  function stop(): void {
    server.close();
    server.closeAllConnections();
    for (const socket of sockets) socket.destroy();
  }
  onTestFinished(stop);

  return {
    url: `${isSecure ? 'https' : 'http'}://${signIn ? `${signIn.split(':').map(encodeURIComponent).join(':')}@` : ''}${isSecure ? 'localhost' : '127.0.0.1'}:${port}`,
    port,
    place: `127.0.0.1:${port}`,
    /** Names that only the proxy knows, such as `tenant.test:443`, each with a port on loopback. */
    knows,
    /** Where tunnels led to. */
    tunnels,
    /** Where they did not. */
    refused,
    /** What passed through tunnels without TLS, or opened here. */
    requests,
    /** Answers this in place of a tunnel, to those targets. */
    refuse(refusal: Refusal | undefined, isMeant = (_target: string) => true): void {
      refusalOf = (target) => (isMeant(target) ? refusal : undefined);
    },
    /** Cuts every tunnel. */
    cut(): void {
      for (const socket of sockets) socket.destroy();
    },
    stop,
  };
}

const OPENED = 'HTTP/1.1 200 Connection established\r\n\r\n';

const withClose = (chunk: Buffer) =>
  Buffer.from(
    chunk.toString('latin1').replace(/\r\nconnection: keep-alive/i, '\r\nconnection: close'),
    'latin1',
  );

/** https://www.rfc-editor.org/rfc/rfc9110#name-407-proxy-authentication-re */
const ASKS_PASSWORD = { status: 407, headers: { 'proxy-authenticate': 'Basic realm="corp"' } };

function refuse(refusal: Refusal, client: Socket): void {
  if (refusal === 'hang') return;
  if (refusal === 'reset') return void client.destroy();
  if (typeof refusal === 'function') return void refusal(client);
  if (refusal === 'silent tunnel') return void client.write(OPENED);
  if (typeof refusal === 'string') {
    client.end(OPENED);
    return;
  }
  const { status, headers = {}, body = '' } = refusal;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  client.end(`HTTP/1.1 ${status} No\r\n${lines.join('')}\r\n${body}`);
}
