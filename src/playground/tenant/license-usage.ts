import { json } from './answer.ts';
import type { Endpoint } from './endpoint.ts';

/** Retrieve License Usage API v1. */
export const licenseUsage: Endpoint = {
  method: 'GET',
  path: '/v1/licenseusage',
  permission: 'rsa.report.license.usage',
  answer: ({ records }) => json(200, records.licenceUsage),
};
