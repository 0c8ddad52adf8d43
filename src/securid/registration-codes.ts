import { z } from 'zod';
import type { RefusalReason } from './errors.ts';
import type { CallOptions, Request } from './request.ts';
import type { UserKey } from './users.ts';
import { id, moment, text } from './wire.ts';

const RegistrationCode = z
  .object({
    /** The example writes `companyID`, the table `companyId`. */
    companyID: text,
    companyId: text,
    /** Digits; a string, since a code may begin with 0. */
    deviceRegistrationCode: id,
    expirationDate: moment,
  })
  .transform(({ companyId, companyID, ...rest }) => ({
    ...rest,
    companyId: companyId ?? companyID,
  }));

export type RegistrationCode = z.output<typeof RegistrationCode>;

/** Where the RSA Authenticator app is to be registered. */
export type Platform = 'ios' | 'android' | 'windows' | 'macos';

/** The RSA Authenticator app for iOS and Android. For Windows and macOS the page says "N/A". */
const APP_ID = '1f00c62b-a5c0-49d3-9ffb-92314d717187';

/** "User <email> not found." comes first: the address may hold the words of the others. */
const REFUSALS: [RegExp, RefusalReason][] = [
  [/^user .*not found/i, 'USER_NOT_FOUND'],
  [/not licensed/i, 'NOT_LICENSED'],
  [
    /already (has|have) a (registered )?device|device (already )?registered/i,
    'DEVICE_ALREADY_REGISTERED',
  ],
  [/disabled/i, 'USER_DISABLED'],
];

export function createRegistrationCodes(request: Request) {
  return {
    /**
     * Device Registration Code API: `POST v1/users/deviceRegistrationCode`. Issues a code, and is never
     * sent again once it may have been carried out.
     * @param key the person; RSA counts the properties of the body, so exactly one of the two
     * @throws SecurIDError `REFUSED` with the reason; `UNAVAILABLE` or `UNEXPECTED_RESPONSE`, where `sent` means
     *   that a code may have been issued; `INVALID_REQUEST`, `NOT_AUTHORIZED`, `RATE_LIMITED`
     * @see https://community.securid.com/s/article/Cloud-Administration-Retrieve-Device-Registration-Code-API-10a77771
     */
    issue(key: UserKey, platform: Platform, options?: CallOptions): Promise<RegistrationCode> {
      const mobile = platform === 'ios' || platform === 'android';
      return request(
        {
          api: 'POST v1/users/deviceRegistrationCode',
          method: 'POST',
          path: 'v1/users/deviceRegistrationCode',
          body: mobile ? { ...key, appId: APP_ID } : key,
          shape: RegistrationCode,
          changes: true,
          refusal: (message) => REFUSALS.find(([words]) => words.test(message))?.[1],
        },
        options,
      );
    },
  };
}
