import { z } from 'zod';
import { registeredDevices } from '../../desk/devices.ts';
import { PLATFORMS, Platform, readPlatform } from '../../desk/platforms.ts';
import { defineChange } from '../../guard/change/change.ts';
import { DAY, HOUR, MINUTE } from '../../guard/limits/limit.ts';
import * as view from './view.ts';
import { card, registered } from './view.ts';

const codes = (count: number) => (count === 1 ? 'one code' : `${count} codes`);

/** `/securid code <who> [platform]`: a one-time code for registering a device. */
export const registrationCode = defineChange({
  name: 'code',
  api: 'POST v1/users/deviceRegistrationCode',
  scope: 'rsa.authenticator.mobile.manage',
  risk: 'grants',
  needsUser: ['enabled', 'not pending deletion'],
  args: '[ios|android|windows|macos]',
  example: '/securid code jane@example.com ios',
  summary: 'a one-time code to register a device',
  button: 'Registration code',
  task: 'Issue a registration code',

  input: z.object({ platform: Platform }),
  fields: [
    {
      id: 'platform',
      label: 'Platform',
      placeholder: 'Choose a platform',
      options: PLATFORMS,
      missing: 'Choose the platform.',
    },
  ],
  suits: (_, authenticators) => (authenticators?.devices.length === 0 ? 'now' : 'possible'),
  read(words) {
    const platform = readPlatform(words);
    return platform && { platform };
  },

  limits: [
    {
      rule: 'codes per agent and hour',
      meaning: 'the agent has reached the hourly limit',
      per: 'agent',
      key: 'codes per agent',
      most: ({ codesPerAgentHour }) => codesPerAgentHour,
      period: HOUR,
      sentence: (most, who) => `${who} issued ${codes(most)} within an hour.`,
    },
    {
      rule: 'codes per user and day',
      meaning: 'the user has reached the daily limit',
      per: 'user',
      key: 'codes per user',
      most: ({ codesPerUserDay }) => codesPerUserDay,
      period: DAY,
      sentence: (most) => `This user has had ${codes(most)} within a day.`,
    },
    {
      // RSA's codes live five minutes, and RSA does not say when one is used.
      rule: 'one active code',
      meaning: 'the user has a code that is still valid',
      per: 'user',
      key: 'active code',
      most: () => 1,
      period: 5 * MINUTE,
      sentence: () => 'This user already has a code that may still be used.',
    },
  ],

  async card(services, { user }, call) {
    return card(await registeredDevices(services, user.id, call));
  },
  perform: ({ securid, key, user, input }, options) =>
    securid.registrationCodes.issue(key, input.platform, { ...options, user }),
  present: ({ expirationDate }) => ({ expiresAt: expirationDate }),
  async explain(services, { reason, userId }, call) {
    if (reason !== 'DEVICE_ALREADY_REGISTERED') return [];
    return registered(await registeredDevices(services, userId, call));
  },
  view,
});
