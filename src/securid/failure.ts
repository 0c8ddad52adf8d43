import { z } from 'zod';
import type { Refusals } from './api-call.ts';
import { SecurIDError, type SecurIDErrorCode } from './errors.ts';
import type { HttpAnswer } from './http.ts';
import type { Permission } from './permissions.ts';

/** RSA answers errors in two families: `{code, description}` and `{timestamp, status, error, message, path}`. */
const ErrorBody = z.object({ description: z.string() }).or(z.object({ message: z.string() }));

/** How the API itself says that nobody is there, `404 NOT_FOUND`; a gateway that does not know the path has another form. */
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

/** Whether a token carries permissions, of which the call's may be missing. */
export type Access = { hasPermissions: boolean };

/** Reads an answer that is no success. The vendor's text decides, and goes no further. */
export function failure(
  { api, refusals = [], permission }: FailedCall,
  answer: HttpAnswer,
  { hasPermissions }: Access,
): SecurIDError {
  const { status, body, retryAfter } = answer;
  const text = vendorText(body);
  const strange = status === 404 && !isNobody(body);
  const refusal = refusals.find(([when, words]) => when === status && words.test(text ?? ''));
  if (refusal && !strange) {
    const [, , reason] = refusal;
    return new SecurIDError('REFUSED', `${api}: ${reason}`, { status, reason });
  }

  const words = strange ? `${status}, not in SecurID's own form` : status;
  // RSA's own text for a bad bearer token; 401 is in none of its documents but in its clients.
  const tokenRefused = status === 401 || (status === 403 && /access token/i.test(text ?? ''));
  const mayLack = hasPermissions && status === 403 && !tokenRefused;
  return new SecurIDError(strange ? 'UNEXPECTED_RESPONSE' : code(status), `${api}: ${words}`, {
    status,
    retryAfter,
    tokenRefused,
    permission: mayLack ? permission : undefined,
  });
}

const code = (status: number): SecurIDErrorCode =>
  status >= 500 ? 'UNAVAILABLE' : (CODES[status] ?? 'UNEXPECTED_RESPONSE');

/** It says that this person or token is unknown, and not that this address is. */
const isNobody = (body: string) => NotFound.safeParse(parseJson(body)).success;

function vendorText(body: string): string | undefined {
  const { data } = ErrorBody.safeParse(parseJson(body));
  return data && ('description' in data ? data.description : data.message);
}

/** Undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
