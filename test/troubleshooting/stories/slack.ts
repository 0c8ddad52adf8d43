import { openHelpDesk } from '../../support/help-desk.ts';
import { heard, type Stories } from '../support/stories.ts';

/** Slack refuses something. */
export const slack: Stories = {
  'the-bot-token-lacks-a-scope': {
    async 'the app was installed without it'() {
      const desk = await openHelpDesk();
      const { scopes } = desk.workspace;
      scopes.splice(scopes.indexOf('usergroups:read'), 1);
      return heard(desk, await desk.agent.asks('/securid user grace@acme.test'));
    },
  },

  'slack-has-no-such-user-group': {
    async 'the group is gone'() {
      const desk = await openHelpDesk({ env: { SECURID_AGENTS: 'S0GONE' } });
      return heard(desk, await desk.agent.asks('/securid user grace@acme.test'));
    },
  },

  'slack-does-not-accept-the-bot-token': {
    async 'it was revoked'() {
      const desk = await openHelpDesk();
      const body = '{"ok":false,"error":"token_revoked"}';
      desk.workspace.setAlways((where) =>
        where === 'response_url' ? undefined : { status: 200, body },
      );
      return heard(desk, await desk.agent.asks('/securid user grace@acme.test'));
    },
  },
};
