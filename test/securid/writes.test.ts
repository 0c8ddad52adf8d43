import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createKeepAliveFetch } from '../../src/http/fetch.ts';
import { readAnswer } from '../../src/securid/answer.ts';
import type { ApiCall, Method } from '../../src/securid/api-call.ts';
import { createHttp } from '../../src/securid/http.ts';
import { manualClock } from '../support/manual-clock.ts';

/** A server that records each request as it came over the wire. */
async function openServer(
  answer: (response: ServerResponse) => void = (response) => void response.writeHead(204).end(),
) {
  const arrived: {
    method: string | undefined;
    length: string | undefined;
    type: string | undefined;
    body: string;
  }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { 'content-length': length, 'content-type': type } = request.headers;
    arrived.push({ method: request.method, length, type, body });
    answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/fido`;
  return { arrived, url, http: createHttp(createKeepAliveFetch(), manualClock()) };
}

const api = 'PATCH v1/users/{userId}/methods';

describe('A change', () => {
  it.each<Method>(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'is sent by %s with a JSON body',
    async (method) => {
      const { arrived, url, http } = await openServer();
      await http({ api, method, url, json: { tokenSerialNumber: '000123' } });
      const body = '{"tokenSerialNumber":"000123"}';
      expect(arrived).toEqual([
        { method, length: `${body.length}`, type: 'application/json', body },
      ]);
    },
  );

  it.each<Method>(['POST', 'PUT', 'PATCH'])(
    'is sent by %s without a body, and says so',
    async (method) => {
      const { arrived, url, http } = await openServer();
      await http({ api, method, url });
      expect(arrived).toEqual([{ method, length: '0', type: undefined, body: '' }]);
    },
  );

  it('is sent by DELETE without a body', async () => {
    const { arrived, url, http } = await openServer();
    await http({ api, method: 'DELETE', url });
    expect(arrived).toEqual([{ method: 'DELETE', length: undefined, type: undefined, body: '' }]);
  });

  it.each<[string, number, Record<string, string>]>([
    ['204', 204, {}],
    ['an empty 200', 200, {}],
    ['an empty 200 that says JSON', 200, { 'content-type': 'application/json' }],
    ['an empty 200 in chunks', 200, { 'transfer-encoding': 'chunked' }],
  ])('has succeeded with %s if nothing is expected', async (_, status, headers) => {
    const { url, http } = await openServer(
      (response) => void response.writeHead(status, headers).end(),
    );
    const answer = await http({ api, method: 'DELETE', url });
    expect(read('nothing', answer)).toBeUndefined();
  });
});

const expecting = (what: 'nothing' | 'an answer'): ApiCall<z.ZodType> => ({
  api,
  method: 'DELETE',
  path: '',
  permission: 'rsa.user.factor.manage',
  changes: true,
  shape: what === 'nothing' ? z.undefined() : z.object({ id: z.string() }),
  ...(what === 'nothing' && { mayBeEmpty: true as const }),
});

const read = (what: 'nothing' | 'an answer', answer: { status: number; body: string }) =>
  readAnswer(expecting(what), { retryAfter: undefined, ...answer }, { hasPermissions: false });

describe('An answer', () => {
  it.each([
    ['204', 204, ''],
    ['an empty 200', 200, ''],
    ['a blank 200', 200, ' \r\n'],
  ])('that is %s is none if one is expected', (_, status, body) => {
    expect(() => read('an answer', { status, body })).toThrow(
      expect.objectContaining({ code: 'UNEXPECTED_RESPONSE', sent: true, status }),
    );
  });

  it.each([
    ['a page of a gateway', 200, '<html>Sign in</html>'],
    ['another success', 202, ''],
    ['a redirect', 302, ''],
    ['a 204 with a body', 204, '{}'],
  ])('that is %s is no success if nothing is expected', (_, status, body) => {
    expect(() => read('nothing', { status, body })).toThrow(
      expect.objectContaining({ code: 'UNEXPECTED_RESPONSE', sent: true }),
    );
  });
});
