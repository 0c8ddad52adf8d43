import type { IncomingHttpHeaders } from 'node:http';

export type TenantRequest = {
  method: string;
  /** As asked for, with the query. */
  path: string;
  /** `POST /v1/users/lookup`, `GET /v2/users/{id}/devices`, `POST /oauth/token`… */
  route: string;
  /** Parsed JSON or form, if it was either. */
  body: unknown;
  /** Without `authorization`. */
  headers: IncomingHttpHeaders;
  /** Absent while, or because, nothing was answered. */
  status?: number;
  startedAt: number;
  endedAt?: number;
};

/** Every request that has arrived, in order. */
export function createTraffic() {
  const requests: TenantRequest[] = [];
  const watchers = new Set<() => void>();

  return {
    requests,

    add(request: TenantRequest): void {
      requests.push(request);
      for (const look of watchers) look();
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
