import type { Clock } from '../clock.ts';
import { proxyErrorIn } from '../http/trouble.ts';
import type { Block, Message } from './blocks.ts';
import type { SlackOutcome } from './calls.ts';
import { sendWithFallback } from './fallback.ts';
import { LIMITS } from './limits.ts';

type ReplyFailure = { refusal?: string; mayCome?: boolean; usedUp?: boolean; cause?: unknown };

/** Slack did not accept a message. The error names neither the URL nor the content. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
  /** Slack's error code, if Slack refused it. */
  readonly refusal: string | undefined;
  /** Slack had not answered yet and may still show it. */
  readonly mayCome: boolean;
  /** The response_url is used up. */
  readonly usedUp: boolean;

  constructor(message: string, failure: ReplyFailure = {}) {
    super(message, { cause: failure.cause });
    this.refusal = failure.refusal;
    this.mayCome = failure.mayCome ?? false;
    this.usedUp = failure.usedUp ?? false;
  }
}

export type PostOptions = {
  /** Default: only the person who asked sees it. */
  visibility?: 'ephemeral' | 'in_channel';
  /** Replaces the message whose button was pressed. A slash command's response_url cannot do that. */
  replace?: boolean;
  /** Attempts when Slack fails. Default 3. */
  attempts?: number;
  /** It may arrive twice, so it is sent again after a timeout. */
  repeatable?: boolean;
  /** Called if Slack took the fallback blocks instead. */
  onFallback?: (() => void) | undefined;
  /** How many of the five uses to leave for later. Default 0. */
  spare?: number;
};

/** Posts to one response_url. */
export type Reply = (message: Message, options?: PostOptions) => Promise<void>;

const ATTEMPT_TIMEOUT = 3000;
/** With the 15 s for look-ups, there is an answer or a log line within 20 s. */
const ALL_ATTEMPTS = 5000;
const PAUSE = 250;

/** What Slack said, and whether another try may help. */
type Said = {
  outcome: SlackOutcome;
  words: string;
  again?: { after: number | undefined };
  cause?: unknown;
};

type Options = {
  fetch: typeof globalThis.fetch;
  clock: Clock;
  /** The Web API's host, where response URLs may be too. Default: only Slack's own hosts. */
  apiUrl?: string;
  /** Called with the outcome of each post. */
  onAnswer?: (outcome: SlackOutcome) => void;
};

/**
 * Posts to a response_url. Counts its five uses, of which some may be gone; tries twice more on 429, 5xx and
 * connection failures; sends the fallback if Slack refuses the blocks. Never posts to a URL that is not Slack's.
 * A post that timed out may have arrived, so it is repeated only if that does no harm.
 * @throws ReplyError
 * @see https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 */
export function createReplies(options: Options) {
  const { clock } = options;
  return (responseUrl: string, used = 0): Reply => {
    const url = createResponseUrl(options, responseUrl, used);

    /** What Slack said last. */
    async function post(body: string, options: PostOptions): Promise<string> {
      const { attempts = 3, spare = 0, repeatable = false } = options;
      const until = clock.elapsed() + ALL_ATTEMPTS;
      for (let attempt = 1; ; attempt++) {
        const timeout = Math.min(ATTEMPT_TIMEOUT, until - clock.elapsed());
        const { outcome, words, again, cause } = await url.post(body, timeout, repeatable);
        if (!again) return words;
        const pause = again.after ?? PAUSE * attempt;
        const isOver = clock.elapsed() + pause >= until || url.usesLeft() <= spare;
        if (attempt >= attempts || isOver) {
          if (outcome === 'refused') return words;
          const usedUp = url.isUsedUp();
          throw new ReplyError(`response_url failed ${attempt} times`, { usedUp, cause });
        }
        await new Promise<void>((resolve) => clock.after(pause, resolve));
      }
    }

    return async (message, options = {}) => {
      const { visibility = 'ephemeral', replace = false, onFallback } = options;
      const bodyWith = (blocks: Block[]) =>
        JSON.stringify({
          response_type: visibility,
          replace_original: replace,
          text: message.text,
          blocks,
        });
      const { said, asItIs } = await sendWithFallback(message, (blocks) =>
        post(bodyWith(blocks), options),
      );
      if (said !== 'ok') {
        const failure = { refusal: reason(said), usedUp: url.isUsedUp() };
        throw new ReplyError(`response_url refused: ${failure.refusal}`, failure);
      }
      if (!asItIs) onFallback?.();
    };
  };
}

