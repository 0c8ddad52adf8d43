import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keepRoom, type Room, TIME_LIMITS } from '../../src/http/limits.ts';
import { eventually, openHelpDesk } from '../support/help-desk.ts';

/** Opens connections to a port, and tells which are still open. */
function visitors(port: number) {
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return {
    async open(words = ''): Promise<Socket> {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {}).resume();
      sockets.push(socket);
      await once(socket, 'connect');
      if (words) await new Promise((resolve) => socket.write(words, resolve));
      return socket;
    },
    isOpen: () => sockets.map((socket) => socket.readyState === 'open'),
    closed: () => sockets.filter((socket) => socket.closed).length,
  };
}

const announced = (bytes: number) =>
  `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${bytes}\r\n\r\n`;
const GET = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n';

async function openServer(room: Partial<Room>) {
  const answers: ServerResponse[] = [];
  let arrived = 0;
  const server = createServer((request, response) => {
    arrived += 1;
    request.resume();
    request.on('end', () => answers.push(response));
  });
  keepRoom(server, { connections: 100, bytes: 1000, body: 500, ...room });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { ...visitors(port), answers, arrived: () => arrived };
}

describe('a server with limited room', () => {
  it('closes what has waited longest, for a request or for the rest of one', async () => {
    const { open, isOpen, arrived } = await openServer({ connections: 3 });
    await open();
    await open('POST / HTTP/1.1\r\nhost:');
    await open(announced(10));
    await eventually(() => arrived() === 1);

    await open();
    await eventually(() => isOpen()[0] === false);
    await open();
    await eventually(() => isOpen()[1] === false);
    await open();
    await eventually(() => isOpen()[2] === false);

    expect(isOpen()).toEqual([false, false, false, true, true, true]);
  });

  it('closes the oldest body when too much is announced', async () => {
    const { open, isOpen, arrived } = await openServer({ bytes: 1000 });
    await open();
    for (const bytes of [400, 400]) await open(announced(bytes));
    await eventually(() => arrived() === 2);

    await open(announced(400));
    await eventually(() => isOpen()[1] === false);

    expect(isOpen()).toEqual([true, false, true, true]);
  });

  it('treats a body without a length as a large one', async () => {
    const { open, isOpen, arrived } = await openServer({ bytes: 1000, body: 500 });
    for (let count = 1; count <= 3; count++) {
      await open('POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n');
      await eventually(() => arrived() === count);
    }
    await eventually(() => isOpen()[0] === false);
    expect(isOpen()).toEqual([false, true, true]);
  });

  it('closes nobody who is waiting for an answer, and forgets requests that are complete', async () => {
    const { open, isOpen, answers } = await openServer({ connections: 2, bytes: 100 });
    for (let count = 1; count <= 3; count++) {
      await open(`${announced(90)}${'a'.repeat(90)}`);
      await eventually(() => answers.length === count);
    }
    expect(isOpen()).toEqual([true, true, true]);

    for (const answer of answers) answer.end('ok');
    await open();
    await eventually(() => isOpen().filter(Boolean).length === 2);
    expect(isOpen()).toEqual([false, false, true, true]);
  });

  it('counts a request that follows another on the same connection', async () => {
    const { open, isOpen, answers, arrived } = await openServer({ bytes: 700 });
    await open(`${GET}${announced(400)}`);
    await eventually(() => arrived() === 2);
    answers[0]?.end('ok');
    await open(announced(400));
    await eventually(() => isOpen()[0] === false);
    expect(isOpen()).toEqual([false, true]);
  });
});

describe("Slack's requests", () => {
  it('have about ten seconds to arrive', () => {
    expect(TIME_LIMITS).toMatchObject({ headersTimeout: 10_000, requestTimeout: 10_000 });
  });

  it('are answered however many connections are parked', async () => {
    const desk = await openHelpDesk();
    const { open, closed } = visitors(desk.port ?? 0);
    const parts = ['', 'POST /slack/events HTTP/1.1\r\nhost:', announced(200_000)];
    for (let count = 0; count < 1500; count += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => open(parts[index % 3])));
    }
    await eventually(() => closed() >= 300);

    expect((await desk.agent.asks('/securid help')).text).toMatch(/^You can use/);
    expect(desk.logged()).toContainEqual(
      expect.objectContaining({
        level: 40,
        msg: 'too many unfinished requests: the oldest connections are closed',
      }),
    );
  });
});
