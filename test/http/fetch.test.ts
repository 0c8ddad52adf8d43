import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createKeepAliveFetch } from '../../src/http/fetch.ts';

const BOMB = 'a'.repeat(50_000_000);

/** A server that always compresses its answer. */
async function openPacker(words: string, pack: (words: string) => Buffer, encoding: string) {
  const accepted: unknown[] = [];
  const body = pack(words);
  const server = createServer(({ headers }, response) => {
    accepted.push(headers['accept-encoding']);
    response.writeHead(200, { 'content-encoding': encoding });
    response.end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, accepted, body };
}

describe.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['gzip, gzip', (words: string) => gzipSync(gzipSync(words))],
])('an answer compressed with %s', (encoding, pack) => {
  it('is not asked for, but is read anyway', async () => {
    const { url, accepted } = await openPacker('{"ok":true}', pack, encoding);
    const headers = { authorization: 'Bearer a' };

    const response = await createKeepAliveFetch()(url, { headers });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true });
    expect(accepted).toEqual(['identity']);
  });

  it('is given up if it unpacks to more than any answer', async () => {
    const { url, body } = await openPacker(BOMB, pack, encoding);
    expect(body.length).toBeLessThan(500_000);

    const response = await createKeepAliveFetch()(url);

    const code = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
    await expect(response.text()).rejects.toMatchObject({ code });
  });
});
