import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * How long an idle connection stays open, in milliseconds: Node's default. undici stops using it 2 s earlier.
 */
export const IDLE = 5000;

/** Counts requests by the first part of their path, and serves each. */
export async function startCountingServer(serve: (response: ServerResponse) => void) {
  const counts: Record<string, number> = {};
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const kind = request.url?.split('/')[1] ?? '';
      counts[kind] = (counts[kind] ?? 0) + 1;
      serve(response);
    });
  });
  server.keepAliveTimeout = IDLE;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, counts };
}
