import { devicesListed, idOfChosen, wordsOfChosen } from '../../desk/device-words.ts';
import type { Done, Fact, OwnCard } from '../../guard/change/asked.ts';
import type { Words } from '../../guard/change/words.ts';
import type { DeleteRefusal, Device } from '../../securid/index.ts';
import { type Block, facts, paragraph, verbatim } from '../../slack/blocks.ts';

export const words: Words = {
  thing: 'device deletion',
  short: 'deletion',
  one: 'a device deletion',
  did: 'deleted a registered device',
  doing: 'delete devices',
  done: 'carried out',
  notice: 'A device that was registered for your SecurID account was deleted',
  none: 'No device was deleted.',
  noneOfIt: 'Nothing was deleted.',
  noneYet: 'No device has been deleted yet.',
  notAsked: 'no device was deleted',
  action: 'delete devices',
  act: 'delete the device',
  noun: 'the deletion',
  withheld: 'cannot have devices deleted',
  declines: 'deletes nothing',
  stopped: 'no devices are deleted',
  allowed: 'this device may be deleted',
};

export const title = (name: string) => `Delete a device of ${name}`;

export const verify = 'Verify and delete';
export const submit = 'Delete';
export const reasons = 'New phone, lost phone, …';
export const warning =
  'The user can no longer sign in with the device, and another can be registered in its place.';

export const checking = (name: string) => `Checking whether a device of ${name} can be deleted`;
export const asking = (name: string) => `Asking SecurID to delete a device of ${name}`;
export const silence =
  'If nothing appears within half a minute, look the user’s authenticators up to see what is registered.';

export const approval = `The device is deleted right away. ${warning}`;
export const waiting = 'The answer will appear here. If it has not by then, no device was deleted.';

export const unknown =
  'SecurID may have deleted the device, but no usable answer arrived, and its list of devices could not be read. `/securid authenticators` shows what is registered.';
export const notSeen =
  'No usable answer arrived from SecurID, and the device is still registered. It may still be deleted: look at `/securid authenticators` in a minute before you delete it again.';

/** What to do about each of RSA's reasons for not deleting. */
export const refusals: Record<DeleteRefusal, string> = {
  DEVICE_NOT_FOUND: 'There is nothing left to delete: SecurID no longer has that device.',
};

export const deviceFacts = (device = ''): Fact[] => [['To delete', wordsOfChosen(device)]];

/** @param found the registered devices */
export function card(found: Device[]): OwnCard {
  return {
    facts: [['Registered devices', devicesListed(found)]],
    blocks: [],
    ...(found.length === 0 && { unable: 'The user has no registered device.' }),
  };
}

/** What is registered now, if known. */
export const registeredNow = (found: Device[] | undefined): Block[] =>
  found ? [verbatim(`Registered now: ${devicesListed(found)}`)] : [];

/** What was deleted, and what is registered now, if the devices could be read. */
export function done({ answer, input }: Done<{ device: string }, Device[] | undefined>): Block[] {
  const deleted = wordsOfChosen(input.device);
  if (!answer) return [...facts([['To delete', deleted]]), NOT_CONFIRMED];
  if (answer.some(({ id }) => id === idOfChosen(input.device))) {
    return [...facts([['Registered devices', devicesListed(answer)]]), STILL_LISTED];
  }
  return facts([
    ['Deleted', deleted],
    ['Registered devices', devicesListed(answer)],
  ]);
}

const NOT_CONFIRMED = paragraph(
  ':grey_question: SecurID accepted it, but did not confirm it. `/securid authenticators` shows what is registered.',
);
const STILL_LISTED = paragraph(
  ':warning: SecurID accepted it, but still lists the device. Look at `/securid authenticators` in a minute.',
);
