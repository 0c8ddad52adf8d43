import type { Outbound } from '../http/proxy-settings.ts';
import { type NetworkTrouble, networkTroubleIn } from '../http/trouble.ts';

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

  return { fetch, taken: (): readonly Road[] => [...roads.values()] };
}
