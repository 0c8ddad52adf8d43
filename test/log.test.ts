import { webApi } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { createLog } from '../src/log.ts';
import { boltLogger } from '../src/slack/logger.ts';

function openLog(level = 'info') {
  const lines: string[] = [];
  const log = createLog(level, { write: (line: string) => void lines.push(line) });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') };
}

const PEM = `-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq\n-----END RSA PRIVATE KEY-----`;

describe('the log', () => {
  it('is one line of JSON per event', () => {
    const { log, lines, last } = openLog();

    log.info({ incident: '7K2M-Q9XD' }, 'answered');

    expect(lines).toHaveLength(1);
    expect(last()).toEqual({
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      incident: '7K2M-Q9XD',
      msg: 'answered',
    });
  });

  it.each([
    ['a bot token', 'xoxb-1111-2222-abcDEF'],
    ['a configuration token', 'xoxe.xoxp-1-Mi0yLTEx'],
    ['an app-level token', 'xapp-1-A0-333-abcdef'],
    ['a JWT', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI1ZDFjIn0.c2lnbmF0dXJl-_'],
    ['a sealed value', 'eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn'],
    ['a private key', PEM],
    ['a private key on one line', PEM.replaceAll('\n', '')],
    ['a private key with its line breaks written out', PEM.replaceAll('\n', '\\n')],
    ['half a private key', PEM.slice(0, 45)],
    ['the address of a command', 'https://hooks.slack.com/commands/T0ACME/123456/abcDEF'],
    ['the address of a button', 'https://hooks.slack.com/actions/T0ACME/123456/abcDEF'],
    ['the address of a GovSlack workflow', 'https://hooks.slack-gov.com/app/T0ACME/12/abcDEF'],
  ])('never shows %s, wherever it is', (_, secret) => {
    const { log, lines } = openLog();
    const tail = secret.slice(-6);

    log.info({ value: secret, deep: { list: [secret] } }, `before ${secret} after`);
    log.error({ err: new Error(`before ${secret} after`) }, 'failed');

    expect(lines.join('')).not.toContain(tail);
    expect(lines.join('')).toContain('[redacted]');
    for (const line of lines) expect(line).toMatch(/\}\n$/);
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  });

  it('shows where in the program an error came from, wherever the program is installed', () => {
    const { log, last } = openLog();
    const error = new Error('failed');
    error.stack = 'Error: failed\n    at answer (file:///srv/app/dist/operations/call.js:52:9)';

    log.error({ err: error }, 'failed');

    expect(last().err.stack).toBe(error.stack);
  });

  it('leaves out what is attached to an error', () => {
    const { log, last } = openLog();
    const error = Object.assign(new Error('failed', { cause: { body: 'the cause' } }), {
      code: 'UNAVAILABLE',
      request: { headers: { authorization: 'Bearer secret' } },
      data: { deviceRegistrationCode: '123456789' },
    });

    log.error({ err: error }, 'failed');

    expect(last().err).toEqual({
      type: 'Error',
      message: 'failed',
      code: 'UNAVAILABLE',
      stack: expect.stringContaining('Error: failed'),
    });
  });

  it.each(['ENOTFOUND', 'CERT_HAS_EXPIRED', 'UND_ERR_CONNECT_TIMEOUT'])(
    'tells why Slack could not be reached: %s',
    (code) => {
      const { log, last } = openLog();
      const reason = Object.assign(new Error(`reason at 10.0.0.1 for xoxb-1-secret`), { code });
      const failed = new TypeError('fetch failed', { cause: reason });

      log.error({ err: new webApi.WebAPIRequestError(failed) }, 'failed');

      expect(last().err).toMatchObject({
        message: 'A request error occurred: fetch failed',
        cause: code,
      });
      expect(JSON.stringify(last())).not.toMatch(/10\.0\.0\.1|secret/);
    },
  );

  it('shows the first reason of several addresses, and a timeout', () => {
    const { log, last } = openLog();
    const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const late = new DOMException('The operation was aborted due to timeout', 'TimeoutError');

    log.error({ err: new Error('a', { cause: new AggregateError([refused]) }) }, 'failed');
    expect(last().err.cause).toBe('ECONNREFUSED');
    log.error({ err: new Error('b', { cause: late }) }, 'failed');
    expect(last().err.cause).toBe('TIMEOUT');
    log.error({ err: new Error('c', { cause: Object.assign(new Error(), { code: 'a b' }) }) }, 'x');
    expect(last().err.cause).toBeUndefined();
  });

  it('accepts something thrown that is not an error', () => {
    const { log, last } = openLog();

    log.error({ err: { deviceRegistrationCode: '123456789' } }, 'failed');

    expect(last().err).toEqual({ type: 'object' });
  });
});

describe("Bolt's log", () => {
  it('goes into ours, with texts and errors only', () => {
    const { log, last } = openLog();

    boltLogger(log).error('could not', new Error('listen'), { body: { token: 'secret' } });

    expect(last()).toMatchObject({
      level: 50,
      from: 'bolt',
      msg: 'could not',
      err: { message: 'listen' },
    });
    expect(JSON.stringify(last())).not.toContain('secret');
  });

  it('never contains whole payloads, at any level', () => {
    const { log, lines } = openLog('trace');

    boltLogger(log).debug('payload', { text: 'user grace@acme.test' });

    expect(lines).toEqual([]);
  });
});
