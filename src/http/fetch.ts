import { Agent, type Dispatcher, errors, FormData, fetch, Headers as UndiciHeaders } from 'undici';

/** Node's own would load Node's own copy of undici, which takes 16 ms at the start. */
export const Headers = UndiciHeaders as unknown as typeof globalThis.Headers;

/** The largest answer accepted, far above any of SecurID's or Slack's. */
const LARGEST_ANSWER = 2_000_000;

/**
 * Of every connection that leaves. They stay open between commands, which come minutes apart: by default they close
 * after 4 s unless the server says otherwise, and each command would pay for TCP and TLS again.
 */
export const CONNECTIONS = {
  keepAliveTimeout: 60_000,
  maxResponseSize: LARGEST_ANSWER,
  connect: { timeout: 3000 },
};

/** @param dispatcher what opens the connections; by default without a proxy */
export function createKeepAliveFetch(
  dispatcher: Dispatcher = new Agent(CONNECTIONS),
): typeof globalThis.fetch {
  // undici's types and the global ones mean the same.
  const send = fetch as unknown as typeof globalThis.fetch;
  return async (input, init) => {
    const body = isForm(init?.body) ? ours(init.body) : init?.body;
    const headers = new Headers(init?.headers ?? (isRequest(input) ? input.headers : {}));
    headers.set('accept-encoding', 'identity');
    const how = { ...init, headers, ...(body && { body }), dispatcher };
    return counted(await send(input, how as RequestInit));
  };
}

/** By their tags, since Node loads its own classes only when they are named. */
const isA = (tag: string) => (one: unknown) =>
  Object.prototype.toString.call(one) === `[object ${tag}]`;
const isForm = isA('FormData') as (body: unknown) => body is globalThis.FormData;
const isRequest = isA('Request') as (input: unknown) => input is Request;

/** A compressed answer could unpack to gigabytes. */
function counted(response: Response): Response {
  if (!response.body || !response.headers.has('content-encoding')) return response;
  let size = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > LARGEST_ANSWER) controller.error(new errors.ResponseExceededMaxSizeError());
      else controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter), response);
}

/** undici accepts only its own FormData; Slack's client makes Node's. */
function ours(form: globalThis.FormData): FormData {
  const copy = new FormData();
  for (const [name, value] of form) {
    if (typeof value === 'string') copy.append(name, value);
    else copy.append(name, value, value.name);
  }
  return copy;
}
