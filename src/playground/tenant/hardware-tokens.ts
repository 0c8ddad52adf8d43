import { z } from 'zod';
import { failure, json, wrongBody } from './answer.ts';
import type { Endpoint } from './endpoint.ts';
import type { HardwareToken } from './records.ts';

const Lookup = z.strictObject({ tokenSerialNumber: z.string().min(1).max(36) });

/** Retrieve Hardware Token Details API. */
export const hardwareTokenLookup: Endpoint = {
  method: 'POST',
  path: '/v1/sidTokens/lookup',
  permission: 'rsa.authenticator.sidtoken.read',
  answer({ records, body }) {
    const { data } = Lookup.safeParse(body);
    if (!data) return wrongBody;
    const { tokenSerialNumber } = data;
    const token = records.tokens.find((one) => one.tokenSerialNumber === tokenSerialNumber);
    if (!token) {
      return failure(404, `Hardware token with serial number ${tokenSerialNumber} not found`);
    }
    return json(200, inLookup(token));
  },
};

/** The lookup has its own name for the SecurID 700 and does not know a DS100's own serial number. */
function inLookup({ tokenStatusReason, deviceSerialNumber, ...token }: HardwareToken) {
  const deviceType = token.deviceType === 'RSA SecurID 700' ? 'SID700' : token.deviceType;
  return { ...token, deviceType };
}

const DeviceLookup = z.strictObject({ deviceSerialNumber: z.string().min(1).max(36) });

/** Retrieve RSA DS100 OTP Credential API: an array, whatever is found. */
export const ds100Lookup: Endpoint = {
  method: 'POST',
  path: '/v1/ds100/lookup',
  permission: 'rsa.authenticator.ds100.read',
  answer({ records, body }) {
    const { data } = DeviceLookup.safeParse(body);
    if (!data) return wrongBody;
    const { deviceSerialNumber } = data;
    const found = records.tokens.filter((one) => one.deviceSerialNumber === deviceSerialNumber);
    if (found.length === 0) {
      return failure(404, `DS100 with device serial number ${deviceSerialNumber} not found`);
    }
    return json(200, found);
  },
};
