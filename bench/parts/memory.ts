import { setTimeout as sleep } from 'node:timers/promises';
import { type Remote, remote } from '../remote.ts';
import { atMost, type Row } from '../row.ts';
import type { Memory } from '../servers/memory.ts';
import type { Kind } from '../servers/start.ts';
import type { Setting } from '../setting.ts';
import { IDLE } from '../stand-ins/counting-server.ts';

const WARM_UP = 2000;
const COMMANDS = 100_000;
const AT_ONCE = 16;
const MB = 1_000_000;

/** How much memory is still in use after many commands. */
export async function memory(setting: Setting): Promise<Row[]> {
  const [desk, hello] = await Promise.all([measure(setting, 'desk'), measure(setting, 'hello')]);
  return [
    atMost(
      'resident memory after 100,000 commands, times that of a minimal Bolt app',
      desk.resident / hello.resident,
      1.3,
      { beside: { 'MB here': desk.resident / MB, 'MB Bolt': hello.resident / MB } },
    ),
    atMost('what 100,000 commands leave on the heap', desk.growth / MB, 2, {
      unit: ' MB',
      beside: { 'MB Bolt': hello.growth / MB },
    }),
  ];
}

async function measure(setting: Setting, kind: Kind) {
  const probe = new URL('../servers/memory.js', import.meta.url).href;
  const server = await setting.start(kind, { nodeOptions: ['--expose-gc', '--import', probe] });
  const probed: Remote<Memory> = remote(server.child);
  const make = setting.help(`memory-${kind}`);
  const allAnswered = async (count: number) => {
    while ((await setting.standIns.ask('answered', `memory-${kind}`)) < count) await sleep(20);
  };
  /** After idle connections have closed. */
  const heap = async () => {
    await sleep(2 * IDLE);
    return probed.ask('heap');
  };

  await server.sender.all(make, WARM_UP, AT_ONCE);
  await allAnswered(WARM_UP);
  const before = await heap();
  await server.sender.all(make, COMMANDS, AT_ONCE);
  await allAnswered(WARM_UP + COMMANDS);
  const resident = await probed.ask('resident');
  const growth = (await heap()) - before;
  await server.stop();
  return { resident, growth };
}
