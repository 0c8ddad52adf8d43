import { appendFileSync } from 'node:fs';
import { onTestFinished, vi } from 'vitest';
import { createKeepAliveFetch } from '../../src/http/fetch.ts';
import { startTenant, type Tenant, type Traits } from '../../src/playground/tenant/index.ts';
import { type TenantRecords, tenantRecords, user } from '../../src/playground/tenant-records.ts';
import {
  type Credentials,
  createSecurID,
  type Pace,
  readApiKey,
  readOAuthPrivateKey,
  SecurIDError,
} from '../../src/securid/index.ts';
import { type ManualClock, manualClock } from '../support/manual-clock.ts';
import { PATIENCE } from '../support/patience.ts';
import { SECRETS } from '../support/printed.ts';

export const LOOKUP = 'POST /v1/users/lookup';
export const CODE = 'POST /v1/users/deviceRegistrationCode';
export const TOKEN = 'POST /oauth/token';

export const grace = user({ emailAddress: 'grace@acme.test', principalUsername: 'gokafor' });
export const alan = user({ emailAddress: 'alan@acme.test' });
/** As many users as a test needs: `person1@acme.test`… */
export const people = (count: number) =>
  Array.from({ length: count }, (_, index) => user({ emailAddress: email(index + 1) }));
export const email = (number: number) => `person${number}@acme.test`;

/** No limit for a test whose clock stands still. */
export const UNHURRIED: Partial<Pace> = { requestsPerSecond: 1000, burst: 1000, retryPause: 0 };

type Options = {
  credential?: 'api key' | 'oauth rsa' | 'oauth ec';
  /** Requested with every token of an OAuth client, in place of what each call needs. */
  scope?: string;
  /** Properties to replace in RSA's key file. */
  keyFile?: Record<string, string>;
  pace?: Partial<Pace>;
  records?: Partial<TenantRecords>;
  traits?: Partial<Traits>;
  /** How many milliseconds the client's clock is ahead of the tenant's. */
  ahead?: number;
  fetch?: typeof globalThis.fetch;
};

/** The real client and a tenant in memory, both closed when the test ends. Time stands still. */
export async function openClient(options: Options = {}) {
  const { credential = 'api key', pace, records } = options;
  const clock = manualClock();
  const tenant = await startTenant({
    clock,
    records: tenantRecords({ users: [grace, alan], ...records }),
    ...(options.traits && { traits: options.traits }),
  });
  onTestFinished(async () => {
    await tenant.stop();
    appendFileSync(SECRETS, [...tenant.secrets(), ''].join('\n'));
  });

  let { ahead = 0 } = options;
  const sent = counted(options.fetch ?? createKeepAliveFetch());
  const securid = createSecurID({
    credentials: await credentialsOf(tenant, credential, options),
    fetch: sent.fetch,
    clock: { ...clock, now: () => clock.now() + ahead },
    pace: { ...UNHURRIED, ...pace },
  });
  return {
    clock,
    tenant,
    securid,
    /** What the client tried to send, whether or not it arrived. */
    sent,
    setClock(by: number) {
      ahead += by;
    },
  };
}

function counted(send: typeof globalThis.fetch) {
  let underWay = 0;
  const count = { total: 0, mostAtOnce: 0 };
  const fetch: typeof globalThis.fetch = async (...request) => {
    count.total += 1;
    underWay += 1;
    count.mostAtOnce = Math.max(count.mostAtOnce, underWay);
    try {
      return await send(...request);
    } finally {
      underWay -= 1;
    }
  };
  return { fetch, count };
}

async function credentialsOf(
  { apiKey, oauth }: Tenant,
  credential: NonNullable<Options['credential']>,
  { keyFile = {}, scope }: Options,
): Promise<Credentials> {
  if (credential === 'api key') {
    return { apiKey: readApiKey(JSON.stringify({ ...apiKey, ...keyFile })) };
  }
  const key = credential === 'oauth ec' ? oauth.ecPrivateKey : oauth.rsaPrivateKey;
  return {
    oauthClient: {
      issuerUrl: oauth.issuerUrl,
      clientId: oauth.clientId,
      privateKey: await readOAuthPrivateKey(JSON.stringify(key)),
      scope,
      adminApiUrl: oauth.adminApiUrl,
    },
  };
}

/** The error of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<SecurIDError> {
  const outcome = await call.then(
    () => 'an answer',
    (error: unknown) => error,
  );
  if (outcome instanceof SecurIDError) return outcome;
  throw new Error(`expected a SecurIDError, got ${outcome}`);
}

/** Waits until `check` passes, without moving the clock. */
export const soon = (check: () => void) => vi.waitFor(check, { interval: 2, timeout: PATIENCE });

/** Waits until the client's next timer is exactly that far away. */
export const idleFor = (clock: ManualClock, ms: number) =>
  soon(() => {
    if (clock.nextIn() !== ms) throw new Error(`the next timer is due in ${clock.nextIn()} ms`);
  });
