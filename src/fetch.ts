import { Agent, FormData, fetch } from 'undici';

/** No answer of SecurID's or Slack's is nearly as large. */
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
  // undici's types and the global ones describe the same thing.
  const send = fetch as unknown as typeof globalThis.fetch;
  return (input, init) => {
    const body = init?.body instanceof globalThis.FormData ? ours(init.body) : init?.body;
    return send(input, { ...init, ...(body && { body }), dispatcher } as RequestInit);
  };
}

/** undici takes only a form of its own for one; Slack's client makes Node's. */
function ours(form: globalThis.FormData): FormData {
  const copy = new FormData();
  for (const [name, value] of form) {
    if (typeof value === 'string') copy.append(name, value);
    else copy.append(name, value, value.name);
  }
  return copy;
}
