import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { slackUseOf } from '../../src/config/slack-use.ts';
import { createChanges } from '../../src/guard/change/changes.ts';
import { CHANGES } from '../../src/operations/changes.ts';
import { APPROVALS, HELP_DESK_GROUP, JONAS, MIRA, SANA } from '../../src/playground/company.ts';
import { startTenant } from '../../src/playground/tenant/index.ts';
import { scopesFor } from '../../src/slack/scopes.ts';
import { keepBody, openHelpDesk } from '../support/help-desk.ts';
import { manualClock } from '../support/manual-clock.ts';
import { verify } from '../support/verification.ts';

const ALWAYS = ['commands', 'users:read', 'users:read.email'];
const LOOK_UPS_ONLY = {
  SECURID_AGENTS: JONAS,
  SECURID_MANAGERS: '',
  SECURID_CHANGES: 'sync',
};

async function scopesWith(env: Record<string, string>): Promise<string[]> {
  const tenant = await startTenant({ clock: manualClock() });
  await tenant.stop();
  const config = await readConfig(
    {
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_APP_TOKEN: 'xapp-1',
      SECURID_API_KEY: JSON.stringify(tenant.apiKey),
      ...env,
    },
    () => '',
  );
  return scopesFor(slackUseOf(config, createChanges(CHANGES, config.changes).on));
}

describe('the scopes that a configuration needs', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['look-ups for people named by id', {}, []],
    ['a user group of agents', { SECURID_AGENTS: HELP_DESK_GROUP }, ['usergroups:read']],
    ['a user group of approvers', { SECURID_APPROVERS: HELP_DESK_GROUP }, ['usergroups:read']],
    ['a protected user group', { SECURID_PROTECTED: HELP_DESK_GROUP }, ['usergroups:read']],
    ['protected people', { SECURID_PROTECTED: `${SANA},ada@acme.test` }, []],
    ['a change that its user is told of', { SECURID_CHANGES: 'sync,unlock' }, ['chat:write']],
    ['an approval channel', { SECURID_APPROVAL_CHANNEL: APPROVALS }, ['chat:write']],
    ['a security channel', { SECURID_SECURITY_CHANNEL: APPROVALS }, ['chat:write']],
    ['an audit channel', { AUDIT_CHANNEL: APPROVALS }, ['chat:write']],
    ['a license channel', { SECURID_LICENSE_CHANNEL: APPROVALS }, ['chat:write']],
    ['managers', { SECURID_MANAGERS: MIRA }, ['chat:write', 'files:write']],
  ])('for %s', async (_, env, more) => {
    const scopes = await scopesWith({ ...LOOK_UPS_ONLY, ...env });
    expect(scopes.toSorted()).toEqual([...ALWAYS, ...more].toSorted());
  });

  it('are enough for look-ups and for what follows the directory', async () => {
    const desk = await openHelpDesk({ env: LOOK_UPS_ONLY });
    expect(desk.workspace.scopes).toEqual(ALWAYS);

    expect(desk.screen(await desk.agent.asks('/securid user @grace'))).toContain('Grace Okafor');
    await desk.agent.asks('/securid sync grace@acme.test');
    const { status } = await fetch(`${desk.ops}/readyz`).then(async (response) => {
      await keepBody(response);
      return response;
    });

    expect(status).toBe(200);
    expect(desk.logged().filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it('are enough for a code, its notice and the file of a manager', async () => {
    const desk = await openHelpDesk({ env: { SECURID_AGENTS: JONAS, SECURID_MANAGERS: MIRA } });
    expect(desk.workspace.scopes).not.toContain('usergroups:read');

    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    await (await verify(desk.agent, card)).answer();
    const summary = await desk.manager.asks('/securid license private');
    await desk.manager.clicks(summary, 'Download CSV');

    const refused = desk.logged().filter(({ err }) => JSON.stringify(err)?.includes('scope'));
    expect(refused).toEqual([]);
    expect(desk.workspace.messages.some(({ files }) => (files ?? []).length > 0)).toBe(true);
  });
});
