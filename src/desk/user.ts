import type { UserDetails, UserKey } from '../securid/index.ts';
import type { Value } from '../slack/blocks.ts';
import { oneLine } from '../slack/mrkdwn.ts';

/** A user's name, or the best substitute that SecurID has. */
export function nameOf(user: UserDetails): string {
  const name = [user.firstName, user.lastName].filter(Boolean).join(' ');
  const all = [name, user.emailAddress, user.principalUsername, user.id];
  return all.map((one) => oneLine(one ?? '', 100)).find(Boolean) ?? 'A user without a name';
}

/** What the record itself says that finds it. */
export function keyOf({ emailAddress, principalUsername }: UserDetails): UserKey | undefined {
  if (emailAddress) return { email: emailAddress };
  return principalUsername ? { username: principalUsername } : undefined;
}

/** The status: `Enabled` and `Disabled` with a colored dot, others as SecurID names them. */
export function status({
  userStatus,
  markDeleted,
}: Partial<Pick<UserDetails, 'userStatus' | 'markDeleted'>>): Value {
  if (markDeleted) return { mrkdwn: `:warning: ${isEnabled(userStatus)}, pending deletion` };
  if (userStatus === 'Enabled') return { mrkdwn: ':large_green_circle: Enabled' };
  if (userStatus === 'Disabled') return { mrkdwn: ':red_circle: Disabled' };
  return userStatus ?? 'Unknown';
}

const isEnabled = (userStatus: string | undefined) =>
  userStatus === 'Enabled' ? 'Enabled' : userStatus === 'Disabled' ? 'Disabled' : 'Unknown';
