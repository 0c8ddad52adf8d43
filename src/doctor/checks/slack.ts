import { slackUseOf } from '../../config/slack-use.ts';
import { ALL_SCOPES, scopesFor } from '../../slack/scopes.ts';
import { type Check, type Finding, failed, ok, warning } from '../finding.ts';
import type { SlackAccess } from '../slack-access.ts';
import { inSlack } from '../slack-trouble.ts';

/** Whether Slack accepts the bot token, which workspace it belongs to, and how long Slack takes to answer. */
export const botToken: Check = {
  area: 'Slack',
  name: 'bot token',
  async run({ slack }) {
    if (!slack) return unasked('bot token', FIRST);
    try {
      const { name, teamId, enterpriseId } = await slack.workspace();
      const where = teamId ?? `${enterpriseId}, the whole organization`;
      const grid = teamId && enterpriseId ? `, in the organization ${enterpriseId}` : '';
      return [
        ok('bot token', 'Slack accepts it'),
        ok('workspace', `${name} (${where})${grid}`),
        await time(slack),
      ];
    } catch (error) {
      return [inSlack('bot token', error, slack.host)];
    }
  },
};

/** A form has to open within three seconds of the command: https://docs.slack.dev/surfaces/modals */
const SLOW = 1000;

async function time(slack: SlackAccess): Promise<Finding> {
  await slack.ask('auth.test');
  const ms = Math.round(slack.heard.warm());
  if (ms < SLOW) return ok('time to Slack', `${ms} ms, over an open connection`);
  return warning('time to Slack', `${ms} ms: forms open late, or not at all`, {
    remedy: 'Run the app closer to Slack; check the proxy and the network.',
  });
}

/** Each scope that this configuration needs, and each granted one that it does not need. */
export const scopes: Check = {
  area: 'Slack',
  name: 'scopes',
  async run({ slack, config, changes }) {
    if (!slack || !(await isThere(slack))) return [];
    const granted = slack.granted();
    if (!granted) {
      return [
        warning('scopes', 'Slack does not say what the token may do', {
          remedy: 'Compare the app’s scopes with those that npm run manifest prints.',
        }),
      ];
    }
    const needed = scopesFor(slackUseOf(config, changes));
    const spare = granted.filter((scope) => !needed.includes(scope));
    return [
      ...needed.map((scope) => scopeLine(scope, granted.includes(scope))),
      ...spare.map((scope) =>
        warning(scope, `granted, and ${useOf(scope)}`, {
          remedy: 'Remove it from the app, unless this is intended.',
        }),
      ),
    ];
  },
};

/** What shows channels. The app itself needs none of them. */
export const READ_SCOPES = ['channels:read', 'groups:read'];

function useOf(scope: string): string {
  if (ALL_SCOPES.includes(scope)) return 'not needed now';
  return READ_SCOPES.includes(scope) ? 'used only by the doctor' : 'never needed';
}

const scopeLine = (scope: string, isGranted: boolean): Finding =>
  isGranted
    ? ok(scope, 'granted')
    : failed(scope, 'missing', {
        remedy: 'Add it under OAuth & Permissions and install the app again.',
        symptom: 'the-bot-token-lacks-a-scope',
      });

/** Whether Slack accepts the bot token. If not, a line says so already. */
export const isThere = (slack: SlackAccess): Promise<boolean> =>
  slack.workspace().then(
    () => true,
    () => false,
  );

const FIRST = 'Fix the configuration first.';
const BOT_TOKEN_FIRST = 'Fix the bot token first: see above.';

/** The line for what could not be checked. */
export const unasked = (name: string, remedy = BOT_TOKEN_FIRST): Finding[] => [
  warning(name, 'not checked: Slack could not be asked', { remedy }),
];
