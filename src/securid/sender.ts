import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import { readAnswer } from './answer.ts';
import type { ApiCall, CallOptions } from './api-call.ts';
import type { Bearer } from './bearer.ts';
import { SecurIDError } from './errors.ts';
import { type Http, REQUEST_TIMEOUT } from './http.ts';
import type { Outcome } from './pacing.ts';
import { isShared } from './permissions.ts';
import type { Callers } from './share.ts';

/** Failures after which a read is retried: no answer at all, or a gateway error. */
const PASSING = new Set([undefined, 502, 503, 504]);

type Wiring = {
  /** The URL before the path of each call. */
  base: string;
  http: Http;
  bearer: Bearer;
  clock: Clock;
  /** The error for a caller who leaves before the request was sent. */
  overdue(): SecurIDError;
};

/**
 * Sends a call whenever its turn comes, and knows which error a caller who leaves now should get.
 */
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
      token = await bearer.token(isOwn(call) ? call.permission : undefined);
    } catch (cause) {
      return failed(cause);
    }
    late = () => new SecurIDError('UNAVAILABLE', 'not sent in time', { sent: false });
    if (call.changes) await atTurn?.();
    const left = callers.until() - clock.elapsed();
    // Getting a token took the rest of the time: the callers have left, so nothing may be sent.
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
    if (cause.tokenRefused && token) bearer.refused(token);
    // A refused request counts as not sent for callers who leave before the next try.
    if (again !== 'never') late = again === 'read' ? () => cause : overdue;
    return { error: cause, again };
  }

  return {
    send,
    /** The error for a caller who leaves now. */
    late: () => late(),
  };
}

/** A change has a token of its own, and so has a look-up that many clients may not make. */
const isOwn = ({ changes, permission }: Pick<ApiCall<z.ZodType>, 'changes' | 'permission'>) =>
  changes || !isShared(permission);

/** A change is retried only if it certainly did not happen. */
function whenAgain(error: SecurIDError, { changes }: { changes?: boolean }) {
  if (error.code === 'RATE_LIMITED') return 'after pause';
  const isRefused = error.code === 'NOT_AUTHORIZED' || !changes;
  if (error.tokenRefused && isRefused) return 'token renewed';
  const passing = error.code === 'UNAVAILABLE' && PASSING.has(error.status) && !lasts(error);
  return passing && (!changes || !error.sent) ? 'read' : 'never';
}

/** A proxy that is asked three times with a wrong password may lock the account. */
const lasts = ({ network }: SecurIDError) =>
  network !== undefined && ['password', 'wrong password', 'sign-in'].includes(network.kind);
