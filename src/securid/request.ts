import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { SendRequest } from './api-call.ts';
import type { Bearer } from './bearer.ts';
import { SecurIDError } from './errors.ts';
import type { Http } from './http.ts';
import type { Pacing } from './pacing.ts';
import { createSender } from './sender.ts';
import { createShare } from './share.ts';

const DEFAULT_TIME_LIMIT = 15_000;

/** An id of dots alone would lead to another path, encoded or not: https://url.spec.whatwg.org/#double-dot-path-segment */
const HAS_DOTS = /(?:^|\/)(?:\.|%2e){1,2}(?=[/?]|$)/i;

type Wiring = { adminApiUrl: string; http: Http; bearer: Bearer; pacing: Pacing; clock: Clock };

/**
 * Makes a request to the Cloud Administration API: shared, paced, signed and sent, with its answer
 * checked. Every failure is a SecurIDError.
 */
export function createRequest({ adminApiUrl, http, bearer, pacing, clock }: Wiring): SendRequest {
  const base = `${new URL(adminApiUrl).origin}/AdminInterface/restapi/`;
  const share = createShare(clock);

  return async (call, options = {}) => {
    if (HAS_DOTS.test(call.path)) {
      throw new SecurIDError('INVALID_REQUEST', `${call.api}: no such id`, { sent: false });
    }
    const { until = clock.elapsed() + DEFAULT_TIME_LIMIT, lane, took, atTurn, fresh } = options;
    const askedAt = clock.elapsed();
    const key =
      call.changes || fresh
        ? undefined
        : JSON.stringify([call.method, call.path, call.body ?? null]);
    try {
      return await share<z.output<typeof call.shape>>(key, until, (callers) => {
        const wiring = { base, http, bearer, clock, overdue: pacing.overdue };
        const { send, late } = createSender(wiring, call, callers, atTurn);
        return { answer: pacing.inTurn(send, callers.until, lane), late };
      });
    } finally {
      took?.(clock.elapsed() - askedAt);
    }
  };
}
