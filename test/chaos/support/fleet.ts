import { verify } from '../../../src/audit/verify.ts';
import { startRedis } from '../../support/redis.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import { type Bot, type LogLine, startBot } from './bot.ts';
import { createLedger } from './ledger.ts';
import { newTrail, openSurroundings, type Surroundings } from './surroundings.ts';

export type Fleet = Awaited<ReturnType<typeof openFleetWith>>;

/** Two instances with a Redis of their own. */
export async function openFleet(options: Surroundings = {}) {
  const redis = await startRedis();
  return { redis, ...(await openFleetWith(redis, options)) };
}

/**
 * Two instances in their own processes with one Redis, each with a trail of its own. In HTTP mode a balancer is in
 * front of them; in Socket Mode each has a socket.
 */
export async function openFleetWith(redis: { url: string }, options: Surroundings = {}) {
  const { mode = 'http', env } = options;
  const { tenant, workspace, environment, people } = await openSurroundings({
    ...options,
    env: { ...env, REDIS_URL: redis.url },
  });
  const balancer = mode === 'http' ? await startBalancer() : undefined;
  if (balancer) workspace.deliverTo(`${balancer.url}/slack/events`);
  const logged: LogLine[] = [];
  const ledger = createLedger();

  const open = () =>
    openInstance(balancer, environment, (line) => {
      logged.push(line);
      ledger.heard(line);
    });
  const [first, second] = await Promise.all([open(), open()]);
  const auditFiles = [first.auditFile, second.auditFile];

  return {
    ...{ tenant, workspace, ledger, logged, balancer, auditFiles },
    ...people,
    instances: [first, second] as const,
    /** What checking each trail finds. */
    verdicts: () => Promise.all(auditFiles.map((file) => verify([file]))),
  };
}

/** One instance, whose process may be replaced by another on the same trail. */
async function openInstance(
  balancer: Balancer | undefined,
  environment: Record<string, string>,
  onLine: (line: LogLine) => void,
) {
  const auditFile = newTrail();
  let bot: Bot;
  let target: Awaited<ReturnType<Balancer['add']>> | undefined;

  async function start(): Promise<void> {
    bot = startBot({ ...environment, AUDIT_FILE: auditFile }, { onLine });
    const opsPort = Number(await bot.says('"opsPort":(\\d+)'));
    target = await balancer?.add({ port: await bot.port(), opsPort });
  }

  /** Resolves with the exit code. */
  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number> {
    bot.child.kill(signal);
    const code = await bot.ended();
    if (target) balancer?.remove(target);
    return code;
  }

  await start();
  return {
    auditFile,
    start,
    end,
    /** Sets its clock back by five minutes. */
    setClockBack: () => void bot.child.kill('SIGHUP'),
  };
}
