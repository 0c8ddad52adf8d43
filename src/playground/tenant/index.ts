import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { JWK } from 'jose';
import type { Clock } from '../../clock.ts';
import { playgroundRecords } from '../tenant-records.ts';
import { createBearerCheck } from './bearer.ts';
import type { IssuedCode } from './endpoint.ts';
import { type Always, createFaults, type Fault } from './faults.ts';
import { createHolds, type Hold } from './holds.ts';
import { apiKeyPem, clientKeys } from './keys.ts';
import { createListener } from './listener.ts';
import { createRateLimiter, type RateLimit } from './rate-limit.ts';
import type { TenantRecords } from './records.ts';
import { ADMIN_API, permissions, TOKEN_ENDPOINT } from './routes.ts';
import { createTokenEndpoint } from './token-endpoint.ts';
import { createTraffic, type TenantRequest } from './traffic.ts';
import { type Traits, usualTraits } from './traits.ts';

export type { Fault, RateLimit, TenantRecords, TenantRequest, Traits };

export type Tenant = {
  url: string;
  /** Where it listens on loopback. */
  port: number;
  /** The Administration API key, as in RSA's key file. */
  apiKey: {
    customerName: string;
    accessID: string;
    accessKey: string;
    adminRestApiUrl: string;
    description: string;
  };
  oauth: {
    issuerUrl: string;
    clientId: string;
    rsaPrivateKey: JWK;
    ecPrivateKey: JWK;
    adminApiUrl: string;
    scopes: string[];
  };
  records: TenantRecords;
  traits: Traits;
  issuedCodes: IssuedCode[];
  emergencyCodes: IssuedCode[];
  requests: TenantRequest[];
  /** The routes requested so far, in order. */
  calls(): string[];
  /** TCP connections opened so far. */
  connections(): number;
  /** Every secret so far that must not leave the program. */
  secrets(): string[];
  /** The next requests, to `route` if given, get this instead of an answer. */
  answerNext(fault: Fault, times?: number, route?: string): void;
  hold(route?: string): Hold;
  /** Resolves when that many such requests have arrived. */
  saw(route: string, times?: number): Promise<void>;
  rateLimit(limit: RateLimit | undefined): void;
  /** Called with every request when it arrives and when it ends. Returns how to unsubscribe. */
  watch(listener: (request: TenantRequest) => void): () => void;
  /** From now on every request gets this, until it is removed. */
  setAlways(fault: Always): void;
  /** Delays every answer, in milliseconds. */
  setDelay(ms: number): void;
  /** Refuses every bearer token, as the gateway does after the key was deleted. */
  setKeyRefused(refused: boolean): void;
  /** Refuses every token used or issued so far. */
  revokeTokens(as: 401 | 403): void;
  stop(): Promise<void>;
};

/**
 * A SecurID tenant in memory, on loopback, which refuses what the Cloud Administration API refuses.
 */
export async function startTenant(options: {
  clock: Clock;
  port?: number;
  /** Its address for others, if it is behind a proxy or a balancer; by default loopback. */
  url?: string | undefined;
  records?: TenantRecords;
  traits?: Partial<Traits>;
}): Promise<Tenant> {
  const { clock, records = playgroundRecords(clock.now()) } = options;
  const traits = { ...usualTraits(), ...options.traits };

  const server = createServer({ keepAliveTimeout: 0 });
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');

  const { port } = server.address() as AddressInfo;
  const url = options.url ?? `http://127.0.0.1:${port}`;
  const apiKey = {
    customerName: 'Acme',
    accessID: '5d1c3f0e-7a42-4b7e-9c55-2f6a8b1d0e93',
    accessKey: apiKeyPem,
    adminRestApiUrl: `${url}${ADMIN_API}/v1`,
    description: 'SecurID Desk',
  };
  const oauth = {
    issuerUrl: `${url}/oauth`,
    clientId: 'c7b0e6a4-31f8-4d29-8e17-90a5d4c2f6b1',
    rsaPrivateKey: { ...clientKeys['desk-rsa'].privateJwk },
    ecPrivateKey: { ...clientKeys['desk-ec'].privateJwk },
    adminApiUrl: `${url}${ADMIN_API}`,
    scopes: [...permissions],
  };

  const issuedCodes: IssuedCode[] = [];
  const emergencyCodes: IssuedCode[] = [];
  const assertions = new Set<string>();
  const traffic = createTraffic();
  const faults = createFaults();
  const holds = createHolds();
  const rateLimiter = createRateLimiter(clock);
  const bearer = createBearerCheck({
    clock,
    accessID: apiKey.accessID,
    audience: apiKey.adminRestApiUrl,
    traits,
  });
  const tokenEndpoint = createTokenEndpoint({
    clock,
    clientId: oauth.clientId,
    audience: `${url}${TOKEN_ENDPOINT}`,
    permissions: oauth.scopes,
    bearer,
    traits,
  });
  const listener = createListener({
    clock,
    records,
    traits,
    issuedCodes,
    emergencyCodes,
    bearer,
    faults,
    holds,
    rateLimiter,
    tokenEndpoint,
    traffic,
    assertions,
  });
  server.on('request', (request, response) => {
    response.on('error', () => response.destroy());
    listener(request, response).catch(() => response.destroy());
  });

  return {
    url,
    port,
    apiKey,
    oauth,
    records,
    traits,
    issuedCodes,
    emergencyCodes,
    requests: traffic.requests,
    calls: () =>
      traffic.requests.filter(({ path }) => path.startsWith(ADMIN_API)).map(({ route }) => route),
    connections: () => connections,
    secrets: () => [
      ...bearer.tokens(),
      ...assertions,
      ...[...issuedCodes, ...emergencyCodes].map(({ code }) => code),
      ...privateParts(apiKeyPem, oauth.rsaPrivateKey, oauth.ecPrivateKey),
    ],
    answerNext: faults.add,
    hold: holds.add,
    saw: traffic.saw,
    watch: traffic.watch,
    setAlways: faults.setAlways,
    setDelay: faults.setDelay,
    rateLimit: rateLimiter.set,
    setKeyRefused: bearer.setKeyRefused,
    revokeTokens: bearer.revoke,
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The PEM text, and the same with escaped line breaks, as in a JSON file. */
function privateParts(pem: string, ...keys: JWK[]): string[] {
  return [pem, JSON.stringify(pem).slice(1, -1), ...keys.flatMap(({ d }) => d ?? [])];
}
