import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../support/random.ts';
import { watchChanges } from './support/changes.ts';
import { watchCodes } from './support/codes.ts';
import { USER_EMAILS } from './support/company.ts';
import { openScene } from './support/scene.ts';
import { allType } from './support/together.ts';
import { createWork } from './support/work.ts';

describe.each([90_000, -90_000])('with a clock that is %i ms wrong', (skew) => {
  it('answers, and issues codes', async () => {
    const scene = await openScene({ skew });
    const codes = watchCodes(scene);
    const changes = watchChanges({ ...scene, auditFiles: [scene.auditFile] });
    const random = createRandom(1);
    let users = 0;
    const nextUser = () => USER_EMAILS[users++] as string;
    const work = createWork({ scene, random, fault: () => 'skew', nextUser });

    for (const text of ['user', 'authenticators']) {
      const entries = await allType(scene, `/securid ${text} grace@acme.test`);
      expect(entries.map((entry) => entry.end())).toEqual(entries.map(() => 'answered'));
    }
    await Promise.all(
      scene.agents.map((person, index) =>
        work(
          scene.agentIds[index] as string,
          person,
          () => users >= 20,
          () => setTimeout(10),
        ),
      ),
    );

    expect(codes.shown().length).toBeGreaterThanOrEqual(20);
    expect(changes.withoutIntent).toEqual([]);
    expect(scene.ledger.table().ALL).toEqual({
      all: scene.ledger.entries.length,
      answered: scene.ledger.entries.length,
    });
  });
});
