import type { Change } from '../guard/change/change.ts';
import { createChanges } from '../guard/change/changes.ts';
import { CHANGES } from '../operations/changes.ts';
import type { SlackUse } from '../slack/scopes.ts';
import { ConfigError, rolesIn, setIn } from './config.ts';
import { Environment, fileOf } from './environment.ts';
import { slackUseOf } from './slack-use.ts';

/** The part of the configuration that the app's manifest depends on. */
export type ManifestSettings = {
  use: SlackUse;
  /** The changes that are switched on. */
  changes: readonly Change[];
  /** Whether somebody may ask for licenses. */
  hasManagers: boolean;
  /** Whether anybody has a role yet. */
  hasRoles: boolean;
  /** Which of Slack's two ways is chosen, by the secret that is set for it. */
  mode: 'Socket Mode' | 'HTTP mode' | undefined;
  /** The only workspaces whose people may use the app; empty for all of the installation. */
  workspaces: readonly string[];
  /** Where Slack's requests arrive in HTTP mode. */
  path: string;
  /** Of the Web API. */
  apiUrl: string;
};

const Settings = Environment.pick({
  SLACK_PATH: true,
  SLACK_API_URL: true,
  SECURID_AGENTS: true,
  SECURID_MANAGERS: true,
  SECURID_APPROVERS: true,
  SECURID_WORKSPACES: true,
  SECURID_PROTECTED: true,
  SECURID_CHANGES: true,
  SECURID_APPROVAL_CHANNEL: true,
  SECURID_SECURITY_CHANNEL: true,
  SECURID_LICENSE_CHANNEL: true,
  AUDIT_CHANNEL: true,
});

/**
 * Reads what the manifest depends on, before there is any token. Of the two secrets that choose the mode, only
 * whether they are set matters.
 * @throws ConfigError that names every problem of what is read
 */
export function readManifestSettings(env: Record<string, string | undefined>): ManifestSettings {
  const set = setIn(env);
  const { data, error } = Settings.safeParse(set);
  if (!data) {
    throw new ConfigError(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  }
  const roles = rolesIn(data);
  const changes = createChanges(CHANGES, data.SECURID_CHANGES).on;
  const users = {
    roles,
    protection: data.SECURID_PROTECTED,
    approval: { channel: data.SECURID_APPROVAL_CHANNEL },
    securityChannel: data.SECURID_SECURITY_CHANNEL,
    licenseSchedule: { channel: data.SECURID_LICENSE_CHANNEL },
    auditChannel: data.AUDIT_CHANNEL,
  };
  return {
    use: slackUseOf(users, changes),
    changes,
    hasManagers: roles.manager.length > 0,
    hasRoles: Object.values(roles).some((members) => members.length > 0),
    mode: modeIn(set),
    workspaces: data.SECURID_WORKSPACES,
    path: data.SLACK_PATH,
    apiUrl: data.SLACK_API_URL,
  };
}

function modeIn(set: Record<string, string>): ManifestSettings['mode'] {
  const has = (name: 'SLACK_APP_TOKEN' | 'SLACK_SIGNING_SECRET') =>
    set[name] !== undefined || set[fileOf(name)] !== undefined;
  if (has('SLACK_APP_TOKEN')) return 'Socket Mode';
  return has('SLACK_SIGNING_SECRET') ? 'HTTP mode' : undefined;
}
