import type { IncomingHttpHeaders } from 'node:http';

export type TenantRequest = {
  method: string;
  /** As requested, with the query. */
  path: string;
  /** `POST /v1/users/lookup`, `GET /v2/users/{id}/devices`, `POST /oauth/token`… */
  route: string;
  /** The parsed JSON or form, if it was either. */
  body: unknown;
  /** Without `authorization`. */
  headers: IncomingHttpHeaders;
  /** Absent until it is answered, or if it never is. */
  status?: number;
  /** The answer: parsed JSON, or text. */
  answer?: unknown;
  startedAt: number;
  endedAt?: number;
};

/** Every request that has arrived, in order. */
export function createTraffic() {
  const requests: TenantRequest[] = [];
  const watchers = new Set<() => void>();
  const listeners = new Set<(request: TenantRequest) => void>();
  const changed = (request: TenantRequest) => {
    for (const listener of listeners) listener(request);
  };

  return {
    requests,

    add(request: TenantRequest): void {
      requests.push(request);
      for (const look of watchers) look();
      changed(request);
    },

    /** It was answered or will not be. */
    end(request: TenantRequest, outcome: Pick<TenantRequest, 'status' | 'answer' | 'endedAt'>) {
      Object.assign(request, outcome);
      changed(request);
    },

    watch(listener: (request: TenantRequest) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    saw(route: string, times = 1): Promise<void> {
      return new Promise((resolve) => {
        const look = () => {
          if (requests.filter((one) => one.route === route).length < times) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      });
    },
  };
}
