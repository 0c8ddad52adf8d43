import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

type Fetch = typeof globalThis.fetch;

/** The header that names a request's interaction. Neither Slack nor SecurID sends or reads it. */
export const INTERACTION = 'x-playground-interaction';

/** Published when a server of this process gets a request: https://nodejs.org/api/diagnostics_channel.html */
const REQUEST_STARTS = 'http.server.request.start';

export type Interactions = ReturnType<typeof createInteractions>;

/**
 * Tracks which interaction each request belongs to, even if several are under way: from the workspace,
 * through the bot, which does not know, to the tenant.
 */
export function createInteractions() {
  const current = new AsyncLocalStorage<string>();
  // Everything that follows from this request belongs to its interaction.
  const follow = (message: unknown) => {
    const id = (message as { request: IncomingMessage }).request.headers[INTERACTION];
    if (typeof id === 'string') current.enterWith(id);
  };
  subscribe(REQUEST_STARTS, follow);

  return {
    run: <T>(id: string, act: () => T): T => current.run(id, act),
    current: () => current.getStore(),
    carriedBy:
      (fetch: Fetch): Fetch =>
      (input, init) => {
        const id = current.getStore();
        if (id === undefined) return fetch(input, init);
        const headers = { ...Object.fromEntries(new Headers(init?.headers)), [INTERACTION]: id };
        return fetch(input, { ...init, headers });
      },
    stop: () => unsubscribe(REQUEST_STARTS, follow),
  };
}
