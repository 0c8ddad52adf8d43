import type { UsageMonth } from '../../securid/index.ts';

const HEAD = [
  'Month',
  'MFA licenses used',
  'Active users',
  'SMS and voice tokencodes sent',
  'Users with third-party FIDO authenticators',
  'Counted by RSA',
];

/** One line per month, oldest first, for spreadsheets (RFC 4180). No value needs quoting. */
export function csv(months: UsageMonth[]): string {
  const rows = months.map((one) => [
    monthOf(one),
    one.mfaLicensesUsed ?? '',
    one.activeUsers ?? '',
    one.smsAndVoiceTokencodesSent ?? '',
    one.usersWithThirdPartyFidoAuthenticators ?? '',
    one.counted?.toISOString() ?? '',
  ]);
  return [HEAD, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

const monthOf = ({ year, month, yearIsKnown }: UsageMonth) => {
  const two = String(month).padStart(2, '0');
  return yearIsKnown ? `${year}-${two}` : two;
};
