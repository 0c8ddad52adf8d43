import { Agent, errors, FormData, fetch } from 'undici';

/** The largest answer accepted, far above any of SecurID's or Slack's. */
const LARGEST_ANSWER = 2_000_000;

/**
 * A fetch whose connections stay open between commands, which come minutes apart: by default they close
 * after 4 s unless the server says otherwise, and each command would pay for TCP and TLS again.
 */
export function createKeepAliveFetch(): typeof globalThis.fetch {
  const dispatcher = new Agent({
    keepAliveTimeout: 60_000,
    maxResponseSize: LARGEST_ANSWER,
    connect: { timeout: 3000 },
  });
  // undici's types and the global ones mean the same.
  const send = fetch as unknown as typeof globalThis.fetch;
  return async (input, init) => {
    const body = init?.body instanceof globalThis.FormData ? ours(init.body) : init?.body;
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : {}));
    headers.set('accept-encoding', 'identity');
    const how = { ...init, headers, ...(body && { body }), dispatcher };
    return counted(await send(input, how as RequestInit));
  };
}

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
