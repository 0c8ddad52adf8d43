import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import { type Failing, type Faults, fail } from './faults.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Uploads } from './uploads.ts';
import type { WebApi } from './web-api.ts';

type Parts = {
  clock: Clock;
  faults: Faults;
  responseUrls: ResponseUrls;
  uploads: Uploads;
  webApi: WebApi;
  bodies: string[];
};

/** Slack's side of HTTP: the Web API under `/api/`, the response URLs and the upload URLs. */
export function createSlackServer({ clock, faults, responseUrls, uploads, webApi, bodies }: Parts) {
  /** The planned failure, if any. If it is only a delay, waits for it here. */
  async function failureAt(where: string): Promise<Failing | undefined> {
    const fault = faults.take(where);
    if (typeof fault !== 'object' || !('delay' in fault)) return fault;
    await new Promise<void>((resolve) => clock.after(fault.delay, resolve));
    return undefined;
  }

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const bytes = await read(request);
    const body = bytes.toString('utf8');
    const contentType = request.headers['content-type'] ?? '';
    bodies.push(body);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://slack');

    if (pathname.startsWith('/response/')) {
      const fault = await failureAt('response_url');
      if (fault && fault !== 'reset after') return fail(fault, request, response);
      const reply = responseUrls.use(pathname, body);
      if (fault) return fail(fault, request, response);
      response.writeHead(reply.status).end(reply.body);
      return;
    }

    if (pathname.startsWith('/upload/')) {
      const fault = await failureAt('upload_url');
      if (fault && fault !== 'reset after') return fail(fault, request, response);
      const reply = await uploads.receive(pathname, contentType, bytes);
      if (fault) return fail(fault, request, response);
      response.writeHead(reply.status).end(reply.body);
      return;
    }

    if (!pathname.startsWith('/api/')) {
      response.writeHead(404).end();
      return;
    }
    const method = pathname.slice('/api/'.length);
    const params = readParams(contentType, body, searchParams);
    webApi.record(method, params);
    const fault = await failureAt(method);
    if (fault && fault !== 'reset after') return fail(fault, request, response);
    const token = tokenOf(request, params);
    const answer = webApi.call(method, token, params);
    if (fault) return fail(fault, request, response);
    const { retryAfter, ...said } = answer;
    response
      .writeHead(retryAfter === undefined ? 200 : 429, {
        'content-type': 'application/json; charset=utf-8',
        ...webApi.headers(method, token),
        ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      })
      .end(JSON.stringify(said));
  }

  return createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function tokenOf({ headers }: IncomingMessage, { token }: Record<string, unknown>) {
  return headers.authorization?.match(/^Bearer (.+)$/)?.[1] ?? token;
}

/** In a form, these parameters are JSON. */
const STRUCTURED = ['blocks', 'view', 'attachments', 'metadata', 'files'];

function readParams(contentType: string, body: string, query: URLSearchParams) {
  const json = contentType.startsWith('application/json');
  const sent = json ? parse(body) : Object.fromEntries(new URLSearchParams(body));
  const params: Record<string, unknown> = {
    ...Object.fromEntries(query),
    ...(sent instanceof Object ? sent : {}),
  };
  for (const name of STRUCTURED) {
    if (typeof params[name] === 'string') params[name] = parse(params[name]);
  }
  return params;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
