import type { Change } from '../guard/change/change.ts';
import { deleteAddedDevice } from './delete-added-device/change.ts';
import { deleteDevice } from './delete-device/change.ts';
import { lookInDirectory } from './directory/change.ts';
import { disableUser } from './disable-user/change.ts';
import { emergencyCode } from './emergency-code/change.ts';
import { enableUser } from './enable-user/change.ts';
import { endEmergency } from './end-emergency/change.ts';
import { disableFido } from './fido-changes/disable/change.ts';
import { enableFido } from './fido-changes/enable/change.ts';
import { registrationCode } from './registration-code/change.ts';
import { sync } from './sync/change.ts';
import { assignToken } from './token-changes/assign/change.ts';
import { clearTokenPin } from './token-changes/clear-pin/change.ts';
import { disableToken } from './token-changes/disable/change.ts';
import { enableToken } from './token-changes/enable/change.ts';
import { unassignToken } from './token-changes/unassign/change.ts';
import { unlock } from './unlock/change.ts';

/** What changes ask for that is configured. */
export type ChangeSettings = {
  /** How long an emergency code is valid. */
  emergencyHours: number;
};

export const USUAL: ChangeSettings = { emergencyHours: 4 };

/** Every change that can be switched on, in the order of `help`. */
export const changesWith = ({ emergencyHours }: ChangeSettings): readonly Change[] => [
  registrationCode,
  unlock,
  deleteDevice,
  deleteAddedDevice,
  emergencyCode(emergencyHours),
  endEmergency,
  disableUser,
  enableUser,
  disableToken,
  enableToken,
  clearTokenPin,
  unassignToken,
  assignToken,
  disableFido,
  enableFido,
  sync,
  lookInDirectory,
];

export const CHANGES = changesWith(USUAL);
