import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Remote, remote } from '../remote.ts';
import { atMost, type Row } from '../row.ts';
import type { Memory } from '../servers/memory.ts';
import type { Server } from '../servers/start.ts';
import type { Setting } from '../setting.ts';
import { percentile } from '../statistics.ts';

const PARKED = 10_000;
const AT_ONCE = 100;
const COMMANDS = 500;
const PER_SECOND = 200;
const SECONDS = 5;
const MB = 1_000_000;

/** What a connection sends before it falls silent: nothing, half a head, half a body. */
const HALVES = [
  '',
  `POST /slack/events HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(4000)}`,
  `POST /slack/events HTTP/1.1\r\nhost: a\r\ncontent-length: 260000\r\n\r\n${'a'.repeat(130_000)}`,
];

/** Memory and acknowledgements while somebody parks connections. */
export async function parked(setting: Setting): Promise<Row[]> {
  const probe = new URL('../servers/memory.js', import.meta.url).href;
  const server = await setting.start('desk', { nodeOptions: ['--import', probe] });
  const { resident } = await run(setting, server, remote(server.child));
  await server.stop();
  return resident;
}

async function run(setting: Setting, server: Server, probed: Remote<Memory>) {
  const make = setting.help('parked');
  await server.sender.all(make, COMMANDS, 16);
  const acknowledged = async () => {
    const times = await server.sender.atRate(make, PER_SECOND, SECONDS);
    return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
  };
  const quiet = { ...(await acknowledged()), resident: await probed.ask('resident') };
  const sockets = await park(server.port);
  const full = { ...(await acknowledged()), resident: await probed.ask('resident') };
  for (const socket of sockets) socket.destroy();
  return {
    resident: [
      atMost(
        `resident memory under ${PARKED} parked connections, times that of a quiet time`,
        full.resident / quiet.resident,
        1.5,
        { beside: { 'MB parked': full.resident / MB, 'MB quiet': quiet.resident / MB } },
      ),
      ...(['p50', 'p99'] as const).map((percent) =>
        atMost(
          `acknowledgement of signed requests meanwhile: ${percent}, times that of a quiet time`,
          full[percent] / quiet[percent],
          3,
          { beside: { 'ms parked': full[percent], 'ms quiet': quiet[percent] } },
        ),
      ),
    ],
  };
}

/** Opens connections within about a second, and waits until the server has closed the surplus. */
async function park(port: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  let open = 0;
  while (sockets.length < PARKED) {
    for (let count = 0; count < AT_ONCE; count++) {
      const socket = connect(port, '127.0.0.1');
      open += 1;
      socket.on('error', () => {}).resume();
      socket.once('close', () => {
        open -= 1;
      });
      socket.write(HALVES[sockets.length % HALVES.length] ?? '');
      sockets.push(socket);
    }
    await sleep(10);
  }
  for (let before = 0; open !== before; await sleep(500)) before = open;
  return sockets;
}
