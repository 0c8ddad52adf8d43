import { devicesListed } from '../../desk/device-words.ts';
import type { OwnCard } from '../../guard/change/asked.ts';
import type { Words } from '../../guard/change/words.ts';
import type { Device } from '../../securid/index.ts';
import { dateTime } from '../../slack/mrkdwn.ts';
import { words as ofAnyDevice } from '../delete-device/view.ts';

export {
  asking,
  checking,
  done,
  notSeen,
  refusals,
  silence,
  unknown,
  waiting,
} from '../delete-device/view.ts';

export const words: Words = {
  ...ofAnyDevice,
  one: 'the deletion of an added device',
  did: 'deleted a device that had been added',
  notice: 'A device that had been added to your SecurID account was deleted',
};

export const title = (name: string) => `Delete the device added for ${name}`;

export const verify = 'Delete the device';
export const submit = 'Delete';
export const reasons = 'The user did not register it, …';
export const warning = 'Whoever has the device can no longer sign in with it.';
export const approval = `The device is deleted right away. ${warning}`;

/** @param found the devices added since the reported change, as far as SecurID says when */
export const card = (found: Device[], since: string | undefined): OwnCard => ({
  facts: [
    ['Reported change', since ? { mrkdwn: dateTime(new Date(since), 'moment') } : undefined],
    ['Added since', devicesListed(found)],
  ],
  blocks: [],
  ...(found.length === 0 && { unable: NONE }),
});

const NONE =
  'SecurID lists no device that was added since the reported change. `/securid authenticators` shows all that are registered.';
