import { z } from 'zod';
import { deviceChoices } from '../../desk/device-words.ts';
import { deletableDevices, isAddedSince } from '../../desk/devices.ts';
import { defineChange } from '../../guard/change/define-change.ts';
import { ChosenDevice, DEVICE, deleting } from '../delete-device/deleting.ts';
import * as view from './view.ts';
import { card } from './view.ts';

/**
 * From the alert about a reported change: deletes a device that was added since. It only takes away what the
 * user did not ask for, so nobody has to verify a caller.
 */
export const deleteAddedDevice = defineChange({
  name: 'delete-added',
  switchedBy: 'delete',
  isTyped: false,
  risk: 'protects',
  needsUser: [],
  button: 'Delete an added device',
  onAlert: {
    button: 'Delete an added device',
    input: ({ at }) => ({ since: new Date(at).toISOString() }),
  },

  /** `since`: when the reported change was made. */
  input: z.object({ device: ChosenDevice, since: z.iso.datetime() }),
  fields: [DEVICE],

  async card(services, { user, input: { since } }, { securid }) {
    const all = await deletableDevices(services, user.id, securid);
    // Without a date nobody can tell that it is not the user's own.
    const found = since ? all.filter(isAddedSince(Date.parse(since))) : [];
    return { ...card(found, since), options: { device: deviceChoices(found) } };
  },

  ...deleting,
  next: ({ key }) => [
    { label: 'User details', operation: 'user', input: { who: key } },
    { label: 'Disable user', operation: 'disable', input: { who: key } },
  ],
  view,
});
