import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openScene, type Scene } from './support/scene.ts';
import { account, reconnected } from './support/sockets.ts';
import { printTable } from './support/table.ts';
import { allType, keepTyping } from './support/together.ts';

const USER = '/securid user grace@acme.test';
const MINUTE = 60_000;

type Outage = { leave(scene: Scene): Promise<void>; comeBack(scene: Scene): Promise<void> };

const OUTAGES: Record<string, Outage> = {
  'was unreachable': {
    leave: ({ workspace }) => workspace.goAway(),
    comeBack: ({ workspace }) => workspace.comeBack(),
  },
  'answered nothing but 503': {
    async leave({ workspace }) {
      workspace.setAlways(() => ({ status: 503 }));
      workspace.dropSockets();
    },
    comeBack: async ({ workspace }) => workspace.setAlways(undefined),
  },
};

async function survive(name: string, { leave, comeBack }: Outage): Promise<void> {
  const scene = await openScene({ mode: 'socket' });
  const load = keepTyping(scene, USER, { pause: 500 });
  await setTimeout(1000);

  await leave(scene);
  await setTimeout(MINUTE);
  await comeBack(scene);
  const wait = await reconnected(scene);
  await setTimeout(500);
  await load.stop();

  account(scene);
  const after = await allType(scene, USER, { fault: 'afterwards' });
  expect(after.map((entry) => entry.end())).toEqual(after.map(() => 'answered'));
  console.log(`Slack ${name} for a minute: there again ${wait} ms later`);
  printTable(scene.ledger.table());
}

/** Both at once: almost all of the time is waiting. */
it('in Socket Mode goes on after Slack was away for a minute, whatever the outage', async () => {
  await Promise.all(Object.entries(OUTAGES).map(([name, outage]) => survive(name, outage)));
});
