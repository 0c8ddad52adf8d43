import type { Platform } from './card.ts';

/** As the makers write them. */
export const PLATFORMS: Record<Platform, string> = {
  ios: 'iOS',
  android: 'Android',
  windows: 'Windows',
  macos: 'macOS',
};
