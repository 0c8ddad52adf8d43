import { z } from 'zod';
import type { CallOptions, SendRequest } from './api-call.ts';
import { createDs100Changes, createTokenChanges } from './token-changes.ts';
import { orNothing } from './users.ts';
import { flag, id, list, moment, name, text } from './wire.ts';

/** The longest serial number that RSA accepts. */
export const LONGEST_SERIAL = 36;

const isAskable = (serial: string) => serial.length <= LONGEST_SERIAL;

/** A serial number. One that RSA could not be asked about is none. */
const serial = text.transform((value) =>
  value !== undefined && isAskable(value) ? value : undefined,
);

/** The record of a SecurID 700 token or of a DS100's OTP credential. */
export const HardwareToken = z.object({
  id: text,
  name,
  /** The owner; empty while the token is unassigned. */
  userId: text,
  /** The lookup says `SID700` where the list says `RSA SecurID 700`. */
  deviceType: text,
  registeredDate: moment,
  tokenSerialNumber: serial,
  /** The number on the back of a DS100. */
  deviceSerialNumber: serial,
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

/** An answer without a serial number is about no token. */
const LookedUp = HardwareToken.extend({
  tokenSerialNumber: id.refine(isAskable, 'is too long'),
});

/** The answer about the token that was asked for. Sent as a number, it has lost its leading zeros. */
const aboutToken = (asked: string) =>
  LookedUp.refine(({ tokenSerialNumber: told }) => withoutZeros(told) === withoutZeros(asked), {
    path: ['tokenSerialNumber'],
    message: 'is another token',
  }).transform(({ tokenSerialNumber: told, ...token }) => ({
    ...token,
    tokenSerialNumber: told.length < asked.length ? asked : told,
  }));

const withoutZeros = (serial: string) => serial.replace(/^0+/, '');

export function createHardwareTokens(request: SendRequest) {
  return {
    ...createTokenChanges(request),
    ...createDs100Changes(request),

    /**
     * Hardware Token Details API: `POST v1/sidTokens/lookup`.
     * `undefined` if there is no such token.
     * @param tokenSerialNumber as on the back of the token, with
     *   leading zeros, at most 36 characters
     * @throws SecurIDError `INVALID_REQUEST`, `NOT_AUTHORIZED`, `RATE_LIMITED`, `UNAVAILABLE`,
     *   `UNEXPECTED_RESPONSE`
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
            shape: aboutToken(tokenSerialNumber),
          },
          options,
        ),
      );
    },

    /**
     * Retrieve RSA DS100 OTP Credential API: `POST v1/ds100/lookup`.
     * Empty if there is no such device.
     * @param deviceSerialNumber as printed on the back of the
     *   device, nine digits; at most 36 characters
     * @returns the OTP credentials of the device
     * @throws SecurIDError `INVALID_REQUEST`, `NOT_AUTHORIZED`, `RATE_LIMITED`, `UNAVAILABLE`,
     *   `UNEXPECTED_RESPONSE`
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
