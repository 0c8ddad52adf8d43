import type { Device } from '../securid/index.ts';
import { day, oneLine } from '../slack/mrkdwn.ts';

const LISTED = 3;

/** The newest few devices, or `None`. */
export function devicesListed(found: Device[]): string {
  const named = newestFirst(found)
    .slice(0, LISTED)
    .map((device) => deviceWords(device));
  const more = found.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ') || 'None';
}

/** `iPhone 14 (iOS 18.1) since 2025-06-02`: as far as SecurID says. */
function deviceWords(
  { name, deviceType, registeredDate }: Device,
  longest = { name: 40, type: 20 },
): string {
  const kind = deviceType && `(${oneLine(deviceType, longest.type)})`;
  const since = registeredDate && `since ${day(registeredDate)}`;
  return [oneLine(name ?? '', longest.name) || 'A device', kind, since].filter(Boolean).join(' ');
}

/** What stands for a device in a form and on record: its id, encoded, and its words. */
export const CHOSEN_DEVICE = /^#\S{1,80} \S/;

function newestFirst(found: Device[]): Device[] {
  const at = ({ registeredDate }: Device) => registeredDate?.getTime() ?? 0;
  return found.toSorted((one, other) => at(other) - at(one));
}

/** In a form, many devices have to fit. */
const SHORT = { name: 24, type: 12 };

/** The choices by value, newest first. What has no id cannot be named to SecurID. */
export function deviceChoices(found: Device[], label = (words: string) => words) {
  const choices = newestFirst(found).flatMap((device): [string, string][] => {
    const value = device.id && chosen(device.id, deviceWords(device, SHORT));
    return value && CHOSEN_DEVICE.test(value) ? [[value, label(wordsOfChosen(value))]] : [];
  });
  return Object.fromEntries(choices);
}

const chosen = (id: string, words: string) => `#${encodeURIComponent(id)} ${words}`;

/** The id of a chosen device. */
export const idOfChosen = (value: string) => decodeURIComponent(value.slice(1, value.indexOf(' ')));

/** The words of a chosen device. */
export const wordsOfChosen = (value: string) => value.slice(value.indexOf(' ') + 1);
