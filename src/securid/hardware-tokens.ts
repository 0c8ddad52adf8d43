import { z } from 'zod';
import type { CallOptions, SendRequest } from './api-call.ts';
import { orNothing } from './users.ts';
import { flag, id, list, moment, name, text } from './wire.ts';

/** The record of a SecurID 700 token or of the OTP credential of a DS100. */
export const HardwareToken = z.object({
  id: text,
  name,
  /** The owner; nothing while the token is unassigned. */
  userId: text,
  /** `SID700` from the lookup and `RSA SecurID 700` in the list are the same kind. */
  deviceType: text,
  registeredDate: moment,
  tokenSerialNumber: text,
  /** The number on the back of a DS100. */
  deviceSerialNumber: text,
  /** `Unassigned`, `Activation Pending` or `Activated`. */
  tokenState: text,
  /** `Enabled` or `Disabled`; an unassigned token is `Enabled`. */
  tokenStatus: text,
  tokenStatusReason: text,
  tokenStatusChangedAt: moment,
  tokenStatusChangedBy: text,
  expiryDate: moment,
  assignedAt: moment,
  assignedBy: text,
  pinSet: flag,
  updatedAt: moment,
});

export type HardwareToken = z.output<typeof HardwareToken>;

/** An answer about no token in particular is none. */
const LookedUp = HardwareToken.extend({ tokenSerialNumber: id });

/** The longest serial number RSA takes. */
export const LONGEST_SERIAL = 36;

export function createHardwareTokens(request: SendRequest) {
  return {
    /**
     * Hardware Token Details API: `POST v1/sidTokens/lookup`. No such token is `undefined`.
     * @param tokenSerialNumber as on the back of the token, with its leading zeros, at most 36 characters
     * @throws SecurIDError `INVALID_REQUEST`, `NOT_AUTHORIZED`, `RATE_LIMITED`, `UNAVAILABLE`, `UNEXPECTED_RESPONSE`
     * @see "Cloud Administration Retrieve Hardware Token Details API" in the RSA Community
     */
    find(tokenSerialNumber: string, options?: CallOptions): Promise<HardwareToken | undefined> {
      return orNothing(
        request(
          {
            api: 'POST v1/sidTokens/lookup',
            method: 'POST',
            path: 'v1/sidTokens/lookup',
            permission: 'rsa.authenticator.sidtoken.read',
            body: { tokenSerialNumber },
            shape: LookedUp,
          },
          options,
        ),
      );
    },

    /**
     * Retrieve RSA DS100 OTP Credential API: `POST v1/ds100/lookup`. No such device is an empty list.
     * @param deviceSerialNumber as printed on the back of the device, nine digits; at most 36 characters
     * @returns the OTP credentials of the device
     * @throws SecurIDError `INVALID_REQUEST`, `NOT_AUTHORIZED`, `RATE_LIMITED`, `UNAVAILABLE`, `UNEXPECTED_RESPONSE`
     * @see https://community.rsa.com/s/article/Cloud-Administration-Retrieve-RSA-DS100-OTP-Credential-API-957149bd
     */
    async onDevice(deviceSerialNumber: string, options?: CallOptions): Promise<HardwareToken[]> {
      const found = await orNothing(
        request(
          {
            api: 'POST v1/ds100/lookup',
            method: 'POST',
            path: 'v1/ds100/lookup',
            permission: 'rsa.authenticator.ds100.read',
            body: { deviceSerialNumber },
            shape: list(LookedUp),
          },
          options,
        ),
      );
      return found ?? [];
    },
  };
}
