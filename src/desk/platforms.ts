import { z } from 'zod';

export const Platform = z.enum(['ios', 'android', 'windows', 'macos']);
export type Platform = z.output<typeof Platform>;

/** In the vendors' spelling. */
export const PLATFORMS: Record<Platform, string> = {
  ios: 'iOS',
  android: 'Android',
  windows: 'Windows',
  macos: 'macOS',
};

/** What people call them. */
const NAMES: [RegExp, Platform][] = [
  [/^(?:i ?os|ipad ?os|i ?phones?|i ?pads?|i ?pods?)\b/, 'ios'],
  [/^(?:androids?|pixel|galaxy|samsung)\b/, 'android'],
  [/^(?:win(?:d(?:o(?:w(?:s)?)?)?)?|pc)\b/, 'windows'],
  [/^(?:mac ?books?|mac ?mini|mac ?os|macs?|i ?mac|os ?x)\b/, 'macos'],
];

/** A version or model after the name. */
const MODEL =
  /^(?: (?:[a-z]?\d[\w.]*|x[rs]?|pro|max|plus|mini|air|se|ultra|fold|flip|phone|tablet|pc|laptop|app))*$/;

/** The platform meant by `iphone`, `iPad Pro`, `Windows 11` or `mac`; `undefined` for anything else. */
export function readPlatform(words: string[]): Platform | undefined {
  // A version may follow the name directly.
  const name = words
    .join(' ')
    .toLowerCase()
    .replace(/^([a-z]{2,})-?(?=\d)/, '$1 ');
  for (const [names, platform] of NAMES) {
    if (names.test(name) && MODEL.test(name.replace(names, ''))) return platform;
  }
  return undefined;
}
