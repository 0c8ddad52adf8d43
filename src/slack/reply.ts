import type { Clock } from '../clock.ts';
import type { Block, Message } from './blocks.ts';
import { LIMITS } from './limits.ts';
import { sendPlainer } from './plainer.ts';

/** Slack did not take a message. The message for logs holds neither the URL nor what was sent. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
  /** Slack's error code, where Slack refused it. */
  readonly refusal: string | undefined;

  constructor(message: string, refusal?: string) {
    super(message);
    this.refusal = refusal;
  }
}

export type PostOptions = {
  /** Default: only the person who asked sees it. */
  visibility?: 'ephemeral' | 'in_channel';
  /** Replaces the message whose button was pressed. A slash command's response_url cannot do that. */
  replace?: boolean;
  /** How often it may be sent when Slack fails. Default 3. */
  attempts?: number;
  /** Hears that Slack took plainer blocks than the message's own. */
  onPlainer?: (() => void) | undefined;
  /** How many of the five uses have to be left for what follows. Default 0. */
  spare?: number;
};

/** Posts to one response_url. */
export type Reply = (message: Message, options?: PostOptions) => Promise<void>;

const ATTEMPT_TIMEOUT = 3000;
/** With the 15 s that look-ups may take, an answer or a log line comes within 20 s. */
const ALL_ATTEMPTS = 5000;
const PAUSE = 250;

/**
 * Makes a poster for a response_url, of which some uses may be gone already: it counts the five uses, tries twice more when Slack answers
 * 5xx or the connection fails, and sends the message without its table where Slack refuses that.
 * A post that timed out may have arrived and is not repeated.
 * @throws ReplyError
 * @see https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 */
export function createReplies(fetch: typeof globalThis.fetch, clock: Clock) {
  return (responseUrl: string, used = 0): Reply => {
    let uses = used;

    /** What Slack said of it, unless it took it; `undefined` is worth another try. */
    async function postOnce(body: string, timeout: number): Promise<string | undefined> {
      if (responseUrl === '') throw new ReplyError('there is no response_url to answer to');
      if (uses >= LIMITS.responseUrlUses) throw new ReplyError('response_url is used up');
      uses += 1;
      const abort = new AbortController();
      const stopWaiting = clock.after(timeout, () => abort.abort());
      try {
        const response = await fetch(responseUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body,
          signal: abort.signal,
        });
        const said = await response.text();
        if (response.status >= 500) return undefined;
        // Slack answers some refusals with 200 and `"ok":false`.
        if (response.ok && !/"ok":\s*false/.test(said)) return 'ok';
        return said || String(response.status);
      } catch {
        if (abort.signal.aborted) throw new ReplyError('response_url did not answer in time');
        return undefined;
      } finally {
        stopWaiting();
      }
    }

    async function post(body: string, attempts: number, spare: number): Promise<string> {
      const until = clock.now() + ALL_ATTEMPTS;
      for (let attempt = 1; ; attempt++) {
        const said = await postOnce(body, Math.min(ATTEMPT_TIMEOUT, until - clock.now()));
        if (said !== undefined) return said;
        const pause = PAUSE * attempt;
        const left = LIMITS.responseUrlUses - spare - uses;
        if (attempt >= attempts || left <= 0 || clock.now() + pause >= until) {
          throw new ReplyError(`response_url failed ${attempt} times`);
        }
        await new Promise<void>((resolve) => clock.after(pause, resolve));
      }
    }

    return async (message, options = {}) => {
      const { visibility = 'ephemeral', replace = false, onPlainer } = options;
      const { attempts = 3, spare = 0 } = options;
      const bodyWith = (blocks: Block[]) =>
        JSON.stringify({
          response_type: visibility,
          replace_original: replace,
          text: message.text,
          blocks,
        });
      const { said, asItIs } = await sendPlainer(message, (blocks) =>
        post(bodyWith(blocks), attempts, spare),
      );
      if (said !== 'ok') {
        throw new ReplyError(`response_url refused: ${reason(said)}`, reason(said));
      }
      if (!asItIs) onPlainer?.();
    };
  };
}

/** Slack's error code, if that is what it is. */
const reason = (said: string) => /\b[a-z]+(_[a-z]+)+\b/.exec(said)?.[0] ?? 'no reason given';
