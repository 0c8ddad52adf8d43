import { z } from 'zod';
import type { Refusals } from './api-call.ts';
import { SecurIDError, type SecurIDErrorCode } from './errors.ts';
import type { HttpAnswer } from './http.ts';
import type { Permission } from './permissions.ts';

/**
 * RSA's errors come in two forms: `{code, description}` and
 * `{timestamp, status, error, message, path}`, where `message` may be missing.
 */
const ErrorBody = z
  .object({ description: z.string() })
  .or(z.object({ message: z.string() }))
  .or(z.object({ status: z.number(), error: z.string() }));

/**
 * The API's own "not found", `404 NOT_FOUND`. A gateway that does not
 * know the path answers in another form.
 */
const NotFound = z.object({
  code: z.string().regex(/^\s*404\s+[a-z]/i),
  description: z.string(),
});

const CODES: Record<number, SecurIDErrorCode> = {
  400: 'INVALID_REQUEST',
  401: 'NOT_AUTHORIZED',
  403: 'NOT_AUTHORIZED',
  404: 'NOT_FOUND',
  408: 'UNAVAILABLE',
  409: 'CONFLICT',
  415: 'INVALID_REQUEST',
  429: 'RATE_LIMITED',
};

type FailedCall = { api: string; refusals?: Refusals; permission: Permission };

/** What a gateway answers that does not know the path, or the method. */
const NO_PATH = new Set([404, 405]);

/** Whether tokens carry permissions, so that one may be missing. */
export type Access = { hasPermissions: boolean };

/**
 * Turns an unsuccessful answer into an error. RSA's text is used to classify it and then dropped.
 */
export function failure(
  { api, refusals = [], permission }: FailedCall,
  answer: HttpAnswer,
  { hasPermissions }: Access,
): SecurIDError {
  const { status, body, retryAfter } = answer;
  const text = vendorText(body);
  const strange = !isOwn(answer);
  const noPath = strange && NO_PATH.has(status) && 'no such path';
  const what = strange ? noPath : status;
  const refusal = refusals.find(([when, words]) => when === what && words.test(text ?? ''));
  if (refusal) {
    const [, , reason] = refusal;
    return new SecurIDError('REFUSED', `${api}: ${reason}`, { status, reason });
  }

  const words = strange ? `${status}, not in SecurID's own form` : status;
  // RSA's own text for a bad bearer token. 401 is in none of its
  // documents, but its clients handle it.
  const tokenRefused = status === 401 || (status === 403 && /access token/i.test(text ?? ''));
  const lacking = status === 403 && !tokenRefused && !strange ? permission : undefined;
  return new SecurIDError(strange ? 'UNEXPECTED_RESPONSE' : code(status), `${api}: ${words}`, {
    status,
    retryAfter,
    tokenRefused,
    ...(hasPermissions ? { permission: lacking } : { toCover: lacking }),
  });
}

const code = (status: number): SecurIDErrorCode =>
  status >= 500 ? 'UNAVAILABLE' : (CODES[status] ?? 'UNEXPECTED_RESPONSE');

/**
 * Whether it is SecurID that refuses, rather than a firewall or a gateway in its place. Whoever
 * refuses for being busy has not carried it out; a request that took too long is not refused.
 */
export function isOwn({ status, body }: HttpAnswer): boolean {
  if (status < 400 || status >= 500 || status === 408 || status === 429) return true;
  const json = parseJson(body);
  // Whether the user or token is unknown, rather than the path.
  if (status === 404) return NotFound.safeParse(json).success;
  return body.trim() === '' || ErrorBody.safeParse(json).success;
}

function vendorText(body: string): string | undefined {
  const { data } = ErrorBody.safeParse(parseJson(body));
  if (!data) return undefined;
  return 'description' in data ? data.description : 'message' in data ? data.message : undefined;
}

/** Undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
