import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { failure, json, nothing, wrongBody } from './answer.ts';
import type { Endpoint } from './endpoint.ts';
import { userById } from './users.ts';

const MINUTES = { days: 24 * 60, hours: 60, minutes: 1 };

/** All are optional, unit and value only together. */
const Request = z
  .strictObject({
    oneTimeUse: z.boolean().optional(),
    expiryUnit: z.enum(['days', 'hours', 'minutes']).optional(),
    expiryValue: z.int().optional(),
  })
  .refine(
    ({ expiryUnit, expiryValue }) => (expiryUnit === undefined) === (expiryValue === undefined),
  );

const LONGEST = 7 * MINUTES.days;

const permission = 'rsa.authenticator.emergency.manage';

/** Letters and digits that nobody mixes up. */
function newCode(): string {
  const alphabet = 'ACDEFHJKLMNPRTUVWXY34679';
  const letters = [...randomBytes(8)].map((byte) => alphabet[byte % alphabet.length]).join('');
  // With both kinds, so that no number elsewhere is taken for it.
  return `${letters.slice(0, 3)}A7${letters.slice(3, 6)}`;
}

/** Enable Emergency Tokencode API, Version 2. */
export const enableEmergencyAccess: Endpoint = {
  method: 'PUT',
  path: '/v2/users/{id}/emergencyTokencode',
  permission,
  answer({ clock, records, traits, emergencyCodes, id, body }) {
    const { data: asked } = Request.safeParse(body ?? {});
    if (!asked) return wrongBody;
    const user = userById(records, id);
    if ('status' in user) return user;
    const { lockedTo, longest, again } = traits.emergency;
    if (again === 'conflict' && user.emergencyAccessStatus === 'Enabled') {
      return failure(409, 'Emergency access is already enabled.');
    }
    // Locked settings override what was asked for, without a word.
    const used = lockedTo ?? {
      expiryValue: asked.expiryValue ?? 1,
      expiryUnit: asked.expiryUnit ?? 'days',
      oneTimeUse: asked.oneTimeUse ?? false,
    };
    const minutes = used.expiryValue * MINUTES[used.expiryUnit];
    if (minutes < 1 || minutes > (longest ?? LONGEST)) {
      return failure(400, 'Expiry value is not within the allowed range.');
    }

    const code = newCode();
    emergencyCodes.push({ code, userId: user.id, at: clock.now() });
    const expirationDate = new Date(clock.now() + minutes * 60_000).toISOString();
    Object.assign(user, {
      emergencyAccessStatus: 'Enabled',
      emergencyTokencodeId: randomUUID(),
      emergencyTokencodeExpiration: expirationDate,
      emergencyTokencodeOneTimeUse: used.oneTimeUse,
    });
    return json(200, {
      emergencyTokencodeId: user.emergencyTokencodeId,
      emergencyTokencode: code,
      expirationDate,
      offlineExpirationDate: user.offlineEmergencyTokencodeExpiration,
      oneTimeUse: used.oneTimeUse,
      configurationsLocked: lockedTo !== undefined,
      configurationsUsed: { ...used, expiryValue: String(used.expiryValue) },
    });
  },
};

/** Disable Emergency Tokencode API. All codes of the user go, and the offline code stays. */
export const disableEmergencyAccess: Endpoint = {
  method: 'DELETE',
  path: '/v1/users/{id}/emergencyTokencode/{eacId}',
  permission,
  answer({ records, traits, id, itemId }) {
    const user = userById(records, id);
    if ('status' in user) return user;
    if (user.emergencyTokencodeId !== itemId) {
      return traits.repeated === 'conflict' && user.emergencyTokencodeId === null
        ? failure(409, 'Emergency access is already disabled.')
        : failure(404, 'Emergency tokencode not found');
    }
    Object.assign(user, {
      emergencyAccessStatus: 'Disabled',
      emergencyTokencodeId: null,
      emergencyTokencodeExpiration: null,
      emergencyTokencodeOneTimeUse: undefined,
    });
    return nothing(traits.emergency.endAnswer === 'no content' ? 204 : 200);
  },
};
