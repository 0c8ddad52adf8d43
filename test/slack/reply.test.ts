import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createKeepAliveFetch } from '../../src/http/fetch.ts';
import { sentence, table } from '../../src/slack/blocks.ts';
import { createReplies, ReplyError } from '../../src/slack/reply.ts';
import { eventually } from '../support/help-desk.ts';
import { manualClock } from '../support/manual-clock.ts';
import { passes, waitsFor } from '../support/passing-time.ts';

const URL = 'https://hooks.slack.com/commands/T0ACME/1234567890/secretsecret';
const HELLO = sentence('Hello');
const OK = { status: 200, body: 'ok' };
const DOWN = { status: 503, body: 'down' };
const busyFor = (seconds: number) => ({
  status: 429,
  body: 'rate_limited',
  headers: { 'retry-after': String(seconds) },
});

type Answer =
  | { status: number; body: string; headers?: Record<string, string> }
  | 'reset'
  | 'silence';

/** Slack's answers, in this order; the last one repeats. */
function slack(...answers: Answer[]) {
  const clock = manualClock();
  const posted: Record<string, unknown>[] = [];
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const answer = answers[Math.min(posted.length, answers.length - 1)] ?? OK;
    posted.push(JSON.parse(String(init?.body)));
    if (answer === 'reset') throw new TypeError('fetch failed');
    if (answer !== 'silence') return new Response(answer.body, answer);
    return new Promise((_, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
    });
  };
  return { reply: createReplies({ fetch, clock })(URL), posted, clock };
}

describe('a reply', () => {
  it('is seen only by the asker, and replaces nothing', async () => {
    const { reply, posted } = slack(OK);

    await reply(HELLO);

    expect(posted).toEqual([
      {
        response_type: 'ephemeral',
        replace_original: false,
        text: 'Hello',
        blocks: HELLO.blocks,
      },
    ]);
  });

  it('is seen by the channel, or replaces a message, if asked to', async () => {
    const { reply, posted } = slack(OK);

    await reply(HELLO, { visibility: 'in_channel' });
    await reply(HELLO, { replace: true });

    expect(posted).toMatchObject([{ response_type: 'in_channel' }, { replace_original: true }]);
  });

  it.each([
    ['an error of Slack’s', DOWN],
    ['a connection that breaks', 'reset'],
    ['a page of somebody on the way', { status: 200, body: '\ufeff<!doctype html>Sign in' }],
    ['a page that refuses', { status: 403, body: '<h1>invalid_blocks</h1>' }],
  ] as const)('is sent two more times after %s', async (_, failure) => {
    const { reply, posted, clock } = slack(failure, failure, OK);

    const replied = reply(HELLO);
    await passes(clock, 'a moment');
    await passes(clock, 'a moment');
    await replied;

    expect(posted).toHaveLength(3);
  });

  it('is given up after the third failure', async () => {
    const { reply, posted, clock } = slack(DOWN);

    const replied = expect(reply(HELLO)).rejects.toThrow('response_url failed 3 times');
    await passes(clock, 'a moment');
    await passes(clock, 'a moment');
    await replied;

    expect(posted).toHaveLength(3);
  });

  it('is sent once if asked to', async () => {
    const { reply, posted } = slack(DOWN);

    await expect(reply(HELLO, { attempts: 1 })).rejects.toThrow('response_url failed 1 times');

    expect(posted).toHaveLength(1);
  });

  it('is sent again after a 429, as late as that asks for', async () => {
    const { reply, posted, clock } = slack(busyFor(2), OK);

    const replied = reply(HELLO);
    await eventually(() => clock.nextIn() === 2000);
    clock.advance(2000);
    await replied;

    expect(posted).toHaveLength(2);
  });

  it('is given up at once if Slack asks for more time than there is', async () => {
    const { reply, posted } = slack(busyFor(30), OK);

    await expect(reply(HELLO)).rejects.toThrow('response_url refused: rate_limited');

    expect(posted).toHaveLength(1);
  });

  it('goes only to its response_url', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const apiUrl = `http://127.0.0.1:${port}/api/`;
    const replyTo = createReplies({ fetch: createKeepAliveFetch(), clock: manualClock(), apiUrl });

    const replied = replyTo(`http://127.0.0.1:${port}/commands/1`)(HELLO, { attempts: 1 });

    await expect(replied).rejects.toThrow('response_url failed 1 times');
    server.close().closeAllConnections();
    expect(asked).toEqual(['/commands/1']);
  });

  it('is not sent again if Slack took too long, since it may have arrived', async () => {
    const { reply, posted, clock } = slack('silence');

    const replied = expect(reply(HELLO)).rejects.toThrow('response_url did not answer in time');
    await passes(clock, 'seconds');
    await replied;

    expect(posted).toHaveLength(1);
  });

  it('takes at most five seconds, however often it is sent', async () => {
    const { reply, clock } = slack(DOWN, 'silence');

    const replied = expect(reply(HELLO)).rejects.toThrow();
    await waitsFor(clock, 'a moment');
    const started = clock.now();
    await passes(clock, 'a moment');
    await passes(clock, 'seconds');
    await replied;

    expect(clock.now() - started).toBeLessThanOrEqual(5000);
  });

  it.each([
    { answer: { status: 404, body: 'used_url' }, message: 'response_url refused: used_url' },
    { answer: { status: 404, body: '' }, message: 'response_url refused: no reason given' },
    {
      answer: { status: 200, body: '{"ok": false, "error": "expired_url"}' },
      message: 'response_url refused: expired_url',
    },
  ])('is not sent again if Slack refuses it: $answer', async ({ answer, message }) => {
    const { reply, posted } = slack(answer);

    await expect(reply(HELLO)).rejects.toThrow(message);

    expect(posted).toHaveLength(1);
  });

  it('is sent without its table if Slack accepts none', async () => {
    const { reply, posted } = slack({ status: 400, body: 'invalid_blocks' }, OK);
    const list = { text: 'List', blocks: [table([['A']])], fallback: { blocks: HELLO.blocks } };

    await reply(list);

    expect(posted.map(({ blocks }) => blocks)).toEqual([list.blocks, HELLO.blocks]);
  });

  it('is an error if Slack accepts it neither way', async () => {
    const { reply, posted } = slack({ status: 400, body: 'invalid_blocks' });
    const list = { text: 'List', blocks: [table([['A']])], fallback: { blocks: HELLO.blocks } };

    await expect(reply(list)).rejects.toThrow('response_url refused: invalid_blocks');

    expect(posted).toHaveLength(2);
  });

  it('is sent to one response_url at most five times', async () => {
    const { reply, posted } = slack(OK);
    for (let use = 0; use < 5; use++) await reply(HELLO);

    await expect(reply(HELLO)).rejects.toThrow('response_url is used up');

    expect(posted).toHaveLength(5);
  });

  it('has nowhere to go without a response_url', async () => {
    const nobody: typeof globalThis.fetch = async () => {
      throw new Error('nothing may be sent');
    };

    await expect(createReplies({ fetch: nobody, clock: manualClock() })('')(HELLO)).rejects.toThrow(
      'there is no response_url to answer to',
    );
  });

  it('reveals neither its URL nor its text in an error', async () => {
    const { reply } = slack({ status: 404, body: `no_service at ${URL}` });

    const error = await reply(HELLO).catch((error) => error);

    expect(inspect(error, { showHidden: true, depth: 9 })).not.toMatch(/hooks\.slack|Hello/);
  });
});

