import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openScene, type Scene } from './support/scene.ts';
import { account, reconnected } from './support/sockets.ts';
import { printTable } from './support/table.ts';
import { allType, keepTyping } from './support/together.ts';

const USER = '/securid user grace@acme.test';
describe('in Socket Mode', () => {
  it.each<[string, (scene: Scene) => void]>([
    ['was refreshed', ({ workspace }) => workspace.disconnect('refresh_requested')],
    ['died', ({ workspace }) => workspace.dropSockets()],
  ])('goes on after the socket %s, under load', async (name, happen) => {
    const scene = await openScene({ mode: 'socket' });
    const load = keepTyping(scene, USER);
    const waits: number[] = [];

    for (let time = 0; time < 2; time += 1) {
      await setTimeout(1000);
      happen(scene);
      waits.push(await reconnected(scene));
    }
    await setTimeout(1000);
    await load.stop();

    account(scene);
    const after = await allType(scene, USER, { fault: 'afterwards' });
    expect(after.map((entry) => entry.end())).toEqual(after.map(() => 'answered'));
    console.log(`the socket ${name}: there again after ${waits.join(' and ')} ms`);
    printTable(scene.ledger.table());
  });

  it('retries every half minute, however long Slack was unreachable', async () => {
    const HASTE = 200;
    const scene = await openScene({ mode: 'socket', haste: HASTE });

    await scene.workspace.goAway();
    // More than 40 minutes of the bot's waits.
    await setTimeout(12_500);
    await scene.workspace.comeBack();

    const wait = await reconnected(scene);
    expect(wait).toBeLessThan(1000);
    console.log(
      `after ${Math.round((12.5 * HASTE) / 60)} minutes there again within ${(wait * HASTE) / 1000} s`,
    );
  });
});
