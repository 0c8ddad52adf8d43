import type { types } from '@slack/bolt';
import { lockedMethods } from '../../desk/locks.ts';
import { nameOf, status } from '../../desk/user.ts';
import type { UserDetails } from '../../securid/index.ts';
import { actions, facts, header, type Message, type Value } from '../../slack/blocks.ts';
import { dateTime, escapeMrkdwn } from '../../slack/mrkdwn.ts';

/** What an agent wants to know about a user, and the buttons that lead on. */
export function userDetails(user: UserDetails, buttons: types.Button[]): Message {
  const name = nameOf(user);
  return {
    text: `${escapeMrkdwn(name)}: ${statusWords(user)}`,
    blocks: [
      header(name),
      ...facts([
        ['Status', status(user)],
        ['E-mail', user.emailAddress],
        ['User name', user.principalUsername],
        ['Alternate user name', user.alternateUsername],
        ['Identity source', user.identitySource],
        ['Locked methods', locked(user)],
        ['Emergency access', emergencyAccess(user)],
        ['Last sign-in', user.monthLastAuthenticated ?? 'None on record'],
        ['High risk', user.highRiskUser === undefined ? undefined : highRisk(user.highRiskUser)],
        ['Pending deletion', user.markDeleted ? pendingDeletion(user) : 'No'],
      ]),
      actions(...buttons),
    ],
  };
}

const statusWords = ({ userStatus, markDeleted }: UserDetails) =>
  [userStatus ? escapeMrkdwn(userStatus) : 'status unknown', markDeleted && 'pending deletion']
    .filter(Boolean)
    .join(', ');

function locked(user: UserDetails): Value {
  const methods = lockedMethods(user);
  return methods.length > 0 ? { mrkdwn: `:lock: ${methods.join(', ')}` } : 'None';
}

function emergencyAccess(user: UserDetails): Value | undefined {
  const { emergencyAccessStatus: access, emergencyTokencodeExpiration: until } = user;
  if (access !== 'Enabled') return access;
  return { mrkdwn: until ? `Enabled until ${dateTime(until, 'moment')}` : 'Enabled' };
}

const highRisk = (isHigh: boolean): Value => (isHigh ? { mrkdwn: ':warning: Yes' } : 'No');

const pendingDeletion = ({ markDeletedAt }: UserDetails): Value => ({
  mrkdwn: markDeletedAt ? `Yes, since ${dateTime(markDeletedAt, 'day')}` : 'Yes',
});
