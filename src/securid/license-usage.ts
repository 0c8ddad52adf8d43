import { z } from 'zod';
import type { CallOptions, Request } from './request.ts';
import { count, moment } from './wire.ts';

/** A month from 1 to 12; RSA gives no year with it. */
const month = count.refine((value) => value >= 1 && value <= 12, 'is not a month');

const LicenseUsage = z.object({
  mfaLicensesUsed: count,
  usersWithThirdPartyFidoAuthenticators: count,
  smsAndVoiceTokencodesSent: count,
  monthOfSmsAndVoiceTokencodesSent: month,
  lastUpdated: moment,
  activeUsersThisMonth: count,
  monthOfActiveUsersThisMonth: month,
  activeUsersLastMonth: count,
  monthOfActiveUsersLastMonth: month,
});

export type LicenseUsage = z.output<typeof LicenseUsage>;

export function createLicenseUsage(request: Request) {
  return {
    /**
     * License Usage API, Version 1: `GET v1/licenseusage`. Figures of this month and the last.
     * @throws SecurIDError `NOT_AUTHORIZED`, `RATE_LIMITED`, `UNAVAILABLE`, `UNEXPECTED_RESPONSE`
     * @see https://community.securid.com/s/article/Cloud-Administration-Retrieve-License-Usage-API-Version-1-77d86d94
     */
    v1(options?: CallOptions): Promise<LicenseUsage> {
      return request(
        {
          api: 'GET v1/licenseusage',
          method: 'GET',
          path: 'v1/licenseusage',
          shape: LicenseUsage,
        },
        options,
      );
    },
  };
}
