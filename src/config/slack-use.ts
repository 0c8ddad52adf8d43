import { type Risk, TELLS } from '../guard/change/risk.ts';
import type { SlackUse } from '../slack/scopes.ts';
import { type Config, groupsIn } from './config.ts';

/** The settings that decide what the app does in Slack. */
export type SlackUsers = Pick<
  Config,
  'roles' | 'protection' | 'securityChannel' | 'auditChannel'
> & {
  approval: Pick<Config['approval'], 'channel'>;
  licenseSchedule: Pick<Config['licenseSchedule'], 'channel'>;
};

/**
 * What this configuration uses of Slack.
 * @param changes those that are switched on
 */
export function slackUseOf(settings: SlackUsers, changes: readonly { risk: Risk }[]): SlackUse {
  const { approval, securityChannel, auditChannel, licenseSchedule, roles } = settings;
  const channels = [approval.channel, securityChannel, auditChannel, licenseSchedule.channel];
  return {
    posts: channels.some((id) => id !== undefined) || changes.some(({ risk }) => TELLS.has(risk)),
    uploads: roles.manager.length > 0,
    groups: groupsIn(settings).size > 0,
  };
}
