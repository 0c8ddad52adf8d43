import { type Check, type Finding, failed, ok } from '../finding.ts';
import type { SlackAccess } from '../slack-access.ts';
import { inSlack } from '../slack-trouble.ts';
import { isThere } from './slack.ts';

/** How many workspaces are listed when all of them may use the app. */
const NAMED = 10;

/** The workspaces whose people may use the app, on Enterprise Grid or if the settings name some. */
export const workspaces: Check = {
  area: 'Slack',
  name: 'workspaces',
  async run({ slack, config }) {
    if (!slack || !(await isThere(slack))) return [];
    const { teamId } = await slack.workspace();
    if (teamId !== undefined && config.workspaces.length === 0) return [];
    try {
      return linesFor(config.workspaces, await slack.people.workspaces());
    } catch (error) {
      return [inSlack('workspaces', error, slack.host)];
    }
  },
};

type Teams = Awaited<ReturnType<SlackAccess['people']['workspaces']>>;

function linesFor(wanted: readonly string[], teams: Teams): Finding[] {
  if (teams.length === 0) {
    return [
      failed('workspaces', 'the app is in no workspace of the organization', {
        remedy: 'Have an administrator of the organization add it to the workspaces that need it.',
        symptom: 'the-app-is-not-in-that-workspace',
      }),
    ];
  }
  if (wanted.length > 0) return wanted.map((id) => line(id, teams));
  const named = teams.slice(0, NAMED).map(({ id, name }) => `${name} (${id})`);
  const more = teams.length > NAMED ? ` and ${teams.length - NAMED} more` : '';
  return [
    ok(
      'workspaces',
      `people of every workspace that has the app may use it: ${named.join(', ')}${more}`,
    ),
  ];
}

function line(id: string, teams: Teams): Finding {
  const team = teams.find((one) => one.id === id);
  if (team) return ok(id, `${team.name}: its people may use the app`);
  return failed(id, 'the app is not in this workspace', {
    remedy: 'Fix SECURID_WORKSPACES, or add the app to the workspace.',
    symptom: 'the-app-is-not-in-that-workspace',
  });
}
