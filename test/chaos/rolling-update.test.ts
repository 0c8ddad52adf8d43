import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { redisInstalled } from '../support/redis.ts';
import { HEARD_WITHIN } from './support/balancer.ts';
import { watchChanges } from './support/changes.ts';
import { USER_EMAILS } from './support/company.ts';
import { type Fleet, openFleet } from './support/fleet.ts';
import { createRandom, seedOfThisRun } from './support/random.ts';
import { printTable } from './support/table.ts';
import { createWork } from './support/work.ts';

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

/** Each command was answered once, and nothing else happened to any. */
function expectNothingLost({ ledger, balancer }: Fleet): void {
  for (const entry of ledger.entries) {
    if (entry.end() === 'answered') continue;
    console.log(`${entry.end()}: ${entry.what}: ${entry.outcomes().map(({ text }) => text)}`);
  }
  printTable(ledger.table());
  expect(balancer?.lost ?? []).toEqual([]);
  expect(ledger.count('answered')).toBe(ledger.entries.length);
}

describe.skipIf(!redisInstalled)('a rolling update', () => {
  it('behind a balancer loses no command, button or form', async () => {
    const fleet = await openFleet({ env: { DRAIN_SECONDS: String(HEARD_WITHIN / 1000) } });
    const changes = watchChanges(fleet);
    const load = keepWorking(fleet, seedOfThisRun());

    for (const instance of fleet.instances) {
      await setTimeout(1000);
      expect(await instance.end('SIGTERM')).toBe(0);
      await instance.start();
    }
    await setTimeout(1000);
    await load.stop();

    expectNothingLost(fleet);
    for (const instance of fleet.instances) expect(instance.taken()).toBeGreaterThan(0);
    expect(changes.intents()).toBeGreaterThan(0);
    expect(changes.ended('done')).toBe(changes.intents());
    expect([changes.withoutIntent, changes.twice, changes.afterTheEnd]).toEqual([[], [], []]);
    expect([changes.unclear(), changes.untrue()]).toEqual([[], []]);
    expect(await fleet.isUnbroken()).toEqual([true, true]);
  });
});
