import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, failure, page } from './answer.ts';
import { type BearerCheck, bearerToken } from './bearer.ts';
import { type Body, isJson, parseForm, parseJson, readBody } from './body.ts';
import type { EndpointCall } from './endpoint.ts';
import { type createFaults, deliver } from './faults.ts';
import type { createHolds } from './holds.ts';
import type { createRateLimiter } from './rate-limit.ts';
import { type Destination, findRoute } from './routes.ts';
import type { createTokenEndpoint } from './token-endpoint.ts';
import type { createTraffic, TenantRequest } from './traffic.ts';
import { notRouted, type Traits } from './traits.ts';

type Parts = Pick<
  EndpointCall,
  'clock' | 'records' | 'traits' | 'issuedCodes' | 'emergencyCodes'
> & {
  bearer: BearerCheck;
  faults: ReturnType<typeof createFaults>;
  holds: ReturnType<typeof createHolds>;
  rateLimiter: ReturnType<typeof createRateLimiter>;
  tokenEndpoint: ReturnType<typeof createTokenEndpoint>;
  traffic: ReturnType<typeof createTraffic>;
  assertions: Set<string>;
};

export function createListener(parts: Parts) {
  const { clock, traits, bearer, faults, holds, traffic, assertions } = parts;

  return async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAt = clock.now();
    const body = await readBody(incoming);
    const { method = '', url = '' } = incoming;
    const [path = '', query = ''] = url.split(/\?(.*)/s);
    const destination = findRoute(method, path);
    const { route } = destination;
    const { authorization, ...headers } = incoming.headers;
    const token = bearerToken(authorization);
    const form = parseForm(body);

    if (token) bearer.note(token);
    const assertion = form?.get('client_assertion');
    if (assertion) assertions.add(assertion);
    const parsed = form ? Object.fromEntries(form) : parseJson(body);
    const request: TenantRequest = { method, path: url, route, body: parsed, headers, startedAt };
    traffic.add(request);

    const fault = faults.take(route);
    await holds.pass(route);
    await faults.slowness(clock);
    const gzip = isCompressed(traits, headers['accept-encoding']);
    await deliver(
      { clock, response, gzip },
      fault,
      () =>
        answer(parts, {
          destination,
          path,
          query,
          token,
          body,
          contentLength: headers['content-length'],
        }).catch(() => failure(500, 'An internal error occurred.')),
      (sent) => traffic.end(request, { endedAt: clock.now(), ...(sent && said(sent)) }),
    );
  };
}

/** https://www.rfc-editor.org/rfc/rfc9110#name-accept-encoding */
const isCompressed = ({ gzip }: Traits, accepted: unknown = '') =>
  gzip === 'always' ||
  (gzip === 'if accepted' && /(^|[\s,])gzip(?!\s*;\s*q=0)/.test(String(accepted)));

const said = ({ status, body }: Answer) => ({
  status,
  answer: parseJson({ text: body }) ?? body,
});

type Arrival = {
  destination: Destination;
  path: string;
  query: string;
  token: string | undefined;
  body: Body;
  contentLength: string | undefined;
};

async function answer(parts: Parts, arrival: Arrival): Promise<Answer> {
  const {
    clock,
    records,
    traits,
    issuedCodes,
    emergencyCodes,
    bearer,
    rateLimiter,
    tokenEndpoint,
  } = parts;
  const { destination, path, query, token, body, contentLength } = arrival;
  if (body.tooLarge) return page(413, 'Request Entity Too Large');
  if (destination.to === 'nowhere' || traits.unrouted.includes(destination.route)) {
    return notRouted(traits, path, clock.now());
  }
  if (destination.to === 'wrong method') {
    return page(405, 'Method Not Allowed', { allow: destination.allow });
  }
  if (destination.to === 'token endpoint') return tokenEndpoint(parseForm(body));

  const { endpoint, id, itemId } = destination;
  const refusal = rateLimiter.refusal() ?? (await bearer.refusal(token, endpoint.permission, path));
  if (refusal) return refusal;
  if (body.text !== '' && endpoint.method !== 'GET' && !isJson(body)) {
    return failure(415, 'Content type is not application/json.');
  }
  return endpoint.answer({
    clock,
    records,
    traits,
    issuedCodes,
    emergencyCodes,
    id,
    itemId,
    query: new URLSearchParams(query),
    body: parseJson(body),
    contentLength,
    asked: path,
  });
}
