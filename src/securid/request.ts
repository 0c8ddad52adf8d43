import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import { readAnswer } from './answer.ts';
import type { ApiCall, CallOptions, SendRequest } from './api-call.ts';
import type { Bearer } from './bearer.ts';
import { SecurIDError } from './errors.ts';
import { type Http, REQUEST_TIMEOUT } from './http.ts';
import type { Outcome, Pacing } from './pacing.ts';
import { type Callers, createShare, type Flight } from './share.ts';

const DEFAULT_TIME_LIMIT = 15_000;

/** What a read may get over by itself: no answer at all, or a gateway that has none. */
const PASSING = new Set([undefined, 502, 503, 504]);

type Wiring = { adminApiUrl: string; http: Http; bearer: Bearer; pacing: Pacing; clock: Clock };

/**
 * One request to the Cloud Administration API: shared, paced, signed, sent, and its answer checked.
 * Every failure leaves as a SecurIDError.
 */
export function createRequest({ adminApiUrl, http, bearer, pacing, clock }: Wiring): SendRequest {
  const base = `${new URL(adminApiUrl).origin}/AdminInterface/restapi/`;
  const share = createShare(clock);

  /** Sends a call when its turn comes, as often as is right. */
  function start<S extends z.ZodType>(
    call: ApiCall<S>,
    callers: Callers,
    { lane, atTurn }: CallOptions,
  ): Flight<z.output<S>> {
    let late = pacing.overdue;

    async function send(): Promise<Outcome<z.output<S>>> {
      let token: string;
      try {
        late = () => new SecurIDError('UNAVAILABLE', 'no token in time', { sent: false });
        token = await bearer.token();
      } catch (cause) {
        return failed(cause);
      }
      late = () => new SecurIDError('UNAVAILABLE', 'not sent in time', { sent: false });
      if (call.changes) await atTurn?.();
      const left = callers.until() - clock.elapsed();
      // Asking took the rest of the time: whoever waited has left, so nothing may be sent any more.
      if (left <= 0) return { error: late(), again: 'never' };
      late = () => new SecurIDError('UNAVAILABLE', `${call.api}: no answer in time`);
      try {
        const answer = await http({
          api: call.api,
          method: call.method,
          url: base + call.path,
          bearer: token,
          timeout: call.changes ? left : REQUEST_TIMEOUT,
          abandoned: callers.gone,
          ...(call.body && { json: call.body }),
        });
        return { answer: readAnswer(call, answer) };
      } catch (cause) {
        return failed(cause, token);
      }
    }

    function failed(cause: unknown, token?: string): Outcome<never> {
      if (!(cause instanceof SecurIDError)) throw cause;
      const again = whenAgain(cause, call);
      if (again === 'token renewed' && token) bearer.refused(token);
      // Refused is as good as not sent, for whoever leaves before the next try.
      if (again !== 'never') late = again === 'read' ? () => cause : pacing.overdue;
      return { error: cause, again };
    }

    return { answer: pacing.inTurn(send, callers.until, lane), late: () => late() };
  }

  return async (call, options = {}) => {
    const { until = clock.elapsed() + DEFAULT_TIME_LIMIT, took } = options;
    const askedAt = clock.elapsed();
    const key = call.changes
      ? undefined
      : JSON.stringify([call.method, call.path, call.body ?? null]);
    try {
      return await share(key, until, (callers) => start(call, callers, options));
    } finally {
      took?.(clock.elapsed() - askedAt);
    }
  };
}

/** A change is sent again only if it certainly never happened. */
function whenAgain(error: SecurIDError, { changes }: { changes?: boolean }) {
  if (error.code === 'RATE_LIMITED') return 'after pause';
  if (error.code === 'NOT_AUTHORIZED' && error.tokenRefused) return 'token renewed';
  const passing = error.code === 'UNAVAILABLE' && PASSING.has(error.status);
  return passing && (!changes || !error.sent) ? 'read' : 'never';
}
