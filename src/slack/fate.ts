import { webApi } from '@slack/bolt';
import { isPlatformError } from './people.ts';

/** What became of a message that Slack's client says has failed. */
export type Fate =
  /** The bot cannot write there, now or later. */
  | 'not invited'
  /** Slack has not taken it. */
  | 'refused'
  /** It may stand in the channel. */
  | 'unknown';

const NO_PLACE = ['not_in_channel', 'channel_not_found', 'is_archived'];

/**
 * "It's possible some aspect of the operation succeeded before the error was raised."
 * @see https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
const PERHAPS = ['internal_error', 'fatal_error'];

/** Without a connection nothing was sent. */
const NOT_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

/** Only "service unavailable" and what is wrong with the request mean that it was not carried out. */
const isRefusal = (status: number) => status === 503 || (status >= 400 && status < 500);

export function fateOf(error: unknown): Fate {
  if (isPlatformError(error, ...NO_PLACE)) return 'not invited';
  if (isPlatformError(error, ...PERHAPS)) return 'unknown';
  if (error instanceof webApi.WebAPIPlatformError) return 'refused';
  if (error instanceof webApi.WebAPIRateLimitedError) return 'refused';
  if (error instanceof webApi.WebAPIHTTPError && isRefusal(error.statusCode)) return 'refused';
  if (error instanceof webApi.WebAPIRequestError && !wasConnected(error.original)) return 'refused';
  return 'unknown';
}

function wasConnected({ cause }: Error): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return !NOT_CONNECTED.includes(String(code));
}
