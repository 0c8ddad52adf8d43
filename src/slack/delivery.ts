import { webApi } from '@slack/bolt';
import { proxyErrorIn } from '../http/trouble.ts';
import { isPlatformError } from './errors.ts';
import { BLOCKS_REFUSED } from './fallback.ts';

/** A message was given up before it was sent. */
export class NoTurn extends Error {
  override readonly name = 'NoTurn';
}

/** What became of a message that Slack's client says has failed. */
export type Delivery =
  /** The bot may not write there. */
  | 'not invited'
  /** Slack did not accept it. */
  | 'refused'
  /** It may be in the channel. */
  | 'unknown';

const NO_PLACE = ['not_in_channel', 'channel_not_found', 'is_archived'];

/**
 * "It's possible some aspect of the operation succeeded before the error was raised."
 * @see https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
const PERHAPS = ['internal_error', 'fatal_error'];

/** Without a connection nothing was sent. */
const NOT_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

/** Only 503 and 4xx mean that it was not carried out. */
const isRefusal = (status: number) => status === 503 || (status >= 400 && status < 500);

/** What Slack's client throws for a 429 without `Retry-After`; it has no class of its own. */
const WITHOUT_RETRY_AFTER = /^Retry header did not contain a valid timeout/;

/** How long Slack asks to wait, in milliseconds; 0 if it does not say; `undefined` if it was no 429. */
export function retryAfter(error: unknown): number | undefined {
  if (error instanceof webApi.WebAPIRateLimitedError) return error.retryAfter * 1000;
  if (isPlatformError(error, 'ratelimited', 'rate_limited')) return 0;
  return error instanceof Error && WITHOUT_RETRY_AFTER.test(error.message) ? 0 : undefined;
}

/** Whether the same message may succeed later. */
export function mayPass(error: unknown): boolean {
  const delivery = deliveryOf(error);
  return (
    delivery === 'unknown' ||
    (delivery === 'refused' && !(error instanceof webApi.WebAPIPlatformError))
  );
}

/** Slack or our queue is too busy: the message was not sent and may be sent later. */
export const isTooBusy = (error: unknown) =>
  error instanceof NoTurn || retryAfter(error) !== undefined;

const BAD_MESSAGE = [...BLOCKS_REFUSED, 'msg_too_long', 'no_text'];

/** Slack will never accept this message. */
export const isBadMessage = (error: unknown) => isPlatformError(error, ...BAD_MESSAGE);

export function deliveryOf(error: unknown): Delivery {
  if (isPlatformError(error, ...NO_PLACE)) return 'not invited';
  if (isPlatformError(error, ...PERHAPS)) return 'unknown';
  if (error instanceof webApi.WebAPIPlatformError) return 'refused';
  if (error instanceof NoTurn || retryAfter(error) !== undefined) return 'refused';
  if (error instanceof webApi.WebAPIHTTPError && isRefusal(error.statusCode)) return 'refused';
  if (error instanceof webApi.WebAPIRequestError && !wasConnected(error.original)) return 'refused';
  return 'unknown';
}

function wasConnected(error: Error): boolean {
  const proxyError = proxyErrorIn(error);
  if (proxyError) return proxyError.sent && proxyError.network.status !== 503;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return !NOT_CONNECTED.includes(String(code));
}
