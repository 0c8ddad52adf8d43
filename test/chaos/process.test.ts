import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { verify } from '../../src/audit/verify.ts';
import { openScene } from './support/scene.ts';
import { allType, keepTyping } from './support/together.ts';

const USER = '/securid user grace@acme.test';

describe('a process that is ended under load', () => {
  it('by SIGTERM answers everything it has accepted, and another one continues its trail', async () => {
    const scene = await openScene();
    scene.tenant.setDelay(300);
    const load = keepTyping(scene, USER, { count: 50 });
    for (let time = 0; time < 3; time += 1) {
      await setTimeout(1000);
      await scene.end('SIGTERM');
      await scene.start();
    }
    await setTimeout(500);
    await load.stop();

    expect(scene.ledger.count('LOST SILENTLY')).toBe(0);
    expect(scene.ledger.count('ANSWERED TWICE')).toBe(0);
    expect(scene.ledger.count('died with the process')).toBe(0);
    expect(await verify([scene.auditFile])).toMatchObject({ ok: true });
  });

  it('by SIGTERM logs how many requests it leaves without an answer', async () => {
    const scene = await openScene();
    scene.tenant.setAlways('hang');
    const asked = allType(scene, USER);
    await scene.tenant.saw('POST /v1/users/lookup');
    await setTimeout(500);

    await scene.end('SIGTERM');

    await asked;
    const died = scene.ledger.count('died with the process');
    const [line] = scene.logged.filter(({ msg }) => /without an answer/.test(msg));
    expect(died).toBe(50);
    expect(line).toMatchObject({ unanswered: died });
  });

  it('by SIGKILL loses no more than was under way', async () => {
    const scene = await openScene();
    scene.tenant.setDelay(200);
    const load = keepTyping(scene, USER, { count: 50 });
    let underWay = 0;
    for (let time = 0; time < 3; time += 1) {
      await setTimeout(1000);
      underWay += (await scene.end('SIGKILL')).length;
      await scene.start();
    }
    await setTimeout(500);
    await load.stop();

    const died = scene.ledger.count('died with the process');
    expect(scene.ledger.count('LOST SILENTLY')).toBe(0);
    expect(scene.ledger.count('ANSWERED TWICE')).toBe(0);
    expect(died).toBeLessThanOrEqual(underWay);
    expect(await verify([scene.auditFile])).toMatchObject({ ok: true });
    console.log(`3 kills: ${died} of ${underWay} under way were acknowledged and never answered`);
  });
});
