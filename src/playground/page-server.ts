import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { z } from 'zod';
import { TENANT_MODES, type TenantMode } from './page-protocol.ts';
import type { Stage } from './stage.ts';

export type PageServer = { url: string; stop(): Promise<void> };

/** The port is taken. The message says how to choose another. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The page loads nothing from elsewhere, and no other site may frame or read it. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

const LARGEST_BODY = 256 * 1024;

const filled = z.record(z.string(), z.string());
const where = z.string();
const action = z.string();
const Interaction = z.intersection(
  z.object({ as: z.string() }),
  z.discriminatedUnion('does', [
    z.object({ does: z.literal('types'), text: z.string(), channel: z.string() }),
    z.object({ does: z.literal('presses'), where, action, filled }),
    z.object({ does: z.literal('chooses'), where, action, option: z.string(), filled }),
    z.object({ does: z.literal('submits'), where, filled }),
    z.object({ does: z.literal('closes'), where }),
    z.object({ does: z.literal('opens home') }),
  ]),
);
const Mode = z.object({ mode: z.enum(Object.keys(TENANT_MODES) as [TenantMode]) });

/** A neighboring port, to suggest. */
const other = (port: number) => (port < 65_535 ? port + 1 : port - 1);

/**
 * Serves the page on loopback: its files, the stage's events as they happen, and the actions of a person.
 * @param files the folder of the built page
 * @throws PortTaken
 */
export async function startPageServer(
  stage: Stage,
  files: string,
  port: number,
): Promise<PageServer> {
  const server = createServer((request, response) => {
    route(stage, files, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(400);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new PortTaken(
              `Port ${port} is taken. Choose another: npm run playground -- --port ${other(port)}`,
            )
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function route(
  stage: Stage,
  files: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Blocks DNS rebinding: another site's name may point to loopback.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) {
    return void response.writeHead(421).end();
  }
  const path = new URL(request.url ?? '/', 'http://page').pathname;
  switch (`${request.method} ${path}`) {
    case 'GET /api/events':
      return events(stage, request, response);
    case 'POST /api/interactions':
      return json(response, await stage.act(Interaction.parse(await readJson(request))));
    case 'POST /api/tenant':
      stage.setMode(Mode.parse(await readJson(request)).mode);
      return json(response, {});
    default:
      return request.method === 'GET'
        ? file(files, path, response)
        : void response.writeHead(405).end();
  }
}

function events(stage: Stage, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const send = (event: unknown) => response.write(`data: ${JSON.stringify(event)}\n\n`);
  send({ kind: 'welcome', welcome: stage.welcome() });
  request.on('close', stage.watch(send));
}

async function file(files: string, path: string, response: ServerResponse): Promise<void> {
  const name = path === '/' ? 'index.html' : normalize(path).replace(/^[/\\]+/, '');
  const content = await readFile(join(files, name)).catch(() => undefined);
  if (!content || name.startsWith('..')) return void response.writeHead(404).end('Not found');
  response.writeHead(200, {
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
    'content-security-policy': POLICY,
    'cache-control': 'no-store',
  });
  response.end(content);
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  // Another site cannot send this content type without a preflight request.
  if (request.headers['content-type'] !== 'application/json') throw new Error('not JSON');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new Error('too large');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
