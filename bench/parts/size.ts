import { setTimeout as sleep } from 'node:timers/promises';
import { type Instances, openInstances, type Used } from '../instances.ts';
import { atMost, type Row } from '../row.ts';
import type { Setting } from '../setting.ts';
import type { Work } from '../stand-ins/crowd.ts';
import { percentile } from '../statistics.ts';

const AGENTS = 10_000;
const INSTANCES = 3;
const IDLE_SECONDS = 10;
const MB = 1_000_000;

const CODES = 150;
const APPROVALS = 15;

/** What a help desk of ten thousand costs, with three instances and one Redis. */
export async function size(setting: Setting): Promise<Row[]> {
  const instances = await openInstances(setting, { count: INSTANCES, agents: AGENTS });
  try {
    await instances.work({ kind: 'user', from: 0, count: 300, atOnce: 8 });
    const idle = await whileIdle(instances);
    // From here on each instance watches over a code.
    await instances.work({ kind: 'approved', from: 300, count: 6, atOnce: 1 });
    const quiet = await whileIdle(instances);

    const lookUp = await each(instances, { kind: 'user', from: 1000, count: 600, atOnce: 8 });
    const code = await each(instances, { kind: 'code', from: 2000, count: CODES, atOnce: 4 });
    const shown = await whileIdle(instances);
    const approved = await each(instances, {
      ...{ kind: 'approved', from: 3000, count: APPROVALS, atOnce: 1 },
    });
    const watching = scale(minus(shown, quiet), 1 / CODES);
    const grown = await memory(instances);
    return [
      ...rows('a look-up', without(lookUp, quiet), { cpu: 20, redis: 8 }),
      ...rows('a code', without(code, plus(quiet, scale(watching, CODES / 2))), {
        cpu: 70,
        redis: 45,
      }),
      ...rows('an approved code', without(approved, plus(shown, scale(watching, APPROVALS / 2))), {
        cpu: 120,
        redis: 70,
      }),
      ...idleRows(scale(idle, 1 / INSTANCES), watching),
      ...grown,
    ];
  } finally {
    await instances.stop();
  }
}

/** What is used each second, or by one of many. */
type Rate = {
  cpuMs: number;
  securid: number;
  slack: Record<string, number>;
  redis: number;
  redisCpuMs: number;
  redisBytes: number;
  rows: number;
  rowBytes: number;
};

type Each = Rate & { perSecond: number; p99: number };

const flat = ({ redis, ...used }: Used): Rate => ({
  ...used,
  redis: redis.commands,
  redisCpuMs: redis.cpuMs,
  redisBytes: redis.bytes,
});

function combine(a: Rate, b: Rate, how: (a: number, b: number) => number): Rate {
  const of = (name: Exclude<keyof Rate, 'slack'>) => how(a[name], b[name]);
  const methods = new Set([...Object.keys(a.slack), ...Object.keys(b.slack)]);
  return {
    ...{ cpuMs: of('cpuMs'), securid: of('securid') },
    slack: Object.fromEntries(
      [...methods].map((method) => [method, how(a.slack[method] ?? 0, b.slack[method] ?? 0)]),
    ),
    ...{ redis: of('redis'), redisCpuMs: of('redisCpuMs'), redisBytes: of('redisBytes') },
    ...{ rows: of('rows'), rowBytes: of('rowBytes') },
  };
}

const plus = (a: Rate, b: Rate) => combine(a, b, (one, other) => one + other);
const minus = (a: Rate, b: Rate) => combine(a, b, (one, other) => one - other);
const scale = (a: Rate, times: number) => combine(a, a, (one) => one * times);

/** What all instances use in a second in which nobody asks. */
async function whileIdle(instances: Instances): Promise<Rate> {
  const before = flat(await instances.used());
  await sleep(IDLE_SECONDS * 1000);
  return scale(minus(flat(await instances.used()), before), 1 / IDLE_SECONDS);
}

/** What one of these uses, on average. */
async function each(instances: Instances, work: Work): Promise<Each> {
  const before = flat(await instances.used());
  const startedAt = performance.now();
  const times = await instances.work(work);
  const seconds = (performance.now() - startedAt) / 1000;
  // Rows and messages follow the answer.
  await sleep(1000);
  const used = minus(flat(await instances.used()), before);
  return {
    ...scale(used, 1 / work.count),
    perSecond: work.count / (seconds + 1),
    p99: percentile(times, 0.99),
  };
}

/** Without what goes on anyhow. */
const without = (one: Each, beside: Rate): Each => ({
  ...one,
  ...minus(one, scale({ ...beside, redisBytes: 0 }, 1 / one.perSecond)),
});

function rows(what: string, one: Each, most: { cpu: number; redis: number }): Row[] {
  const slack = Object.entries(one.slack).filter(([, calls]) => calls > 0.005);
  return [
    atMost(`${what}: CPU of an instance`, one.cpuMs, most.cpu, {
      unit: ' ms',
      beside: { 'ms p99': one.p99, 'ms Redis': one.redisCpuMs },
    }),
    atMost(`${what}: commands of Redis`, one.redis, most.redis, {
      beside: { bytes: one.redisBytes, 'SecurID requests': one.securid },
    }),
    atMost(
      `${what}: calls of Slack`,
      slack.reduce((sum, [, calls]) => sum + calls, 0),
      20,
      {
        beside: Object.fromEntries(slack),
      },
    ),
    atMost(`${what}: bytes in the trail`, one.rowBytes, 4000, { beside: { rows: one.rows } }),
  ];
}

const idleRows = (idle: Rate, watching: Rate): Row[] => [
  atMost('an idle instance: commands of Redis a second', idle.redis, 3, {
    beside: { 'ms CPU a second': idle.cpuMs },
  }),
  atMost('a code on a screen: commands of Redis a second', watching.redis, 2, {
    beside: { 'ms CPU a second': watching.cpuMs },
  }),
];

/** What an instance keeps of ten thousand agents who all ask it. */
async function memory(instances: Instances): Promise<Row[]> {
  const probed = await instances.onlyOne();
  const before = await probed.ask('heap');
  await instances.work({ kind: 'help', from: 0, count: AGENTS, atOnce: 16 });
  const resident = await probed.ask('resident');
  const { redis } = await instances.used();
  return [
    atMost('10,000 agents: kept on the heap', ((await probed.ask('heap')) - before) / MB, 15, {
      unit: ' MB',
      beside: { 'MB resident': resident / MB },
    }),
    atMost('Redis after all that', redis.bytes / MB, 10, {
      unit: ' MB',
      beside: { keys: redis.keys },
    }),
  ];
}
