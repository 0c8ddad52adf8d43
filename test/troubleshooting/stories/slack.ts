import * as company from '../../../src/playground/company.ts';
import { type Message, openHelpDesk } from '../../support/help-desk.ts';
import { verify } from '../../support/verification.ts';
import { heard, type Stories, says } from '../support/stories.ts';

const ASK = '/securid user grace@acme.test';

/** A channel that nobody has invited the bot to. */
const WITHOUT_BOT = company.IT_MANAGERS;

/** Slack refuses something. */
export const slack: Stories = {
  'the-bot-token-lacks-a-scope': {
    async 'the app was installed without it'() {
      const desk = await openHelpDesk();
      const { scopes } = desk.workspace;
      scopes.splice(scopes.indexOf('usergroups:read'), 1);
      return heard(desk, await desk.agent.asks(ASK));
    },
  },

  'slack-has-no-such-user-group': {
    async 'the group is gone'() {
      const desk = await openHelpDesk({ env: { SECURID_AGENTS: 'S0GONE' } });
      return heard(desk, await desk.agent.asks(ASK));
    },
  },

  'the-slack-plan-has-no-user-groups': {
    async 'it is the free plan'() {
      const desk = await openHelpDesk();
      desk.workspace.setPlan('free');
      return heard(desk, await desk.agent.asks(ASK));
    },
  },

  'the-app-is-not-in-that-workspace': {
    async 'it was not added to one'() {
      const team = {
        enterpriseId: 'E0ACME',
        isOrgWide: true,
        sisters: [{ id: 'T0EMEA', domain: 'acme-emea', isWithoutApp: true }],
      };
      const desk = await openHelpDesk({ team, env: { SECURID_WORKSPACES: 'T0ACME,T0EMEA' } });
      return heard(desk, await desk.agent.asks('/securid help'));
    },
    async 'the token is another workspace’s'() {
      const desk = await openHelpDesk({ env: { SECURID_WORKSPACES: 'T0EMEA' } });
      return heard(desk, await desk.agent.asks('/securid user grace@acme.test'));
    },
  },

  'slack-does-not-say-in-which-workspace-somebody-is': {
    async 'they have not typed in that channel'() {
      const team = { enterpriseId: 'E0ACME', isOrgWide: true };
      const env = {
        SECURID_WORKSPACES: 'T0ACME',
        SECURID_APPROVERS: company.MIRA,
        SECURID_APPROVAL: 'always',
        SECURID_APPROVAL_CHANNEL: company.APPROVALS,
      };
      const desk = await openHelpDesk({ team, env });
      for (const person of desk.workspace.people) person.teams = ['T0ACME', 'T0EMEA'];
      const card = await desk.agent.asks('/securid code alan@acme.test ios');
      await (await verify(desk.agent, card)).answer();
      const request = desk.workspace.messages.find(({ channel }) => channel === company.APPROVALS);
      if (!request) throw new Error('no approval was asked for');
      return heard(desk, await desk.manager.clicks(request, 'Approve'));
    },
  },

  'slack-does-not-accept-the-bot-token': {
    async 'it was revoked'() {
      const desk = await openHelpDesk();
      const body = '{"ok":false,"error":"token_revoked"}';
      desk.workspace.setAlways((where) =>
        where === 'response_url' ? undefined : { status: 200, body },
      );
      return heard(desk, await desk.agent.asks(ASK));
    },
  },

  'a-channel-takes-no-message': {
    async 'SECURID_APPROVAL_CHANNEL lacks the bot'() {
      const desk = await openHelpDesk({
        env: {
          SECURID_APPROVAL: 'always',
          SECURID_APPROVERS: company.MIRA,
          SECURID_APPROVAL_CHANNEL: WITHOUT_BOT,
        },
      });
      const card = await desk.agent.asks('/securid code alan@acme.test ios');
      return heard(desk, await (await verify(desk.agent, card)).answer());
    },
    async 'SECURID_SECURITY_CHANNEL and AUDIT_CHANNEL lack the bot'() {
      const desk = await openHelpDesk({
        env: {
          SECURID_APPROVERS: company.MIRA,
          SECURID_SECURITY_CHANNEL: WITHOUT_BOT,
          AUDIT_CHANNEL: 'C0GONE',
        },
      });
      const card = await desk.agent.asks('/securid code alan@acme.test ios');
      const came = await verify(desk.agent, card);
      await came.answer();
      await came.answer();
      const [notice] = desk.workspace.seenBy('U0ALAN', 'DU0ALAN');
      await desk.person('U0ALAN').clicks(notice as Message, "This wasn't me");
      await desk.manager.asks('/securid lockdown on');
      await says(desk, 'could not announce a lockdown in a channel');
      await says(desk, 'AUDIT_CHANNEL did not get');
      await says(desk, 'SECURID_SECURITY_CHANNEL did not get');
      return heard(desk);
    },
    async 'SECURID_LICENSE_CHANNEL lacks the bot'() {
      const desk = await openHelpDesk({
        now: '2026-03-31T18:00:00Z',
        env: { SECURID_LICENSE_CHANNEL: WITHOUT_BOT },
      });
      desk.clock.advance(15 * 60 * 60_000);
      await says(desk, 'SECURID_LICENSE_CHANNEL did not get');
      return heard(desk);
    },
    async 'the channel where /securid license was typed lacks it'() {
      const desk = await openHelpDesk();
      desk.workspace.failNext('response_url', {
        status: 200,
        body: '{"ok":false,"error":"not_in_channel"}',
      });
      return heard(desk, await desk.manager.asks('/securid license', company.IT_MANAGERS));
    },
  },
};
