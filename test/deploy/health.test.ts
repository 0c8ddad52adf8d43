import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openHelpDesk } from '../support/help-desk.ts';
import type { Env } from '../support/process.ts';
import { ROOT } from '../support/sources.ts';

const CHECK = join(ROOT, 'deploy/health.js');

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9';

/** The check's exit code, in the environment of the app. */
async function check(env: Env): Promise<number> {
  const child = spawn(process.execPath, [CHECK], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'close');
  expect(await printed).toEqual(['', '']);
  return code;
}

async function listening<S extends Server>(server: S, host = '127.0.0.1') {
  server.listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { OPS_PORT: String((server.address() as AddressInfo).port) };
}

const answering = (answer: RequestListener, host?: string) => listening(createServer(answer), host);

const healthy: RequestListener = ({ url }, response) =>
  void response.writeHead(url === '/healthz' ? 200 : 404).end('ok');

describe("the container's health check", () => {
  it('finds the app healthy until it stops', async () => {
    const { ops, app } = await openHelpDesk();
    const OPS_PORT = new URL(ops).port;
    expect(await check({ OPS_PORT })).toBe(0);
    await app.stop();
    expect(await check({ OPS_PORT })).toBe(1);
  });

  it.each([404, 500, 503])('is not content with %i', async (status) => {
    const env = await answering((_, response) => void response.writeHead(status).end());
    expect(await check(env)).toBe(1);
  });

  it('asks at the port that the app has by default', async () => {
    // Whoever listens there on this machine: the check ends, and says yes or no.
    expect([0, 1]).toContain(await check({}));
    expect([0, 1]).toContain(await check({ OPS_PORT: '', OPS_HOST: '' }));
  });

  it.each([
    ['everywhere', '0.0.0.0', '0.0.0.0'],
    ['everywhere, in IPv6', '::', '::'],
    ['on the loopback of IPv6', '::1', '::1'],
    ['on the loopback of IPv6, in brackets', '::1', '[::1]'],
    ['on another address of the loopback', '127.0.0.2', '127.0.0.2'],
    ['by name', '127.0.0.1', 'localhost'],
    ['in quotes, which Docker passes on', '127.0.0.1', '"127.0.0.1"'],
    ['in quotes of a word processor', '127.0.0.1', '“127.0.0.1”'],
    ['with a line end', '127.0.0.1', '127.0.0.1\r'],
    ['behind a byte order mark', '::', '\ufeff::'],
  ])('finds an app that listens %s', async (_, host, OPS_HOST) => {
    const { OPS_PORT } = await answering(healthy, host);
    expect(await check({ OPS_PORT, OPS_HOST })).toBe(0);
    expect(await check({ OPS_PORT: `"${OPS_PORT}"`, OPS_HOST })).toBe(0);
  });

  it('goes through no proxy', async () => {
    const { OPS_PORT } = await answering(healthy);
    const proxies = { HTTP_PROXY: NOWHERE, http_proxy: NOWHERE, NODE_USE_ENV_PROXY: '1' };
    // Node 22 warns that this is experimental.
    expect(await check({ OPS_PORT, ...proxies, NODE_NO_WARNINGS: '1' })).toBe(0);
  });

  it.each([['65536'], ['none'], ['-1']])(
    'ends with 1, and no stack, if the port is %s',
    async (OPS_PORT) => {
      expect(await check({ OPS_PORT })).toBe(1);
    },
  );

  it('ends by itself with 1 if no answer comes, or never all of it', async () => {
    const silent = createTcpServer(() => {});
    const dripping = createTcpServer((socket) => {
      const drip = setInterval(() => socket.write('x: y\r\n'), 500);
      socket.write('HTTP/1.1 200 OK\r\n');
      socket.on('error', () => {}).on('close', () => clearInterval(drip));
    });
    const places = await Promise.all([listening(silent), listening(dripping)]);
    expect(await Promise.all(places.map(check))).toEqual([1, 1]);
  });
});
