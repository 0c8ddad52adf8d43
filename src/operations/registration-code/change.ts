import { z } from 'zod';
import { deviceChoices } from '../../desk/device-words.ts';
import { registeredDevices } from '../../desk/devices.ts';
import { followUp } from '../../desk/follow-up.ts';
import { PLATFORMS, Platform, readPlatform } from '../../desk/platforms.ts';
import type { CardServices } from '../../guard/change/asked.ts';
import { defineChange } from '../../guard/change/define-change.ts';
import { DAY, HOUR, MINUTE } from '../../guard/limits/limit.ts';
import { deleteDevice } from '../delete-device/change.ts';
import { ChosenDevice } from '../delete-device/deleting.ts';
import * as view from './view.ts';
import { card, deletedFirst, KEEP, KEEP_WORDS, registered, toDeleteFirst } from './view.ts';

const codes = (count: number) => (count === 1 ? 'one code' : `${count} codes`);

/** The device to delete first, if any: SecurID gives no code while one is registered. */
const First = ChosenDevice.or(z.literal(KEEP).transform(() => undefined)).optional();

const canDelete = ({ changes }: CardServices) => changes.on.includes(deleteDevice);

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

  input: z.object({ platform: Platform, device: First }),
  fields: [
    {
      id: 'platform',
      label: 'Platform',
      placeholder: 'Choose a platform',
      options: PLATFORMS,
      missing: 'Choose the platform.',
    },
    {
      id: 'device',
      label: 'Registered device',
      placeholder: 'Choose what to delete first',
      besides: { [KEEP]: KEEP_WORDS },
      missing: 'Choose what to delete first.',
    },
  ],
  suits: (_, authenticators) => (authenticators?.devices.length === 0 ? 'now' : 'possible'),
  facts: ({ platform, device }) => [
    ['Platform', platform && PLATFORMS[Platform.parse(platform)]],
    ...(device ? [deletedFirst(device)] : []),
  ],
  first: ({ platform, device }) =>
    device === undefined
      ? undefined
      : { change: deleteDevice, input: { device }, rest: { platform } },
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
    const found = await registeredDevices(services, user.id, call);
    const choices = canDelete(services) && found ? deviceChoices(found, toDeleteFirst) : {};
    return card(found, choices);
  },
  perform: ({ securid, key, user, input }, options) =>
    securid.registrationCodes.issue(key, input.platform, { ...options, user }),
  present: ({ expirationDate }) => ({ expiresAt: expirationDate }),
  async explain(services, { reason, userId, key, input: { platform } }, call) {
    if (reason !== 'DEVICE_ALREADY_REGISTERED') return [];
    const found = await registeredDevices(services, userId, call);
    if (!canDelete(services) || found?.length === 0) return registered(found, undefined);
    const again = { operation: 'code', input: { who: key, input: { platform } } };
    return registered(found, await followUp(services.slack.seal, 'Delete it first', again));
  },
  view,
});
