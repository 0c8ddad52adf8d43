import { z } from 'zod';
import { CHOSEN_DEVICE, idOfChosen, wordsOfChosen } from '../../desk/device-words.ts';
import { type Asked as Asking, deletableDevices, registeredDevices } from '../../desk/devices.ts';
import type { Call, DeskServices } from '../../desk/operation.ts';
import type { Input, Refused } from '../../guard/change/asked.ts';
import type { CallOptions, Device, UserDetails } from '../../securid/index.ts';
import { deviceFacts, registeredNow } from './view.ts';

/** The device's id and its words, which go on record. */
export const ChosenDevice = z.string().regex(CHOSEN_DEVICE);

/** The choice of a device in the form. The card says what there is to choose. */
export const DEVICE = {
  id: 'device',
  label: 'Device',
  placeholder: 'Choose the device',
  missing: 'Choose the device.',
};

type Asked = Asking & { user: UserDetails; input: { device: string } };

/** What all changes that delete a device have in common: one request, and what it takes to confirm it. */
export const deleting = {
  api: 'DELETE v1/users/{userId}/devices/{deviceId}' as const,
  scope: 'rsa.authenticator.mobile.delete' as const,
  facts: ({ device }: Input) => deviceFacts(device),
  which: ({ device = '' }: Input) => wordsOfChosen(device),
  async perform(
    { securid, user, input }: Asked,
    options: CallOptions,
  ): Promise<Device[] | undefined> {
    await securid.authenticators.deleteDevice(user.id, idOfChosen(input.device), options);
    return undefined;
  },
  readBack: ({ user, ...asked }: Asked, options: CallOptions) =>
    deletableDevices(asked, user.id, options),
  async lookAgain({ user, input, ...asked }: Asked, options: CallOptions) {
    const answer = await deletableDevices(asked, user.id, { ...options, asProof: true });
    return { isMade: !has(answer, idOfChosen(input.device)), answer };
  },
  async explain(services: DeskServices, { userId }: Refused, call: Call) {
    return registeredNow(await registeredDevices(services, userId, call));
  },
};

const has = (devices: Device[], id: string) => devices.some((one) => one.id === id);
