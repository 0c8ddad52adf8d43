import { webApi } from '@slack/bolt';
import { symptomOf } from '../troubleshooting.ts';

/** Why Slack refuses until somebody changes the settings, there or here. */
export type Trouble =
  | { kind: 'scope'; scopes: string[] }
  | { kind: 'no such group'; groupId: string }
  | { kind: 'no groups in this plan' }
  | { kind: 'token'; code: string };

/** Slack does not have that user group, or it is disabled. */
class NoSuchGroup extends Error {
  override readonly name = 'NoSuchGroup';
  readonly groupId: string;

  constructor(groupId: string, cause: unknown) {
    super('Slack has no such user group', { cause });
    this.groupId = groupId;
  }
}

/** `undefined` if retrying may help. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (error instanceof NoSuchGroup) return { kind: 'no such group', groupId: error.groupId };
  if (!(error instanceof webApi.WebAPIPlatformError)) return undefined;
  const { data } = error;
  const code = data.error;
  if (code === 'missing_scope') {
    return { kind: 'scope', scopes: readScopes('needed' in data ? data.needed : '') };
  }
  if (code === 'plan_upgrade_required') return { kind: 'no groups in this plan' };
  const isOfToken = symptomOf(error) === 'slack-does-not-accept-the-bot-token';
  return isOfToken ? { kind: 'token', code } : undefined;
}

/** Names the group, which Slack's own error does not. */
export function withGroup(error: unknown, groupId: string): unknown {
  const isNone =
    error instanceof webApi.WebAPIPlatformError && error.data.error === 'no_such_subteam';
  return isNone ? new NoSuchGroup(groupId, error) : error;
}

/** Scopes as Slack writes them, in a header and in an error. */
export const readScopes = (text: unknown): string[] =>
  String(text ?? '')
    .split(/[\s,]+/)
    .filter((scope) => /^[a-z][\w.:-]*$/.test(scope));
