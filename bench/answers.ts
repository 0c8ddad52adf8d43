import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Answers = Awaited<ReturnType<typeof startAnswers>>;

/** The response URLs, and what is posted to them. */
export async function startAnswers() {
  const waiting = new Map<string, (body: string) => void>();
  const server = createServer(async (request, response) => {
    const body = await text(request);
    waiting.get(request.url ?? '')?.(body);
    waiting.delete(request.url ?? '');
    response.end('ok');
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let given = 0;

  return {
    /** A new response URL, and the first answer posted to it. */
    next(): { url: string; answer: Promise<string> } {
      const path = `/${++given}`;
      return {
        url: `${base}${path}`,
        answer: new Promise((resolve) => waiting.set(path, resolve)),
      };
    },
    stop: () => server.close().closeAllConnections(),
  };
}
