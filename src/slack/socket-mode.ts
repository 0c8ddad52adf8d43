import { type App, type Receiver, webApi } from '@slack/bolt';
import type { Clock } from '../clock.ts';
import type { Tunnel } from '../http/proxy-settings.ts';
import { networkDetails } from '../http/trouble.ts';
import type { Log } from '../log.ts';
import { see, seeFor } from '../troubleshooting.ts';
import { retryAfter } from './delivery.ts';
import { boltLogger } from './logger.ts';
import { NoSocket, openSocket, type Socket } from './socket.ts';

/** Slack has refused `SLACK_APP_TOKEN` for longer than replacing a token takes. */
export class AppTokenRefused extends Error {
  override readonly name = 'AppTokenRefused';
}

/** What is wrong, and where the remedy stands. */
export type Wrong = { says: string; see: string };

export type SocketMode = Receiver & { isConnected(): boolean | Wrong };

type Options = {
  appToken: string;
  apiUrl: string;
  fetch: typeof globalThis.fetch;
  openTunnel?: (() => Tunnel) | undefined;
  clock: Clock;
  log: Log;
  /** Stopped trying. */
  onGivenUp: (why: AppTokenRefused) => void;
};

const FIRST_PAUSE = 1000;
const LAST_PAUSE = 30_000;

/** The longest `Retry-After` that is honored. */
const LONGEST_QUIET = 5 * 60_000;

/** A socket that ends sooner counts as failed, so that Slack is not asked again without a pause. */
const STEADY = 10_000;

/** A token that is being replaced is refused for a while. */
const REPLACED_WITHIN = 5 * 60_000;

/** Slack's errors about a token, which retrying does not change: https://docs.slack.dev/reference/methods/apps.connections.open */
const REFUSALS = [
  'access_denied',
  'account_inactive',
  'invalid_auth',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'org_login_required',
  'team_disabled',
  'token_expired',
  'token_revoked',
  'user_removed_from_team',
];

/** Keeps a socket to Slack open, for as long as it takes. */
export function createSocketMode(options: Options): SocketMode {
  const { clock, log, onGivenUp } = options;
  const logger = boltLogger(log);
  const first = createPromise();
  let socket: Socket | undefined;
  let isOver = false;
  let hasStarted = false;
  let failure: unknown;
  const { pause, endPause } = createPause(clock);

  function end(why: Error): void {
    isOver = true;
    endPause();
    socket?.close();
    first.reject(why);
  }

  const refusals = countRefusals(clock, (code) => {
    const why = new AppTokenRefused(`Slack has refused SLACK_APP_TOKEN for five minutes: ${code}`);
    end(why);
    if (hasStarted) onGivenUp(why);
  });

  /** @returns whether it stayed for a while */
  async function live(app: App): Promise<boolean> {
    socket = openSocket({ ...options, app, logger });
    await socket.opened;
    refusals.forget();
    failure = undefined;
    hasStarted = true;
    first.resolve();
    const since = clock.elapsed();
    await socket.ended;
    return clock.elapsed() - since >= STEADY;
  }

  async function keepOpen(app: App): Promise<void> {
    let failures = 0;
    let shortLived = 0;
    while (!isOver) {
      try {
        shortLived = (await live(app)) ? 0 : shortLived + 1;
        if (failures > 0) log.info({ failures }, 'Slack gave a socket again');
        failures = 0;
        if (!isOver && shortLived > 1) await pause(pauseAfter(shortLived - 1));
      } catch (error) {
        if (isOver) return;
        failures += 1;
        failure = error;
        const ms = Math.max(pauseAfter(failures), Math.min(retryAfter(error) ?? 0, LONGEST_QUIET));
        log.error(
          { ...reasonOf(error), failures, pause: ms },
          'Slack gave no socket; trying again',
        );
        refusals.heard(error);
        if (!isOver) await pause(ms);
      }
    }
  }

  let app: App | undefined;
  return {
    init(given) {
      app = given;
    },
    async start() {
      if (app) void keepOpen(app);
      await first.promise;
      return {};
    },
    async stop() {
      end(new Error('stopped'));
    },
    isConnected: () => socket?.isOpen() || wrongBy(failure),
  };
}

function createPromise() {
  let resolve = () => {};
  let reject = (_why: Error) => {};
  const promise = new Promise<void>((...how) => {
    [resolve, reject] = how;
  });
  // The caller of `start` gets the error.
  promise.catch(() => {});
  return { promise, resolve, reject };
}

function createPause(clock: Clock) {
  let end = () => {};
  return {
    pause: (ms: number) =>
      new Promise<void>((resolve) => {
        const stopTimer = clock.after(ms, resolve);
        end = () => {
          stopTimer();
          resolve();
        };
      }),
    endPause: () => end(),
  };
}

const pauseAfter = (failures: number) =>
  Math.min(FIRST_PAUSE * 2 ** Math.min(failures - 1, 10), LAST_PAUSE);

/**
 * Calls `onTooMany` once the token has been refused for five minutes in all. A failure that says nothing about
 * the token does not count.
 */
function countRefusals(clock: Clock, onTooMany: (code: string) => void) {
  let total = 0;
  let lastAt: number | undefined;

  return {
    heard(error: unknown): void {
      const code = refusalIn(error);
      if (code === undefined || !REFUSALS.includes(code)) {
        lastAt = undefined;
        return;
      }
      const now = clock.elapsed();
      total += now - (lastAt ?? now);
      lastAt = now;
      if (total >= REPLACED_WITHIN) onTooMany(code);
    },
    forget(): void {
      total = 0;
      lastAt = undefined;
    },
  };
}

const refusalIn = (error: unknown) =>
  error instanceof webApi.WebAPIPlatformError ? error.data.error : undefined;

/** Words for `/readyz`, if it is known why there is no socket. */
function wrongBy(failure: unknown): false | Wrong {
  if (failure === undefined) return false;
  const { network } = networkDetails(failure);
  return { says: network ?? refusalWords(refusalIn(failure)), see: placeOf(failure) };
}

const refusalWords = (code: string | undefined): string =>
  code !== undefined && REFUSALS.includes(code)
    ? `Slack does not accept SLACK_APP_TOKEN (${code})`
    : 'Slack gives no socket';

/** Where the remedy stands. It is the app token that Slack refuses, not the bot's. */
const placeOf = (error: unknown): string =>
  refusalIn(error) ? see('slack-gives-no-socket') : seeFor(error, 'slack-gives-no-socket');

/** For the log, with the place of the remedy. */
const reasonOf = (error: unknown) => ({
  see: placeOf(error),
  ...answerOf(error),
  ...networkDetails(error),
});

/** An answer's status, what Slack said, or why there was no answer. */
function answerOf(error: unknown): Record<string, unknown> {
  const refusal = refusalIn(error);
  if (refusal !== undefined) return { refusal };
  if (error instanceof webApi.WebAPIHTTPError) return { status: error.statusCode };
  if (retryAfter(error) !== undefined) return { status: 429 };
  if (error instanceof NoSocket) {
    return { status: error.status, reason: error.message, cause: codeOf(error.cause) };
  }
  if (error instanceof webApi.WebAPIRequestError) return { cause: codeOf(error.original) };
  return { err: error };
}

/** The cause below fetch's own error says what happened. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const beneath = codeOf(error.cause);
  // A DOMException has a number.
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return beneath ?? code ?? error.message;
}
