import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/playground/tenant/index.ts';
import type { Entry } from './support/entry.ts';
import { openScene } from './support/scene.ts';
import { allType } from './support/together.ts';

/** What the documentation promises, and a second for a slow machine. */
const IN_TIME = 21_000;
const USER = '/securid user grace@acme.test';
const NOBODY_SAID = 'SecurID did not answer. Try again in a minute.';
const NOT_UNDERSTOOD = 'SecurID sent an answer that this app does not understand.';
const KEY_REFUSED = "SecurID refused this app's key.";

/** What each agent read, without the incident numbers. */
const read = (entries: Entry[]) => [
  ...new Set(
    entries.map((entry) =>
      entry
        .outcomes()
        .map(({ text }) => text)
        .join(' + '),
    ),
  ),
];
const slowest = (entries: Entry[]) => Math.max(...entries.map((entry) => entry.ms()));

describe('while the tenant', () => {
  it.each<[string, Fault, string]>([
    ['hangs', 'hang', NOBODY_SAID],
    ['resets connections', 'reset', NOBODY_SAID],
    ['ends in the middle of an answer', 'cut off', NOBODY_SAID],
    ['feeds its answer by drips', 'drip', NOBODY_SAID],
    ['answers with 503', { status: 503, body: '<h1>503</h1>' }, NOBODY_SAID],
    ['sends 10 MB', { status: 200, body: 'x'.repeat(10_000_000) }, NOT_UNDERSTOOD],
    ['refuses with 401', { status: 401 }, KEY_REFUSED],
  ])(
    '%s, answers every command within 20 s, and recovers at once afterwards',
    async (name, fault, sentence) => {
      const scene = await openScene();
      scene.tenant.setAlways(fault);

      const told = await allType(scene, USER);

      for (const text of read(told)) expect(text).toContain(sentence);
      expect(told.map((entry) => entry.end())).toEqual(told.map(() => 'told a failure'));
      expect(slowest(told)).toBeLessThan(IN_TIME);
      scene.tenant.setAlways(undefined);
      const answered = await allType(scene, USER);
      expect(read(answered)).toEqual(['Grace Okafor: Enabled']);
      expect(scene.ledger.count('ANSWERED TWICE')).toBe(0);
      console.log(
        `${name}: told within ${slowest(told)} ms, answered again in ${slowest(answered)} ms`,
      );
    },
  );

  it('answers 429, keeps one pause for all', async () => {
    const CONCURRENCY = 5;
    const PAUSE = 2000;
    const scene = await openScene({ env: { SECURID_CONCURRENCY: String(CONCURRENCY) } });
    const { tenant } = scene;
    await allType(scene, USER, { count: 1 });
    tenant.answerNext({ status: 429, headers: { 'retry-after': String(PAUSE / 1000) } }, 1);
    const before = tenant.requests.length;

    // Different serial numbers: identical look-ups would share a request.
    const entries = await Promise.all(
      scene.agents.map(async (person, index) => {
        const entry = scene.ledger.begin(scene.agentIds[index] as string, 'token', '429');
        entry.follow(await person.types(`/securid token ${900001 + index}`)).catch(() => {});
        await entry.ended();
        return entry;
      }),
    );

    const asked = tenant.requests.slice(before);
    const refusedAt = asked.find(({ status }) => status === 429)?.endedAt ?? 0;
    const beforeItsEnd = asked.filter(({ startedAt }) => startedAt < refusedAt + PAUSE - 50);
    expect(asked.filter(({ status }) => status === 429)).toHaveLength(1);
    // Requests under way when the pause began, and those that replaced them before the 429 arrived.
    expect(beforeItsEnd.length).toBeLessThanOrEqual(2 * CONCURRENCY);
    expect(entries.map((entry) => entry.end())).toEqual(entries.map(() => 'answered'));
    console.log(
      `429: ${asked.length} requests, ${beforeItsEnd.length} before the pause was over; the slowest ${slowest(entries)} ms`,
    );
  });

  it.each([401, 403] as const)(
    'changes its key and says %s, answers as if nothing had happened',
    async (status) => {
      const scene = await openScene();
      await allType(scene, USER, { count: 5 });
      for (let change = 0; change < 5; change += 1) {
        scene.tenant.revokeTokens(status);
        const entries = await allType(scene, USER);
        expect(read(entries)).toEqual(['Grace Okafor: Enabled']);
        await setTimeout(50);
      }
    },
  );
});
