import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { CallOptions, SendRequest } from './api-call.ts';
import { SecurIDError } from './errors.ts';
import { type Dated, inOrder, type Placed, readMonth } from './license-months.ts';
import { count, list, moment, text } from './wire.ts';

/** Leaves out invalid figures, such as null for a month that RSA has not counted. */
const figure = count.optional().catch(undefined);

/** A month from 1 to 12. Version 1 does not give the year. */
const month = figure.transform((value) =>
  value !== undefined && value >= 1 && value <= 12 ? { month: value } : undefined,
);

const Version1 = z.object({
  mfaLicensesUsed: figure,
  usersWithThirdPartyFidoAuthenticators: figure,
  smsAndVoiceTokencodesSent: figure,
  lastUpdated: moment,
  activeUsersThisMonth: figure,
  monthOfActiveUsersThisMonth: month,
  activeUsersLastMonth: figure,
  monthOfActiveUsersLastMonth: month,
});

/** Leaves out entries that are not months. */
const Version2 = list(
  z
    .object({
      mfaLicensesUsed: figure,
      usersWithThirdPartyFidoAuthenticators: figure,
      smsAndVoiceTokencodesSent: figure,
      activeUsers: figure,
      lastUpdatedAt: moment,
      month: text,
    })
    .transform(({ month, lastUpdatedAt, ...figures }) => ({
      ...figures,
      written: readMonth(month),
      counted: lastUpdatedAt,
    }))
    .optional()
    .catch(undefined),
);

type Figures = {
  mfaLicensesUsed?: number | undefined;
  usersWithThirdPartyFidoAuthenticators?: number | undefined;
  smsAndVoiceTokencodesSent?: number | undefined;
  activeUsers?: number | undefined;
};

/**
 * The figures of one month, as far as RSA gives them. For the previous
 * month, Version 1 gives only active users.
 */
export type UsageMonth = Pick<Placed<object>, 'year' | 'month' | 'yearIsKnown'> &
  Figures & {
    /** When RSA counted. */
    counted: Date | undefined;
  };

/** How long a tenant is assumed not to have Version 2. */
const REMEMBERED = 60 * 60_000;

export function createLicenseUsage(request: SendRequest, clock: Clock) {
  let without2Since = Number.NEGATIVE_INFINITY;

  async function v1(options?: CallOptions): Promise<UsageMonth[]> {
    const api = 'GET v1/licenseusage';
    const usage = await request({ ...asked('v1'), shape: Version1 }, options);
    const counted = usage.lastUpdated;
    const before = usage.monthOfActiveUsersLastMonth;
    return readable(api, [
      // A count without its month could belong to any.
      ...(before ? [{ activeUsers: usage.activeUsersLastMonth, written: before, counted }] : []),
      {
        mfaLicensesUsed: usage.mfaLicensesUsed,
        usersWithThirdPartyFidoAuthenticators: usage.usersWithThirdPartyFidoAuthenticators,
        smsAndVoiceTokencodesSent: usage.smsAndVoiceTokencodesSent,
        activeUsers: usage.activeUsersThisMonth,
        written: usage.monthOfActiveUsersThisMonth,
        counted,
      },
    ]);
  }

  async function v2(options?: CallOptions): Promise<UsageMonth[]> {
    const api = 'GET v2/licenseusage';
    const months = await request({ ...asked('v2'), shape: Version2 }, options);
    return months.length > 0 ? readable(api, months.filter(isThere)) : [];
  }

  return {
    /**
     * License Usage API, Version 1: `GET v1/licenseusage`.
     * Figures of this month and the previous one.
     * @throws SecurIDError `NOT_AUTHORIZED`, `RATE_LIMITED`, `UNAVAILABLE`, `UNEXPECTED_RESPONSE`
     * @see https://community.securid.com/s/article/Cloud-Administration-Retrieve-License-Usage-API-Version-1-77d86d94
     */
    v1,

    /**
     * License Usage API, Version 2: `GET v2/licenseusage`. This month
     * and the twelve before it, oldest first.
     * @throws SecurIDError as Version 1; `NOT_FOUND` if the tenant does not have it
     * @see https://community.rsa.com/s/article/Cloud-Administration-Retrieve-License-Usage-API-Version-2-80341e52
     */
    v2,

    /** Version 2, or Version 1 if the tenant does not have it. Oldest month first; never empty. */
    async months(options?: CallOptions): Promise<UsageMonth[]> {
      if (clock.elapsed() - without2Since < REMEMBERED) return v1(options);
      try {
        const months = await v2(options);
        if (months.length > 0) return months;
      } catch (error) {
        const missing = error instanceof SecurIDError && MISSING.has(error.status);
        if (!missing) throw error;
      }
      const months = await v1(options);
      without2Since = clock.elapsed();
      return months;
    },
  };
}

const asked = (version: 'v1' | 'v2') => ({
  api: `GET ${version}/licenseusage` as const,
  method: 'GET' as const,
  path: `${version}/licenseusage`,
  permission: 'rsa.report.license.usage' as const,
});

/** Sorted, without months that have no figures. */
function readable(api: string, months: (Dated & Figures)[]): UsageMonth[] {
  const told = inOrder(months.filter(hasFigure));
  if (told.length === 0) throw new SecurIDError('UNEXPECTED_RESPONSE', `${api}: no figures`);
  return told;
}

const isThere = <T>(month: T | undefined): month is T => month !== undefined;

const hasFigure = (month: Figures) =>
  month.mfaLicensesUsed !== undefined ||
  month.usersWithThirdPartyFidoAuthenticators !== undefined ||
  month.smsAndVoiceTokencodesSent !== undefined ||
  month.activeUsers !== undefined;

/** The answers of a tenant without Version 2, or for a key that may not use it. */
const MISSING = new Set<number | undefined>([403, 404]);
