import { causeOf } from '../http/cause.ts';
import type { Outbound } from '../http/proxy-settings.ts';
import { type NetworkTrouble, networkTroubleIn, proxyErrorIn } from '../http/trouble.ts';

/** How a host is reached. */
export type Road = {
  host: string;
  /** Host and port of the proxy; `undefined` without one. */
  proxy: string | undefined;
  /** Whether anything came back from the host. */
  hasAnswered: boolean;
  /** What the proxy last did in place of letting a request through. */
  trouble: NetworkTrouble | undefined;
};

/** In milliseconds; longer than a connection may take. */
const PATIENCE = 5000;

/** A host that serves sockets alone may close the connection, or wait for more. */
const wasConnected = (error: unknown) =>
  proxyErrorIn(error)?.sent || /^(TIMEOUT|UND_ERR_SOCKET)$/.test(causeOf(error).code ?? '');

/** Notes which way each request takes, and how far it gets. */
export function createRoads({ fetch: send, proxyOf = () => undefined }: Outbound) {
  const roads = new Map<string, Road>();

  function note(url: string, seen: Partial<Road>): void {
    const { host } = new URL(url);
    const unknown = { host, hasAnswered: false, trouble: undefined };
    roads.set(host, { ...unknown, ...roads.get(host), proxy: proxyOf(url), ...seen });
  }

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = typeof input === 'object' && 'url' in input ? input.url : String(input);
    try {
      const response = await send(input, init);
      note(url, { hasAnswered: true });
      return response;
    } catch (error) {
      const trouble = networkTroubleIn(error);
      note(url, trouble?.proxy ? { trouble } : {});
      throw error;
    }
  };

  /** Connects to a host, and asks for nothing that it has. Throws if there is no connection. */
  async function reach(url: string): Promise<void> {
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      await send(new URL('/', url).href, { method: 'HEAD', redirect: 'manual', signal });
    } catch (error) {
      const trouble = networkTroubleIn(error);
      if (!wasConnected(error)) {
        note(url, trouble?.proxy ? { trouble } : {});
        throw error;
      }
    }
    note(url, { hasAnswered: true });
  }

  return { fetch, reach, taken: (): readonly Road[] => [...roads.values()] };
}
