import { atMost, type Row } from '../row.ts';
import type { Setting } from '../setting.ts';
import { median } from '../statistics.ts';

const ROUNDS = 11;

/** From the start of the process to its first acknowledgement. */
export async function start(setting: Setting): Promise<Row[]> {
  const times = { desk: [] as number[], hello: [] as number[] };
  // The first round warms the file cache.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const kind of ['desk', 'hello'] as const) {
      const server = await setting.start(kind);
      if (round > 0) times[kind].push(server.startedIn);
      await server.stop();
    }
  }
  return [
    atMost(
      'start of the process to the first acknowledgement, times that of a minimal Bolt app',
      median(times.desk) / median(times.hello),
      1.3,
      { beside: { 'ms here': median(times.desk), 'ms Bolt': median(times.hello) } },
    ),
  ];
}
