import { json } from './answer.ts';
import type { Endpoint } from './endpoint.ts';
import { notRouted } from './traits.ts';

const permission = 'rsa.report.license.usage';

/** Retrieve License Usage API v1. */
export const licenseUsageV1: Endpoint = {
  method: 'GET',
  path: '/v1/licenseusage',
  permission,
  answer: ({ records }) => json(200, records.licenseUsage),
};

/** Retrieve License Usage API v2. */
export const licenseUsageV2: Endpoint = {
  method: 'GET',
  path: '/v2/licenseusage',
  permission,
  answer({ records, traits, asked, clock }) {
    if (!records.licenseMonths) return notRouted(traits, asked, clock.now());
    return json(200, records.licenseMonths);
  },
};
