import type { UserDetails } from '../securid/index.ts';
import type { Value } from '../slack/blocks.ts';
import { dateTime } from '../slack/mrkdwn.ts';

type Access = Pick<
  UserDetails,
  | 'emergencyAccessStatus'
  | 'emergencyTokencodeExpiration'
  | 'offlineEmergencyAccessStatus'
  | 'offlineEmergencyTokencodeExpiration'
>;

const isEnabled = (status = '') => /^enabled$/i.test(status);

const until = (status: string | undefined, end: Date | undefined): Value | undefined =>
  isEnabled(status)
    ? { mrkdwn: end ? `Enabled until ${dateTime(end, 'moment')}` : 'Enabled' }
    : status;

/** Whether the user has emergency access, and until when. `undefined` if SecurID does not say. */
export const emergencyAccess = (user: Access): Value | undefined =>
  until(user.emergencyAccessStatus, user.emergencyTokencodeExpiration);

/** The same of the offline code, which works on a Windows computer. */
export const offlineAccess = (user: Access): Value | undefined =>
  until(user.offlineEmergencyAccessStatus, user.offlineEmergencyTokencodeExpiration);

export const hasEmergencyAccess = ({ emergencyAccessStatus }: Access): boolean =>
  isEnabled(emergencyAccessStatus);

/** The same; `undefined` if SecurID does not say, which proves nothing. */
export const tellsEmergencyAccess = (user: Access): boolean | undefined =>
  user.emergencyAccessStatus === undefined ? undefined : hasEmergencyAccess(user);

export const hasOfflineAccess = ({ offlineEmergencyAccessStatus }: Access): boolean =>
  isEnabled(offlineEmergencyAccessStatus);
