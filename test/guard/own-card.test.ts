import { expect, it } from 'vitest';
import type { Change } from '../../src/guard/change/change.ts';
import { SecurIDError } from '../../src/securid/index.ts';
import { paragraph } from '../../src/slack/blocks.ts';
import { declared, THAW } from '../support/declared-change.ts';
import { openHelpDesk } from '../support/help-desk.ts';
import { verify } from '../support/verification.ts';

const openDesk = (thaw: Change) => openHelpDesk({ changes: [thaw] });

it('offers no form if the change itself says that it makes no sense', async () => {
  const unable = 'This one is not frozen.';
  const { agent, screen } = await openDesk(
    declared({ card: async () => ({ facts: [['State', 'Warm']], blocks: [], unable }) }),
  );

  const card = screen(await agent.asks('/securid thaw alan@acme.test'));

  expect(card).toContain('State: Warm\n⛔ This one is not frozen.\n[ Cancel ]');
});

it('shows the failure, and offers to try again, if the change cannot tell', async () => {
  const { agent, screen, tenant } = await openDesk(
    declared({
      async card({ securid }, { user }, call) {
        await securid.authenticators.detailsV2(user.id, {
          ...call.securid,
          includeBrowsers: false,
        });
        return { facts: [], blocks: [] };
      },
    }),
  );
  tenant.answerNext({ status: 500 }, 1, 'GET /v2/users/{id}/devices');

  const failed = await agent.asks('/securid thaw alan@acme.test');

  expect(screen(failed)).toContain('SecurID did not answer');
  expect(screen(await agent.clicks(failed, 'Try again'))).toContain('[ Verify and thaw ]');
});

it('explains a refusal by what was asked for', async () => {
  const { agent, screen, tenant } = await openDesk(
    declared({
      explain: async (_, { reason, key }) => [paragraph(`${reason} ${Object.values(key)}`)],
    }),
  );
  const card = await agent.asks('/securid thaw alan@acme.test');
  const body = { code: '404 NOT_FOUND', description: 'User not found' };
  tenant.answerNext({ status: 404, body }, 1, THAW);

  const press = await verify(agent, card, { button: 'Verify and thaw' });
  await press.answer();
  await press.answer();

  expect(screen(card)).toContain('USER_NOT_FOUND alan@acme.test');
});

it('says that what was to be changed is gone, and not that something was mistyped', async () => {
  const { agent, screen } = await openDesk(
    declared({
      async perform() {
        throw new SecurIDError('NOT_FOUND', 'PATCH v1/users/{userId}/methods: 404');
      },
    }),
  );
  const card = await agent.asks('/securid thaw alan@acme.test');

  const press = await verify(agent, card, { button: 'Verify and thaw' });
  await press.answer();
  await press.answer();

  expect(screen(card)).toContain(
    '⚠️ Nothing was thawed. SecurID no longer finds the user, or what was to be changed. Look the user up again',
  );
});
