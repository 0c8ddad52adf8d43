import { atMost, type Row } from '../row.ts';
import type { Server } from '../servers/start.ts';
import type { Setting } from '../setting.ts';
import { median } from '../statistics.ts';

const COMMANDS = 1000;
const ROUNDS = 5;

/** A thousand commands at once, and what holds up their acknowledgements. */
export async function atOnce(setting: Setting): Promise<Row[]> {
  const { addresses, children, standIns } = setting;
  const servers = { desk: await setting.start('desk'), hello: await setting.start('hello') };
  const times = { desk: [] as number[], hello: [] as number[] };
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const kind of ['desk', 'hello'] as const) {
      const ms = await untilAcknowledged(setting, servers[kind]);
      if (round > 0) times[kind].push(ms);
    }
  }
  await Promise.all([servers.desk.stop(), servers.hello.stop()]);

  // Neither Slack nor the tenant ever answers, and nothing is cached.
  const { apiKey } = await standIns.ask('tenant', { delay: 0 });
  const silent = await setting.start('desk', {
    env: {
      SLACK_API_URL: `${addresses.silent}/api/`,
      SECURID_API_KEY: JSON.stringify({ ...apiKey, adminRestApiUrl: `${addresses.silent}/v1` }),
    },
  });
  const acknowledged = await Promise.all(
    Array.from({ length: 100 }, () =>
      Promise.race([
        silent.sender.send(setting.help('silent')()).then(() => true),
        new Promise<false>((resolve) => setTimeout(resolve, 2000, false)),
      ]),
    ),
  );
  await children.stop(silent.child);

  return [
    atMost('1,000 commands at once: all acknowledged after', median(times.desk), 1000, {
      unit: ' ms',
      beside: { 'ms Bolt': median(times.hello) },
    }),
    atMost(
      'commands whose acknowledgement waits for a network call, of 100',
      acknowledged.filter((yes) => !yes).length,
      0,
    ),
  ];
}

async function untilAcknowledged(setting: Setting, { sender }: Server): Promise<number> {
  const commands = Array.from({ length: COMMANDS }, setting.help('at-once'));
  const startedAt = performance.now();
  await Promise.all(commands.map((one) => sender.send(one)));
  return performance.now() - startedAt;
}
