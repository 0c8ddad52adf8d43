import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import { readAnswer } from './answer.ts';
import type { ApiCall, CallOptions } from './api-call.ts';
import type { Bearer } from './bearer.ts';
import { SecurIDError } from './errors.ts';
import { type Http, REQUEST_TIMEOUT } from './http.ts';
import type { Outcome } from './pacing.ts';
import type { Callers } from './share.ts';

/** What a read may get over by itself: no answer at all, or a gateway that has none. */
const PASSING = new Set([undefined, 502, 503, 504]);

type Wiring = {
  /** What stands before the path of each call. */
  base: string;
  http: Http;
  bearer: Bearer;
  clock: Clock;
  /** The failure of a caller who leaves before it was sent. */
  overdue(): SecurIDError;
};

/** Sends one call, each time its turn comes, and knows how it stands for a caller who leaves. */
export function createSender<S extends z.ZodType>(
  { base, http, bearer, clock, overdue }: Wiring,
  call: ApiCall<S>,
  callers: Callers,
  atTurn: CallOptions['atTurn'],
) {
  let late = overdue;

  async function send(): Promise<Outcome<z.output<S>>> {
    let token: string;
    try {
      late = () => new SecurIDError('UNAVAILABLE', 'no token in time', { sent: false });
      token = await bearer.token(call.changes && call.permission);
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
      return { answer: readAnswer(call, answer, bearer) };
    } catch (cause) {
      return failed(cause, token);
    }
  }

  function failed(cause: unknown, token?: string): Outcome<never> {
    if (!(cause instanceof SecurIDError)) throw cause;
    const again = whenAgain(cause, call);
    if (again === 'token renewed' && token) bearer.refused(token);
    // Refused is as good as not sent, for whoever leaves before the next try.
    if (again !== 'never') late = again === 'read' ? () => cause : overdue;
    return { error: cause, again };
  }

  return {
    send,
    /** The failure for a caller who leaves now. */
    late: () => late(),
  };
}

/** A change is sent again only if it certainly never happened. */
function whenAgain(error: SecurIDError, { changes }: { changes?: boolean }) {
  if (error.code === 'RATE_LIMITED') return 'after pause';
  if (error.code === 'NOT_AUTHORIZED' && error.tokenRefused) return 'token renewed';
  const passing = error.code === 'UNAVAILABLE' && PASSING.has(error.status);
  return passing && (!changes || !error.sent) ? 'read' : 'never';
}
