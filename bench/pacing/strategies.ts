import Bottleneck from 'bottleneck';
import { FetchError, ofetch } from 'ofetch';
import { systemClock } from '../../src/clock.ts';
import { createKeepAliveFetch } from '../../src/http/fetch.ts';
import { createSecurID, type Pace, readApiKey } from '../../src/securid/index.ts';
import type { TenantAddress } from '../stand-ins/main.ts';

export type Strategy =
  /** This app's client, with the default pace unless one is given. */
  | { kind: 'desk'; pace?: Partial<Pace> }
  /** ofetch behind a Bottleneck that spaces requests. */
  | { kind: 'minTime'; perSecond: number }
  /** ofetch alone, with its own retries. */
  | { kind: 'ofetch' };

/** Looks a user up by name. Rejects if there was no answer. */
export type Ask = (username: string) => Promise<unknown>;

export type Api = { tenant: TenantAddress; url: string; token: string };

const FOREVER = 60 * 60_000;

export function createAsk(strategy: Strategy, { tenant, url, token }: Api): Ask {
  if (strategy.kind === 'desk') {
    const { users } = createSecurID({
      credentials: { apiKey: readApiKey(JSON.stringify(tenant.apiKey)) },
      fetch: createKeepAliveFetch(),
      clock: systemClock,
      ...(strategy.pace && { pace: strategy.pace }),
    });
    return (username) => users.find({ username }, { until: performance.now() + FOREVER });
  }

  const headers = { authorization: `Bearer ${token}` };
  const lookUp = ofetch.create({ baseURL: url, method: 'POST', headers });
  const ask = async (username: string, retry: number) => {
    try {
      await lookUp('/v1/users/lookup', { body: { username }, retry, retryDelay: 1000 });
    } catch (error) {
      const isNobody = error instanceof FetchError && error.statusCode === 404;
      if (!isNobody) throw error;
    }
  };
  if (strategy.kind === 'ofetch') return (username) => ask(username, 5);

  const limiter = new Bottleneck({ minTime: 1000 / strategy.perSecond });
  return (username) => limiter.schedule(() => ask(username, 0));
}
