import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { forbidden, json, wrongBody } from './answer.ts';
import type { Endpoint } from './endpoint.ts';
import { asWritten, findUser } from './users.ts';

const LIFETIME = 5 * 60_000;

/** The RSA Authenticator app for iOS and Android; the other apps have none. */
const appId = z.literal('1f00c62b-a5c0-49d3-9ffb-92314d717187').optional();
const Request = z.union([
  z.strictObject({ email: z.string().min(1), appId }),
  z.strictObject({ username: z.string().min(1), appId }),
]);

/** Retrieve Device Registration Code API. */
export const deviceRegistrationCode: Endpoint = {
  method: 'POST',
  path: '/v1/users/deviceRegistrationCode',
  permission: 'rsa.authenticator.mobile.manage',
  answer({ clock, records, traits, issuedCodes, body, asked }) {
    const { data: request } = Request.safeParse(body);
    if (!request) return wrongBody;
    const { appId: _, ...who } = request;

    const refuse = (message: string) => forbidden(clock.now(), message, asked);
    if (!records.licensed) {
      return refuse(
        'Your company is not licensed to use SecurID multifactor authentication methods.',
      );
    }
    const user = findUser(records, who);
    if (!user) return refuse(`User ${asWritten(who)} not found.`);
    if (user.userStatus === 'Disabled') return refuse('User is disabled.');
    if (records.devices.some((device) => device.userId === user.id && !device.browser)) {
      return refuse('User already has a registered device.');
    }

    const code = String(randomInt(1_000_000_000)).padStart(9, '0');
    issuedCodes.push({ code, userId: user.id, at: clock.now() });
    return json(200, {
      [traits.companyIdAs]: records.companyId,
      deviceRegistrationCode: code,
      ...who,
      expirationDate: new Date(clock.now() + (records.codeLifetime ?? LIFETIME)).toISOString(),
    });
  },
};