/** A response_url, and how many of its uses are left. */
function createResponseUrl(options: Options, responseUrl: string, used: number) {
  const { fetch, clock, apiUrl, onAnswer = () => {} } = options;
  const isSlacks = belongsToSlack(responseUrl, apiUrl);
  let uses = used;
  const isUsedUp = () => uses >= LIMITS.responseUrlUses;

  return {
    isUsedUp,
    usesLeft: () => LIMITS.responseUrlUses - uses,
    /** Posts once. */
    async post(body: string, timeout: number, repeatable: boolean): Promise<Said> {
      if (responseUrl === '') throw new ReplyError('there is no response_url to answer to');
      if (!isSlacks) throw new ReplyError('the response_url is not at Slack');
      if (isUsedUp()) throw new ReplyError('response_url is used up', { usedUp: true });
      uses += 1;
      const abort = new AbortController();
      const stopWaiting = clock.after(timeout, () => abort.abort());
      let said: Said = { outcome: 'failed', words: '', again: { after: undefined } };
      try {
        const response = await fetch(responseUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body,
          // A redirect would carry the message, and a code in it, to another host.
          redirect: 'error',
          signal: abort.signal,
        });
        said = read(response, await response.text());
      } catch (cause) {
        said = { ...said, cause };
        // No tunnel: the URL was not used.
        if (proxyErrorIn(cause)?.sent === false) uses -= 1;
        if (abort.signal.aborted && !repeatable) {
          const failure = { mayCome: true, usedUp: isUsedUp() };
          throw new ReplyError('response_url did not answer in time', failure);
        }
      } finally {
        stopWaiting();
        onAnswer(said.outcome);
      }
      return said;
    },
  };
}

/** Slack, and Slack for governments. */
const HOSTS = /(^|\.)(slack|slack-gov)\.com$/;

/**
 * Whether a code may be sent there. The URL came from Slack or from a sealed value, but must still point to
 * Slack or to the host configured in its place.
 */
function belongsToSlack(responseUrl: string, apiUrl: string | undefined): boolean {
  if (!URL.canParse(responseUrl)) return false;
  const { protocol, hostname, username, password } = new URL(responseUrl);
  if (username || password) return false;
  if (protocol === 'https:' && HOSTS.test(hostname)) return true;
  const configured = apiUrl === undefined ? undefined : new URL(apiUrl);
  return hostname === configured?.hostname && protocol === configured.protocol;
}

function read({ status, ok, headers }: Response, words: string): Said {
  // Slack sends no page, unless it does not know the URL: somebody on the way did.
  const isSlacks = status < 500 && (status === 404 || status === 429 || !/^\W*</.test(words));
  if (!isSlacks) return { outcome: 'failed', words, again: { after: undefined } };
  if (status === 429) {
    const after = Number(headers.get('retry-after')) * 1000 || undefined;
    return { outcome: 'refused', words: words || 'rate_limited', again: { after } };
  }
  // Slack answers some refusals with 200 and `"ok":false`.
  if (ok && !/"ok":\s*false/.test(words)) return { outcome: 'ok', words: 'ok' };
  return { outcome: 'refused', words: words || String(status) };
}

/** Slack's error code, if the text is one. */
const reason = (said: string) => /\b[a-z]+(_[a-z]+)+\b/.exec(said)?.[0] ?? 'no reason given';
