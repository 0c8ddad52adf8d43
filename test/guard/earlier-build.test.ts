import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MIRA } from '../../src/playground/company.ts';
import { find } from '../../src/playground/workspace/index.ts';
import { eventually, openHelpDesk } from '../support/help-desk.ts';
import { OUTPUT } from '../support/printed.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { fillIn, verify } from '../support/verification.ts';

/**
 * What an earlier build sealed and wrote: a card for Alan and the form behind it, and the state after a code
 * for Grace, her report of it, and a lockdown. Builds run side by side while one replaces the other, so a card or a
 * state of another shape needs a new name, or a line in the changelog.
 */
const left = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/earlier-build.json'), 'utf8'),
);

async function openDesk(state?: object) {
  const STATE_FILE = join(OUTPUT, `printed-state-${randomUUID()}.json`);
  if (state) writeFileSync(STATE_FILE, JSON.stringify(state), { mode: 0o600 });
  const desk = await openHelpDesk({
    now: left.at,
    env: { SECURID_APPROVERS: MIRA, SECURID_CODES_PER_AGENT_HOUR: '1', STATE_FILE },
  });
  desk.tenant.records.devices = [];
  return desk;
}

describe('what an earlier build left', () => {
  it('goes on from its card', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    const [placed] = find(card, 'Verify and issue', ['button']);
    Object.assign(placed?.element ?? {}, { value: left.card });

    await verify(desk.agent, card);

    await eventually(() => desk.screen(card).includes('Hide now'));
  });

  it('takes its form', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    const { form } = await fillIn(desk.agent, card);
    Object.assign(form.view, left.form);

    // Its answer goes to the workspace of that time, so only its end is seen here.
    expect(await desk.agent.submits(form)).toMatchObject({ closed: true });
    expect(desk.printed.join()).not.toContain('not known');
  });

  it('keeps its lockdown, its block and its limits', async () => {
    const desk = await openDesk(left.state);
    const card = async (who: string) =>
      desk.screen(await desk.agent.asks(`/securid code ${who} ios`));

    expect(await card('alan@acme.test')).toContain('SecurID Desk is in lockdown');
    await desk.manager.liftsLockdown();

    expect(await card('grace@acme.test')).toContain('This account is on hold');
    expect(await card('alan@acme.test')).toContain('You have issued one code within an hour.');
  });
});

/** Under these names an earlier build finds in Redis what stops a change. A new name allows what the old one refuses. */
const SHARED = [
  'order lockdown',
  'used card <id>',
  '{orders}',
  '{uses}:active code <id>',
  '{uses}:changes per agent U0JONAS',
  '{uses}:codes per agent U0JONAS',
  '{uses}:codes per user <id>',
];

describe.skipIf(!redisInstalled)('an earlier build beside this one', () => {
  it('finds in Redis what stops a change', async () => {
    const redis = await startRedis();
    const desk = await openHelpDesk({ env: { SECURID_APPROVERS: MIRA, REDIS_URL: redis.url } });
    desk.tenant.records.devices = [];
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    await verify(desk.agent, card);
    await eventually(() => desk.screen(card).includes('Hide now'));
    await desk.manager.asks('/securid lockdown on');

    const keys = (await redis.ask('KEYS', '*')) as string[];
    const names = keys.map((key) =>
      key.replace('securid-desk:', '').replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/, '<id>'),
    );
    expect(names).toEqual(expect.arrayContaining(SHARED));
    expect(await redis.ask('HGET', 'securid-desk:{orders}', 'lockdown')).toMatch(
      /^on 1 \d{13} [\w-]{43}$/,
    );
  });
});
