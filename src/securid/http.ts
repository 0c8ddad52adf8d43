import { createFetch } from 'ofetch';
import type { Clock } from '../clock.ts';
import { causeOf } from '../http/cause.ts';
import { Headers } from '../http/fetch.ts';
import { networkTroubleIn, type ProxyError, proxyErrorIn } from '../http/trouble.ts';
import { UNTRUSTED } from '../http/untrusted.ts';
import type { Method } from './api-call.ts';
import type { Api } from './apis.ts';
import { SecurIDError } from './errors.ts';

type HttpRequest = {
  api: Api;
  method: Method;
  url: string;
  bearer?: string;
  json?: Record<string, unknown>;
  form?: Record<string, string>;
  /** Milliseconds. */
  timeout?: number;
  /** Aborts the request. */
  abandoned?: AbortSignal;
};

/** `retryAfter` in milliseconds. */
export type HttpAnswer = { status: number; body: string; retryAfter: number | undefined };

/** Called for each answer with the milliseconds that it took. No status means no answer. */
export type OnAnswer = (api: Api, status: number | undefined, ms: number) => void;

export type Http = (request: HttpRequest) => Promise<HttpAnswer>;

/** Long enough for a slow tenant, short enough for a second try within a command. */
export const REQUEST_TIMEOUT = 8000;

/** Errors that occur before the first byte is sent, unless they come from a read or a write. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  ...UNTRUSTED,
]);

/**
 * Sends one HTTP request and reads the answer as text, whatever its status.
 * @throws SecurIDError `UNAVAILABLE` without a complete answer,
 *   `UNEXPECTED_RESPONSE` if it is too large
 */
export function createHttp(
  fetch: typeof globalThis.fetch,
  clock: Clock,
  onAnswer: OnAnswer = () => {},
): Http {
  const send = createFetch({ fetch, Headers, defaults: { retry: false } });

  return async (request) => {
    const { api, method, url, bearer, json, form, abandoned, timeout = REQUEST_TIMEOUT } = request;
    const sentAt = clock.elapsed();
    let status: number | undefined;
    const abort = new AbortController();
    const stopWaiting = clock.after(timeout, () => abort.abort());
    const signals = abandoned ? [abort.signal, abandoned] : [abort.signal];
    try {
      const response = await send.raw(url, {
        method,
        headers: {
          accept: 'application/json',
          ...(bearer && { authorization: `Bearer ${bearer}` }),
          ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        ...(json && { body: json }),
        ...(form && { body: new URLSearchParams(form).toString() }),
        responseType: 'text',
        ignoreResponseError: true,
        // `fetch` would follow a redirect with the body and, on the same host, the token.
        redirect: 'manual',
        signal: AbortSignal.any(signals),
      });
      status = response.status;
      return {
        status,
        body: response._data ?? '',
        retryAfter: readRetryAfter(response.headers, clock),
      };
    } catch (error) {
      throw noAnswer(error, method);
    } finally {
      stopWaiting();
      onAnswer(api, status, clock.elapsed() - sentAt);
    }
  };
}

/** ofetch's error holds the request with its token, so only the error code is kept. */
function noAnswer(error: unknown, method: string): SecurIDError {
  const { code, syscall } = causeOf(error);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new SecurIDError('UNEXPECTED_RESPONSE', `${method}: the answer is too large`);
  }
  const network = networkTroubleIn(error);
  const proxyError = proxyErrorIn(error);
  if (proxyError) return throughProxy(proxyError, method);
  return new SecurIDError('UNAVAILABLE', `${method}: no answer (${code ?? 'timeout or reset'})`, {
    sent: !(code && NEVER_SENT.has(code) && syscall !== 'read' && syscall !== 'write'),
    network,
  });
}

/** Behind an open tunnel, a page says nothing about what became of the request. */
function throughProxy({ message, network, sent }: ProxyError, method: string): SecurIDError {
  const { status = 0 } = network;
  const code = sent && status < 500 ? 'UNEXPECTED_RESPONSE' : 'UNAVAILABLE';
  const details = { sent, network, ...(sent && { status }) };
  return new SecurIDError(code, `${method}: ${message}`, details);
}

/**
 * Reads seconds or an HTTP date (RFC 9110, 10.2.3) as milliseconds from now,
 * by the tenant's clock if it sent one.
 */
function readRetryAfter(headers: Headers, clock: Clock): number | undefined {
  const header = headers.get('retry-after')?.trim();
  if (!header) return undefined;
  const isSeconds = /^\d+(\.\d+)?$/.test(header);
  const ms = isSeconds
    ? Number(header) * 1000
    : Date.parse(header) - (Date.parse(headers.get('date') ?? '') || clock.now());
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
}
