import type { Span } from '../pacing/drive.ts';
import type { Clients } from '../pacing/main.ts';
import type { Strategy } from '../pacing/strategies.ts';
import { type Remote, remote } from '../remote.ts';
import { atLeast, atMost, type Row } from '../row.ts';
import { access, type Setting } from '../setting.ts';
import type { Limit } from '../stand-ins/main.ts';

type Goal = { goodput: number; refused?: number };

type Scenario = {
  name: string;
  limit: Limit;
  span: Span;
  strategy: Strategy;
  goal: Goal;
  beside: Record<string, Strategy>;
};

const KNOWN: Span = { from: 5, to: 75 };
const LEARNT: Span = { from: 30, to: 75 };
/** A whole minute. */
const LEARNT_MINUTE: Span = { from: 30, to: 90 };

const bucket = (perSecond: number, retryAfter?: 'none') => ({
  perSecond,
  burst: perSecond,
  ...(retryAfter && { retryAfter }),
});

const set = (perSecond: number): Strategy => ({
  kind: 'desk',
  pace: { requestsPerSecond: perSecond, burst: perSecond },
});

const unknown = (
  name: string,
  limit: Limit,
  span: Span,
  beside: Record<string, Strategy> = {},
): Scenario => ({
  name: `unknown limit, ${name}, after 30 s`,
  limit,
  span,
  strategy: { kind: 'desk' },
  goal: { goodput: 0.85, refused: 0.02 },
  beside,
});

const tooHigh = (name: string, retryAfter?: 'none'): Scenario => ({
  name: `limit set twice too high, ${name}`,
  limit: bucket(20, retryAfter),
  span: KNOWN,
  strategy: set(40),
  goal: { goodput: 0.9 },
  beside: { 'Bottleneck minTime': { kind: 'minTime', perSecond: 40 } },
});

const SCENARIOS: Scenario[] = [
  {
    name: 'known limit, 20/s',
    limit: bucket(20),
    span: KNOWN,
    strategy: set(20),
    goal: { goodput: 0.97, refused: 0.005 },
    beside: {
      'Bottleneck minTime': { kind: 'minTime', perSecond: 20 },
      'ofetch retry': { kind: 'ofetch' },
    },
  },
  tooHigh('with Retry-After'),
  tooHigh('without', 'none'),
  unknown('5/s', bucket(5), LEARNT),
  unknown('20/s', bucket(20), LEARNT, { 'ofetch retry': { kind: 'ofetch' } }),
  unknown('50/s', bucket(50), LEARNT),
  unknown('300 a minute', { perMinute: 300 }, LEARNT_MINUTE),
];

/** The share of the tenant's limit that is used. All run at once, each with a tenant of its own. */
export async function pacing(setting: Setting): Promise<Row[]> {
  const { children } = setting;
  const ours = children.start('bench/pacing/main.js');
  const others = children.start('bench/pacing/main.js');
  const clients = { ours: remote<Clients>(ours), others: remote<Clients>(others) };
  const rows = await Promise.all(SCENARIOS.map((scenario) => measure(setting, clients, scenario)));
  await Promise.all([children.stop(ours), children.stop(others)]);
  return rows.flat();
}

async function measure(
  { standIns }: Setting,
  clients: Record<'ours' | 'others', Remote<Clients>>,
  { name, limit, span, strategy, goal, beside }: Scenario,
): Promise<Row[]> {
  const allowed = 'perMinute' in limit ? limit.perMinute / 60 : limit.perSecond;

  async function run(where: Remote<Clients>, strategy: Strategy) {
    const tenant = await standIns.ask('tenant', { delay: 20, limit });
    const api = { tenant, ...(await access(tenant)) };
    const { perSecond, lost } = await where.ask('drive', { strategy, api, span });
    const { requests, refused } = await standIns.ask('traffic', tenant.id);
    return { goodput: perSecond / allowed, lost, refused: refused / requests };
  }

  const [ours, ...others] = await Promise.all([
    run(clients.ours, strategy),
    ...Object.values(beside).map((other) => run(clients.others, other)),
  ]);
  const figures = (what: keyof typeof ours) => ({
    beside: Object.fromEntries(
      Object.keys(beside).map((other, index) => [other, others[index]?.[what] ?? Number.NaN]),
    ),
  });
  const rows = [
    atLeast(
      `${name}: answered, of what is allowed`,
      ours.goodput,
      goal.goodput,
      figures('goodput'),
    ),
    atMost(`${name}: lost`, ours.lost, 0, figures('lost')),
  ];
  if (goal.refused === undefined) return rows;
  return [
    ...rows,
    atMost(`${name}: share of 429s`, ours.refused, goal.refused, figures('refused')),
  ];
}
