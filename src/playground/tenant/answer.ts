export type Answer = { status: number; headers: Record<string, string>; body: string };

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** Success without a body. Some servers label it JSON anyway. */
export const nothing = (status: 200 | 204): Answer => ({
  status,
  headers: status === 200 ? { 'content-type': 'application/json' } : {},
  body: '',
});

/** What the gateway in front of the API answers. */
export function page(status: number, title: string, headers: Record<string, string> = {}): Answer {
  const heading = `${status} ${title}`;
  return {
    status,
    headers: { 'content-type': 'text/html', ...headers },
    body: `<html><head><title>${heading}</title></head><body><h1>${heading}</h1></body></html>`,
  };
}

const names = {
  400: 'BAD_REQUEST',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  409: 'CONFLICT',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_REQUESTS',
  500: 'INTERNAL_SERVER_ERROR',
} as const;

/** The error family of the lookups. */
export function failure(
  status: keyof typeof names,
  description: string,
  headers?: Record<string, string>,
): Answer {
  return json(status, { code: `${status} ${names[status]}`, description }, headers);
}

/** Every 400 about a body says this, whatever was wrong with it. */
export const wrongBody = failure(400, 'Wrong number of properties in the request body.');

/** The error family of the gateway and of the registration code's refusals. */
export function forbidden(timestamp: number, message: string, path: string): Answer {
  return json(403, { timestamp, status: 403, error: 'Forbidden', message, path });
}
