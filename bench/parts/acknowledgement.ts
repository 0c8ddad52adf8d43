import { atMost, type Row } from '../row.ts';
import type { Server } from '../servers/start.ts';
import type { Setting } from '../setting.ts';
import { median, percentile } from '../statistics.ts';

const ROUNDS = 7;
const PER_SECOND = 500;
const SECONDS = 3;
const WARM_UP = 3;

const CHANGES_PER_MINUTE = 200;

const KINDS = ['desk', 'hello'] as const;
type Servers = Record<(typeof KINDS)[number], Server>;

/** How soon fast commands are acknowledged, compared with Bolt's hello world. */
export async function acknowledgement(setting: Setting): Promise<Row[]> {
  const servers = { desk: await setting.start('desk'), hello: await setting.start('hello') };
  const times = await measure(setting, servers);
  await Promise.all(KINDS.map((kind) => servers[kind].stop()));
  return [row('acknowledgement at 500 commands/s', times)];
}

/** The same while agents ask for registration codes, with all the requests that the gate makes. */
export async function acknowledgementBesideChanges(setting: Setting): Promise<Row[]> {
  const { standIns, addresses } = setting;
  const tenant = await standIns.ask('tenant', { delay: 20 });
  const env = {
    SECURID_AGENTS: addresses.agents.join(','),
    SECURID_CODES_PER_AGENT_HOUR: '10000',
  };
  const servers = {
    desk: await setting.start('desk', { tenant, env }),
    hello: await setting.start('hello'),
  };
  const { port } = servers.desk;
  await standIns.ask('startChanges', { id: tenant.id, port, perMinute: CHANGES_PER_MINUTE });
  const times = await measure(setting, servers);
  const { asked, issued } = await standIns.ask('stopChanges', tenant.id);
  await Promise.all(KINDS.map((kind) => servers[kind].stop()));
  const name = `beside ${CHANGES_PER_MINUTE} changes a minute`;
  return [
    row(`acknowledgement at 500 commands/s ${name}`, times),
    atMost(`${name}: without a code`, asked - issued, 0, { beside: { 'codes issued': issued } }),
  ];
}

type Times = Record<(typeof KINDS)[number], number[][]>;

async function measure(setting: Setting, servers: Servers): Promise<Times> {
  const times: Times = { desk: [], hello: [] };
  for (const kind of KINDS) {
    await servers[kind].sender.atRate(setting.help('warm-up'), PER_SECOND, WARM_UP);
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of round % 2 === 0 ? KINDS : KINDS.toReversed()) {
      const { sender } = servers[kind];
      times[kind].push(await sender.atRate(setting.help(kind), PER_SECOND, SECONDS));
    }
  }
  return times;
}

function row(name: string, times: Times): Row {
  const at = (kind: 'desk' | 'hello', share: number) =>
    median(times[kind].map((round) => percentile(round, share)));
  return atMost(
    `${name}: p99, times that of a minimal Bolt app`,
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
  );
}
