import { atMost, type Row } from '../row.ts';
import type { Setting } from '../setting.ts';
import { median, percentile } from '../statistics.ts';

const ROUNDS = 7;
const PER_SECOND = 500;
const SECONDS = 3;
const WARM_UP = 3;

/** How soon commands are acknowledged while they come fast, beside Bolt's hello world. */
export async function acknowledgement(setting: Setting): Promise<Row[]> {
  const servers = { desk: await setting.start('desk'), hello: await setting.start('hello') };
  const times = { desk: [] as number[][], hello: [] as number[][] };

  for (const kind of ['desk', 'hello'] as const) {
    await servers[kind].sender.atRate(setting.help('warm-up'), PER_SECOND, WARM_UP);
  }
  for (let round = 0; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? (['desk', 'hello'] as const) : (['hello', 'desk'] as const);
    for (const kind of order) {
      const { sender } = servers[kind];
      times[kind].push(await sender.atRate(setting.help(kind), PER_SECOND, SECONDS));
    }
  }
  await Promise.all([servers.desk.stop(), servers.hello.stop()]);

  const at = (kind: 'desk' | 'hello', share: number) =>
    median(times[kind].map((round) => percentile(round, share)));
  return [
    atMost(
      'acknowledgement at 500 commands/s: p99, times that of a minimal Bolt app',
      at('desk', 0.99) / at('hello', 0.99),
      1.2,
      {
        beside: {
          'ms here': at('desk', 0.99),
          'ms Bolt': at('hello', 0.99),
          'p50 here': at('desk', 0.5),
          'p50 Bolt': at('hello', 0.5),
        },
      },
    ),
  ];
}
