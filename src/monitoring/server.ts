import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { keepRoom, TIME_LIMITS } from '../http/limits.ts';
import { cannotListen } from '../http/listening.ts';
import type { Metrics } from './metrics.ts';
import type { Readiness } from './readiness.ts';

/** Few clients, and no bodies. */
const ROOM = { connections: 200, bytes: 1_000_000, body: 100_000 };

type Options = {
  host: string;
  port: number;
  metrics: Metrics;
  readiness: { all(): Promise<Readiness>; running(): Readiness };
};

type Page = { status: number; type: string; body: string };

/** Serves `/healthz`, `/readyz`, `/readyz/running` and `/metrics`, without a password. */
export function createOpsServer({ host, port, metrics, readiness }: Options) {
  const pages = new Map<string, () => Promise<Page>>([
    ['/healthz', async () => text(200, 'ok')],
    ['/readyz', async () => answer(await readiness.all())],
    ['/readyz/running', async () => answer(readiness.running())],
    [
      '/metrics',
      async () => ({ status: 200, type: metrics.contentType, body: await metrics.text() }),
    ],
  ]);

  async function pageFor(method: string | undefined, url = '/'): Promise<Page> {
    const [path = ''] = url.split('?', 1);
    const page = pages.get(path);
    if (!page) return text(404, 'not found');
    if (method !== 'GET' && method !== 'HEAD') return text(405, 'GET or HEAD only');
    return page().catch(() => text(500, 'failed'));
  }

  const server = createServer(TIME_LIMITS, async (request, response) => {
    const { status, type, body } = await pageFor(request.method, request.url);
    response.writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      ...(status === 405 && { allow: 'GET, HEAD' }),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  keepRoom(server, ROOM);

  return {
    /** @throws CannotListen */
    async start(): Promise<{ port: number }> {
      server.listen(port, host);
      const variables = { host: 'OPS_HOST', port: 'OPS_PORT' };
      await once(server, 'listening').catch(cannotListen({ host, port }, variables));
      return { port: portOf(server) };
    },
    async stop(): Promise<void> {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const answer = (found: Readiness): Page => ({
  status: found.ready ? 200 : 503,
  type: 'application/json',
  body: `${JSON.stringify(found)}\n`,
});

const text = (status: number, words: string): Page => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${words}\n`,
});

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
