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

/** The lookup has its own word for the SecurID 700, and knows nothing of a DS100's own serial. */
function inLookup({ tokenStatusReason, deviceSerialNumber, ...token }: HardwareToken) {
  const deviceType = token.deviceType === 'RSA SecurID 700' ? 'SID700' : token.deviceType;
  return { ...token, deviceType };
}
