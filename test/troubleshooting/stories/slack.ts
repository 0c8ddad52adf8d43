import * as company from '../../../src/playground/company.ts';
import type { SlackGroup, SlackTeam, Workspace } from '../../../src/playground/workspace/index.ts';
import { type HelpDesk, type Message, openHelpDesk } from '../../support/help-desk.ts';
import { verify } from '../../support/verification.ts';
import { heard, type Stories, says } from '../support/stories.ts';

const ASK = '/securid user grace@acme.test';

/** A channel that nobody has invited the bot to. */
const WITHOUT_BOT = company.IT_MANAGERS;

/** From now on Slack refuses the bot token. */
const refuseToken = ({ setAlways }: Workspace, error: string) =>
  setAlways((where) =>
    where === 'response_url'
      ? undefined
      : { status: 200, body: JSON.stringify({ ok: false, error }) },
  );

async function withoutToken(error: string): Promise<string> {
  const desk = await openHelpDesk();
  refuseToken(desk.workspace, error);
  await desk.app.check();
  return heard(desk, await desk.agent.asks(ASK));
}

/** The group of the agents is not there any more. */
async function withoutGroup(spoil: (groups: SlackGroup[], own: SlackGroup) => void) {
  const desk = await openHelpDesk();
  const { groups } = desk.workspace;
  for (const own of groups.filter(({ id }) => id === company.HELP_DESK_GROUP)) spoil(groups, own);
  await desk.app.check();
  return heard(desk, await desk.agent.asks(ASK));
}

/** One workspace of an organization that has others. */
const ORGANIZATION = {
  enterpriseId: 'E0ACME',
  isOrgWide: true,
  sisters: [{ id: 'T0EMEA', domain: 'acme-emea', isWithoutApp: true }],
};

async function withWorkspaces(listed: string, team: Partial<SlackTeam> = {}): Promise<string> {
  const desk = await openHelpDesk({ team, env: { SECURID_WORKSPACES: listed } });
  await desk.app.check();
  return heard(desk, await desk.agent.asks('/securid help'));
}

const DAY = 24 * 60 * 60_000;

/** A manager approves in an organization where only one of their workspaces counts. */
async function approvalAfter(before: (desk: HelpDesk) => Promise<void>): Promise<string> {
  const env = {
    SECURID_WORKSPACES: 'T0ACME',
    SECURID_APPROVERS: company.MIRA,
    SECURID_APPROVAL: 'always',
    SECURID_APPROVAL_CHANNEL: company.APPROVALS,
  };
  const desk = await openHelpDesk({ team: { enterpriseId: 'E0ACME', isOrgWide: true }, env });
  for (const person of desk.workspace.people) person.teams = ['T0ACME', 'T0EMEA'];
  await before(desk);
  const card = await desk.agent.asks('/securid code alan@acme.test ios');
  await (await verify(desk.agent, card)).answer();
  const request = desk.workspace.messages.findLast(
    ({ channel, to }) => channel === company.APPROVALS && !to,
  );
  if (!request) throw new Error('no approval was asked for');
  return heard(desk, await desk.manager.clicks(request, 'Approve'));
}

/** An approval is asked for in a channel that is not as it was. */
async function approvalIn(channel: string, spoil: (desk: HelpDesk) => void = () => {}) {
  const env = {
    SECURID_APPROVAL: 'always',
    SECURID_APPROVERS: company.MIRA,
    SECURID_APPROVAL_CHANNEL: channel,
  };
  const desk = await openHelpDesk({ env });
  spoil(desk);
  const card = await desk.agent.asks('/securid code alan@acme.test ios');
  return heard(desk, await (await verify(desk.agent, card)).answer());
}

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
    'the group was deleted': () =>
      withoutGroup((groups, own) => groups.splice(groups.indexOf(own), 1)),
    'the group is disabled': () =>
      withoutGroup((_, own) => {
        own.isDisabled = true;
      }),
    'the group belongs to another workspace': () =>
      withoutGroup((_, own) => {
        own.teamId = 'T0EMEA';
      }),
  },

  'the-slack-plan-has-no-user-groups': {
    async 'it is the free plan'() {
      const desk = await openHelpDesk();
      desk.workspace.setPlan('free');
      return heard(desk, await desk.agent.asks(ASK));
    },
  },

  'the-app-is-not-in-that-workspace': {
    'the id is wrong': () => withWorkspaces('T0ACMEE', ORGANIZATION),
    'the app was not added to that workspace': () => withWorkspaces('T0ACME,T0EMEA', ORGANIZATION),
    'the bot token belongs to another workspace': () => withWorkspaces('T0EMEA'),
  },

  'slack-does-not-say-in-which-workspace-somebody-is': {
    'they have not typed a command in that channel': () =>
      approvalAfter(async ({ manager }) => {
        await manager.asks('/securid help', company.SECURITY);
      }),
    'the app was restarted, and there is no Redis': () =>
      approvalAfter(async ({ manager, openSecondBot }) => {
        await manager.asks('/securid help', company.APPROVALS);
        (await openSecondBot()).isAsked();
      }),
    'they typed the last one more than 90 days ago': () =>
      approvalAfter(async ({ manager, clock }) => {
        await manager.asks('/securid help', company.APPROVALS);
        clock.advance(91 * DAY);
      }),
  },

  'slack-does-not-accept-the-bot-token': {
    'the token was revoked': () => withoutToken('token_revoked'),
    'the app was removed': () => withoutToken('account_inactive'),
    'the token is not complete': () => withoutToken('invalid_auth'),
  },

  'a-channel-does-not-accept-messages': {
    'the bot is not in the channel: that of approvals': () => approvalIn(WITHOUT_BOT),
    'the channel is archived': () =>
      approvalIn(company.APPROVALS, ({ workspace }) => {
        for (const channel of workspace.channels) {
          channel.isArchived = channel.id === company.APPROVALS;
        }
      }),
    async 'there is no such channel for the bot'() {
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
    async 'the bot is not in the channel: that of license summaries'() {
      const desk = await openHelpDesk({
        now: '2026-03-31T18:00:00Z',
        env: { SECURID_LICENSE_CHANNEL: WITHOUT_BOT },
      });
      desk.clock.advance(15 * 60 * 60_000);
      await says(desk, 'SECURID_LICENSE_CHANNEL did not get');
      return heard(desk);
    },
    async 'the bot is not in the channel: where /securid license was typed'() {
      const desk = await openHelpDesk();
      desk.workspace.failNext('response_url', {
        status: 200,
        body: '{"ok":false,"error":"not_in_channel"}',
      });
      return heard(desk, await desk.manager.asks('/securid license', company.IT_MANAGERS));
    },
  },
};