describe('a response URL', () => {
  const ours = 'http://127.0.0.1:8080/api/';

  async function postedTo(url: string, apiUrl?: string): Promise<boolean> {
    const asked: string[] = [];
    const fetch: typeof globalThis.fetch = async (where) => {
      asked.push(String(where));
      return new Response('ok');
    };
    const options = { fetch, clock: manualClock(), ...(apiUrl && { apiUrl }) };
    const posted = await createReplies(options)(url)(HELLO).then(
      () => true,
      (error: unknown) => !(error instanceof ReplyError),
    );
    expect(asked).toEqual(posted ? [url] : []);
    return posted;
  }

  it.each([
    ['https://hooks.slack.com/commands/T0/1/2', undefined],
    ['https://slack.com/x', undefined],
    ['https://HOOKS.Slack.COM/x', undefined],
    ['https://hooks.slack-gov.com/actions/T0/1/2', undefined],
    ['https://hooks.slack.com/commands/T0/1/2', ours],
    ['http://127.0.0.1:8080/response/1', ours],
    ['http://127.0.0.1:9999/response/1', ours],
    ['https://slack.corp.example/response/1', 'https://slack.corp.example/api/'],
  ])('is posted to: %s (with the API at %s)', async (url, apiUrl) => {
    expect(await postedTo(url, apiUrl)).toBe(true);
  });

  it.each([
    ['https://evil.example/x', undefined],
    ['https://evilslack.com/x', undefined],
    ['https://slack.com.evil.example/x', undefined],
    ['https://hooks.slack.com@evil.example/x', undefined],
    ['https://evil.example@hooks.slack.com/x', undefined],
    ['https://evil.example/?hooks.slack.com', undefined],
    ['https://evil.example#.slack.com', undefined],
    ['https://hooks.slack.com.:443@evil.example/x', undefined],
    ['https://ѕlack.com/x', undefined],
    ['http://hooks.slack.com/x', undefined],
    ['ftp://hooks.slack.com/x', undefined],
    ['file:///etc/passwd', undefined],
    ['javascript:alert(1)', undefined],
    ['hooks.slack.com/x', undefined],
    ['http://127.0.0.1:8080/response/1', undefined],
    ['http://127.0.0.2:8080/response/1', ours],
    ['https://127.0.0.1:8080/response/1', ours],
    ['http://slack.corp.example/response/1', 'https://slack.corp.example/api/'],
    ['https://hooks.slack.corp.example/response/1', 'https://slack.corp.example/api/'],
  ])('is left alone: %s (with the API at %s)', async (url, apiUrl) => {
    expect(await postedTo(url, apiUrl)).toBe(false);
  });
});
