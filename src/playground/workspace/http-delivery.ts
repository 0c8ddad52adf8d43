import { createHmac } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Acknowledgement, AppSettings, Deliver, RawRequest } from './types.ts';

const FORM = 'application/x-www-form-urlencoded';

type Options = {
  clock: Clock;
  signingSecret: string | undefined;
  patience: number;
  bodies: string[];
  fetch: typeof globalThis.fetch;
  settings: AppSettings;
};

/** Signed requests: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function createHttpDelivery(options: Options) {
  const { clock, signingSecret, patience, bodies, fetch, settings } = options;
  let eventsUrl: string | undefined;
  let last: RawRequest | undefined;

  function sign(body: string, { timestamp, signature = 'valid' }: RawRequest) {
    // Bolt compares with the machine's time, not with the workspace's clock.
    const at = String(timestamp ?? Math.floor(Date.now() / 1000));
    const unsigned = { 'x-slack-request-timestamp': at };
    if (signature === 'none') return unsigned;
    const secret = signature === 'forged' ? `not ${signingSecret}` : `${signingSecret}`;
    const digest = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
    return { ...unsigned, 'x-slack-signature': `v0=${digest}` };
  }

  const urlOf = (type: Parameters<Deliver>[0]) =>
    ({
      slash_commands: settings.slashCommand.url,
      interactive: settings.interactivity.url,
      events_api: undefined,
    })[type] ?? eventsUrl;

  async function send(
    request: RawRequest,
    url = eventsUrl,
  ): Promise<{ status: number; body: string }> {
    if (!url) throw new Error('Nowhere to send to: call deliverTo() first');
    const body = bodyOf(request);
    const headers = request.headers ?? {
      'content-type':
        request.contentType ?? (request.json === undefined ? FORM : 'application/json'),
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      ...sign(body, request),
    };
    last = { body, headers };
    const waiting = new AbortController();
    const late = new DOMException('not acknowledged in time', 'TimeoutError');
    const stopTimer = clock.after(patience, () => waiting.abort(late));
    try {
      const { signal } = waiting;
      const response = await fetch(url, { method: 'POST', headers, body, signal });
      return { status: response.status, body: await response.text() };
    } finally {
      stopTimer();
    }
  }

  const deliver: Deliver = async (type, payload): Promise<Acknowledgement> => {
    const started = performance.now();
    const ms = () => Math.round(performance.now() - started);
    try {
      const { status, body } = await send(wrapped(type, payload), urlOf(type));
      if (body) bodies.push(body);
      const ok = status >= 200 && status < 300;
      return { ok, status, body, ms: ms(), ...(!ok && { error: 'dispatch_failed' }) };
    } catch (failure) {
      if (!(failure instanceof Error) || !eventsUrl) throw failure;
      const error = failure.name === 'TimeoutError' ? 'operation_timeout' : 'dispatch_failed';
      return { ok: false, status: 0, body: '', ms: ms(), error };
    }
  };

  return {
    send,
    deliver,
    to(url: string): void {
      if (!signingSecret) throw new Error('HTTP mode needs a signingSecret');
      eventsUrl = url;
    },
    inUse: () => eventsUrl !== undefined,
    lastRequest: () => last && structuredClone(last),
  };
}

/** A string, not URLSearchParams: with those, fetch adds a charset, which Slack does not send. */
function bodyOf({ body, json, form = {} }: RawRequest): string {
  if (body !== undefined) return body;
  return json === undefined ? new URLSearchParams(form).toString() : JSON.stringify(json);
}

function wrapped(type: Parameters<Deliver>[0], payload: Record<string, unknown>): RawRequest {
  if (type === 'events_api') return { json: payload };
  if (type === 'interactive') return { form: { payload: JSON.stringify(payload) } };
  return { form: payload as Record<string, string> };
}
