import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { APPROVALS, MIRA, SECURID_AUDIT } from '../../src/playground/company.ts';
import type { Env } from '../support/process.ts';
import { createRandom, seedOfThisRun } from '../support/random.ts';
import { redisInstalled } from '../support/redis.ts';
import { type RedisPair, startRedisPair } from '../support/redis-pair.ts';
import { fillIn } from '../support/verification.ts';
import { HEARD_WITHIN } from './support/balancer.ts';
import { watchChanges } from './support/changes.ts';
import { USER_EMAILS } from './support/company.ts';
import type { End } from './support/entry.ts';
import { type Fleet, openFleet, openFleetWith } from './support/fleet.ts';
import { followRows } from './support/rows.ts';
import { printTable } from './support/table.ts';
import { createWork } from './support/work.ts';

/** As long as the balancer needs. */
const DRAINING = { DRAIN_SECONDS: String(HEARD_WITHIN / 1000) };

type Changes = ReturnType<typeof watchChanges>;

const AGENTS = 12;
/** Between two commands of an agent. */
const PAUSE = 100;

/** Agents who go on with commands, buttons and forms until stopped. */
function keepWorking(fleet: Fleet, seed: number) {
  let users = 0;
  let isOver = false;
  const work = createWork({
    scene: fleet,
    random: createRandom(seed),
    fault: () => 'load',
    nextUser: () => USER_EMAILS[users++] as string,
  });
  const done = Promise.all(
    fleet.agents.slice(0, AGENTS).map((person, index) =>
      work(
        fleet.agentIds[index] as string,
        person,
        () => isOver,
        () => setTimeout(PAUSE),
      ),
    ),
  );
  return {
    async stop(): Promise<void> {
      isOver = true;
      await done;
    },
  };
}

/** Prints what became of the commands; each but those that are named was answered once. */
function expectAnswered({ ledger }: Fleet, others: End[] = []): void {
  printTable(ledger.table());
  const wrong = ledger.entries
    .filter((entry) => entry.end() !== 'answered' && !others.includes(entry.end()))
    .map((entry) => [entry.end(), entry.what, ...entry.outcomes().map(({ text }) => text)]);
  expect(wrong).toEqual([]);
}

/** Each change is on record in one of the trails, was sent once, and has one end. */
async function expectOnRecord(fleet: Fleet, changes: Changes): Promise<void> {
  expect(changes.intents()).toBeGreaterThan(0);
  expect([changes.withoutIntent, changes.twice, changes.afterTheEnd]).toEqual([[], [], []]);
  expect([changes.unclear(), changes.untrue()]).toEqual([[], []]);
  for (const verdict of await fleet.verdicts()) {
    expect(verdict).toMatchObject({ ok: true });
    expect(verdict.rows).toBeGreaterThan(0);
  }
}

const APPROVED: Env = {
  SECURID_APPROVERS: MIRA,
  SECURID_APPROVAL: 'always',
  SECURID_APPROVAL_CHANNEL: APPROVALS,
};

/** The last click of each of several codes: the agent submits a form, or Mira approves it. */
/** After an outage of Redis: each command has an answer, each change its rows, and nobody two codes. */
async function expectNothingLost(fleet: Fleet, changes: Changes): Promise<void> {
  expectAnswered(fleet, ['told a failure']);
  expect(fleet.balancer?.lost).toEqual([]);
  await expectOnRecord(fleet, changes);
  const users = fleet.tenant.issuedCodes.map(({ userId }) => userId);
  expect(new Set(users).size).toBe(users.length);
}

async function readyToClick({ workspace, agents }: Fleet, needsApproval: boolean) {
  const forms = await Promise.all(
    agents.slice(0, needsApproval ? 5 : AGENTS).map(async (agent, index) => {
      const card = await (await agent.types(`/securid code ${USER_EMAILS[index]} ios`)).answer();
      const { form } = await fillIn(agent, card);
      return () => agent.submits(form);
    }),
  );
  if (!needsApproval) return forms;
  await Promise.all(forms.map((submit) => submit()));
  const requests = () => workspace.messages.filter(({ channel }) => channel === APPROVALS);
  await vi.waitUntil(() => requests().length === forms.length, { timeout: 60_000 });
  const mira = workspace.person(MIRA);
  return requests().map((request) => () => mira.presses(request, 'Approve'));
}

/** Slack sends the click three times, and the balancer to one instance after the other. */
async function again({ workspace }: Fleet, click: () => Promise<unknown>): Promise<void> {
  const first = click();
  const sent = workspace.lastRequest();
  if (!sent) throw new Error('nothing was sent');
  await Promise.allSettled([first, workspace.send(sent), workspace.send(sent)]);
}

/** Twelve hours ago and from now: what is due once a day is caught up on at the start. */
const halfADayAway = () => `0 ${(new Date().getUTCHours() + 12) % 24} * * *`;

