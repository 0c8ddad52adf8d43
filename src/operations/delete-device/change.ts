import { z } from 'zod';
import { CHOSEN_DEVICE, deviceChoices, idOfChosen } from '../../desk/device-words.ts';
import { deletableDevices, registeredDevices } from '../../desk/devices.ts';
import { defineChange } from '../../guard/change/change.ts';
import type { Device } from '../../securid/index.ts';
import * as view from './view.ts';
import { card, deviceFacts, registeredNow } from './view.ts';

/** The device's id and its words, which go on record. */
export const ChosenDevice = z.string().regex(CHOSEN_DEVICE);

/** `/securid delete <who>`: deletes one registered device. */
export const deleteDevice = defineChange({
  name: 'delete',
  api: 'DELETE v1/users/{userId}/devices/{deviceId}',
  scope: 'rsa.authenticator.mobile.delete',
  risk: 'grants',
  needsUser: [],
  args: '',
  example: '/securid delete jane@example.com',
  summary: "deletes one of a user's registered devices",
  button: 'Delete a device',
  task: 'Delete a registered device',

  input: z.object({ device: ChosenDevice }),
  fields: [
    {
      id: 'device',
      label: 'Device',
      placeholder: 'Choose the device',
      missing: 'Choose the device.',
    },
  ],

  facts: ({ device }) => deviceFacts(device),

  suits: (_, authenticators) =>
    authenticators?.devices.some(({ browser }) => !browser) === false ? undefined : 'possible',
  async card(services, { user }, { securid }) {
    const found = await deletableDevices(services, user.id, securid);
    return { ...card(found), options: { device: deviceChoices(found) } };
  },
  async perform({ securid, user, input }, options): Promise<Device[] | undefined> {
    await securid.authenticators.deleteDevice(user.id, idOfChosen(input.device), options);
    return undefined;
  },
  readBack: ({ user, ...asked }, options) => deletableDevices(asked, user.id, options),
  async lookAgain({ user, input, ...asked }, options) {
    const answer = await deletableDevices(asked, user.id, options);
    return { isMade: !has(answer, idOfChosen(input.device)), answer };
  },
  async explain(services, { userId }, call) {
    return registeredNow(await registeredDevices(services, userId, call));
  },
  next: ({ key }) => [{ label: 'Registration code', operation: 'code', input: { who: key } }],
  view,
});

const has = (devices: Device[], id: string) => devices.some((one) => one.id === id);
