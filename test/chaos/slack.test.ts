import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/playground/workspace/index.ts';
import { fillIn } from '../support/verification.ts';
import { USER_EMAILS } from './support/company.ts';
import { openScene, type Scene } from './support/scene.ts';
import { allType } from './support/together.ts';

const IN_TIME = 21_000;
const USER = '/securid user grace@acme.test';

const webApi = (fault: Fault) => (where: string) => (where === 'response_url' ? undefined : fault);
const responseUrl = (fault: Fault) => (where: string) =>
  where === 'response_url' ? fault : undefined;

const busy: Fault = { status: 429, headers: { 'retry-after': '1' } };

const slowest = ({ ledger }: Scene) => ledger.slowest();

describe('while Slack', () => {
  it.each<[string, Fault]>([
    ['answers with 503', { status: 503 }],
    ['hangs', 'hang'],
    ['resets connections', 'reset'],
    ['says 429', busy],
  ])(
    '%s to questions about people, still answers those it remembers, and lets nobody else in',
    async (name, fault) => {
      const scene = await openScene();
      await allType(scene, USER, { count: 25 });
      scene.workspace.setAlways(webApi(fault));

      const entries = await allType(scene, USER);

      const text = (index: number) => entries[index]?.outcomes().map((one) => one.text);
      for (const index of entries.keys()) {
        if (index < 25) expect(text(index)).toEqual(['Grace Okafor: Enabled']);
        else expect(text(index)?.join()).toContain('Slack did not answer when asked for your role');
      }
      expect(slowest(scene)).toBeLessThan(IN_TIME);
      scene.workspace.setAlways(undefined);
      const again = await allType(scene, USER);
      expect(again.map((entry) => entry.end())).toEqual(again.map(() => 'answered'));
      console.log(`${name}: everybody knew within ${slowest(scene)} ms`);
    },
  );

  it('cannot say who is asking, issues no code; afterwards it does', async () => {
    const { agents, tenant, workspace } = await openScene();
    const [agent] = agents;
    if (!agent) throw new Error('nobody is there');
    const card = await (await agent.types(`/securid code ${USER_EMAILS[0]} ios`)).answer();
    const { press, form } = await fillIn(agent, card);
    workspace.setAlways((where) => (where === 'users.info' ? busy : undefined));

    await agent.submits(form);

    const told = await press.answer();
    expect(told.kind === 'message' && told.text).toContain(
      'Slack did not answer when asked for your role',
    );
    expect(tenant.issuedCodes).toEqual([]);
    workspace.setAlways(undefined);
    const second = await fillIn(agent, card);
    await agent.submits(second.form);
    await second.press.answer();
    await second.press.answer();
    expect(tenant.issuedCodes).toHaveLength(1);
  });

  it.each<[string, Fault]>([
    ['takes no answer: 503', { status: 503 }],
    ['takes no answer: 429', busy],
    ['takes no answer and resets', 'reset'],
    ['hangs when answered', 'hang'],
  ])('%s, logs one line with an incident per command within 20 s', async (name, fault) => {
    const scene = await openScene();
    scene.workspace.setAlways(responseUrl(fault));

    const entries = await allType(scene, USER);

    const lines = scene.logged.filter(({ msg }) => msg === 'failed');
    expect(entries.map((entry) => entry.end())).toEqual(entries.map(() => 'failure logged'));
    expect(new Set(lines.map(({ incident }) => incident)).size).toBe(entries.length);
    expect(slowest(scene)).toBeLessThan(IN_TIME);
    console.log(`${name}: ${lines.length} lines within ${slowest(scene)} ms`);
  });

  it('fails twice to accept each answer, answers once', async () => {
    const scene = await openScene();
    scene.workspace.failNext('response_url', { status: 503 }, 2);
    const [entry] = await allType(scene, USER, { count: 1 });
    expect(entry?.outcomes().map(({ text }) => text)).toEqual(['Grace Okafor: Enabled']);
  });
});