describe.skipIf(!redisInstalled)('two instances', () => {
  it('start for the first time at once, and post one license summary', async () => {
    const fleet = await openFleet({
      env: {
        SECURID_LICENSE_CHANNEL: SECURID_AUDIT,
        SECURID_LICENSE_SCHEDULE: halfADayAway(),
        SECURID_LICENSES_PURCHASED: '100000',
      },
    });
    const { workspace, logged } = fleet;
    const said = (words: string) => logged.filter(({ msg }) => msg.startsWith(words)).length;
    const summaries = () => workspace.messages.filter(({ text }) => text.includes('summary'));
    await vi.waitUntil(() => summaries().length > 0, { timeout: 30_000 });

    expect(said('first start')).toBe(2);
    expect(said('STATE_FILE is missing')).toBe(0);
    await Promise.all(fleet.instances.map((instance) => instance.end('SIGTERM')));
    expect(summaries()).toHaveLength(1);
    const events = fleet.auditFiles.flatMap((file) => followRows(file)().map(({ event }) => event));
    expect(events).toEqual(['licences due', 'licences posted']);
  });

  it.each([
    ['behind a balancer', 'http'],
    ['in Socket Mode', 'socket'],
  ] as const)('%s are replaced one after the other, and nothing is lost', async (_, mode) => {
    const fleet = await openFleet({ mode, env: DRAINING });
    const changes = watchChanges(fleet);
    const load = keepWorking(fleet, seedOfThisRun('chaos'));

    const [, second] = fleet.instances;
    for (const instance of fleet.instances) {
      await setTimeout(1000);
      // A stop that went by the date would take five minutes longer.
      if (instance === second) second.setClockBack();
      expect(await instance.end('SIGTERM')).toBe(0);
      await instance.start();
    }
    await setTimeout(1000);
    await load.stop();

    expectAnswered(fleet);
    expect(fleet.balancer?.lost ?? []).toEqual([]);
    await expectOnRecord(fleet, changes);
    expect(changes.ended('done')).toBe(changes.intents());
  });

  it('lose only what one had under way if it is killed', async () => {
    const fleet = await openFleet({ env: DRAINING });
    const { ledger, balancer, instances } = fleet;
    const [killed] = instances;
    fleet.tenant.setDelay(100);
    const changes = watchChanges(fleet);
    const load = keepWorking(fleet, seedOfThisRun('chaos'));
    await setTimeout(2000);

    const underWay = ledger.underWay();
    await killed?.end('SIGKILL');
    await setTimeout(HEARD_WITHIN);
    for (const entry of underWay) entry.died();
    await killed?.start();
    await load.stop();

    expectAnswered(fleet, ['died with the process', 'Slack said it failed']);
    expect(ledger.count('Slack said it failed')).toBe(balancer?.lost.length);
    await expectOnRecord(fleet, changes);
    const [done, unknown] = [changes.ended('done'), changes.ended('unknown')];
    expect(done + unknown).toBe(changes.intents());
    console.log(`killed with ${underWay.length} under way at both; ${unknown} changes unknown`);
  });

  it.each([
    ['a form that is submitted', {}],
    ['a request that is approved', APPROVED],
  ])('make one change of %s to both at once, though one is killed', async (_, env) => {
    const fleet = await openFleet({ env: { ...DRAINING, ...env } });
    const { tenant, instances } = fleet;
    const changes = watchChanges(fleet);
    const clicks = await readyToClick(fleet, env === APPROVED);
    tenant.setDelay(300);

    const clicked = clicks.map((click) => again(fleet, click));
    await setTimeout(createRandom(seedOfThisRun('chaos')).between(300, 1500));
    await instances[0].end('SIGKILL');
    await Promise.all(clicked);
    await instances[0].start();
    await vi.waitUntil(() => changes.unclear().length === 0, { timeout: 30_000 });

    const users = tenant.issuedCodes.map(({ userId }) => userId);
    expect(new Set(users).size).toBe(users.length);
    await expectOnRecord(fleet, changes);
    const [done, unknown] = [changes.ended('done'), changes.ended('unknown')];
    expect(done + unknown).toBe(changes.intents());
    console.log(`${clicks.length} clicks: ${done} done, ${unknown} unknown`);
  });

  it('answer while Redis restarts and forgets everything, and issue no code twice', async () => {
    const fleet = await openFleet({ env: DRAINING });
    const { redis } = fleet;
    const changes = watchChanges(fleet);
    const load = keepWorking(fleet, seedOfThisRun('chaos'));
    await setTimeout(1500);

    await redis.kill();
    await setTimeout(1000);
    await redis.start();
    await setTimeout(3000);
    await load.stop();

    await expectNothingLost(fleet, changes);
  });

  it.each([
    [
      'is killed',
      async ({ master, promote, turn }: RedisPair) => {
        await master.kill();
        await setTimeout(1000);
        await promote();
        turn();
      },
    ],
    [
      'still takes writes for a while, which are lost',
      async ({ promote, turn, demote }: RedisPair) => {
        await promote();
        await setTimeout(1000);
        turn();
        await demote();
      },
    ],
  ])(
    'go on with a replica of Redis when the master %s, and issue no code twice',
    async (_, failOver) => {
      const redis = await startRedisPair();
      const fleet = await openFleetWith(redis, { env: DRAINING });
      const changes = watchChanges(fleet);
      const load = keepWorking(fleet, seedOfThisRun('chaos'));
      await setTimeout(1500);

      await failOver(redis);
      const before = changes.intents();
      await vi.waitUntil(() => changes.intents() > before, { timeout: 60_000, interval: 200 });
      await load.stop();

      await expectNothingLost(fleet, changes);
    },
  );
});
