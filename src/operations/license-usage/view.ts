import type { LicenseUsage } from '../../securid/index.ts';
import { context, facts, header, type Message, paragraph } from '../../slack/blocks.ts';
import { dateTime, mentionUser } from '../../slack/mrkdwn.ts';

/** From this share on, a word about it. */
const WARN = 0.9;

/** The figures as RSA counted them. `purchased` is the company's own figure, where it gave one. */
export function licenseUsage(
  usage: LicenseUsage,
  purchased: number | undefined,
  askedBy: string,
): Message {
  const used = licencesUsed(usage, purchased);
  return {
    text: `Licence summary: ${used} MFA licences used.`,
    blocks: [
      header('RSA ID Plus licence summary'),
      ...warning(usage.mfaLicensesUsed, purchased),
      ...facts([
        ['MFA licences used', used],
        [
          'Users with third-party FIDO authenticators',
          number(usage.usersWithThirdPartyFidoAuthenticators),
        ],
        [
          `SMS and voice tokencodes sent in ${month(usage.monthOfSmsAndVoiceTokencodesSent)}`,
          number(usage.smsAndVoiceTokencodesSent),
        ],
        [
          `Active users in ${month(usage.monthOfActiveUsersThisMonth)}`,
          `${number(usage.activeUsersThisMonth)} (${change(usage)})`,
        ],
        [
          `Active users in ${month(usage.monthOfActiveUsersLastMonth)}`,
          number(usage.activeUsersLastMonth),
        ],
      ]),
      context(
        [
          `Requested by ${mentionUser(askedBy)}`,
          usage.lastUpdated && `counted by RSA ${dateTime(usage.lastUpdated, 'recent')}`,
        ]
          .filter(Boolean)
          .join(' · '),
      ),
    ],
  };
}

function licencesUsed({ mfaLicensesUsed }: LicenseUsage, purchased: number | undefined): string {
  if (!purchased) return number(mfaLicensesUsed);
  const left = purchased - mfaLicensesUsed;
  const rest = left >= 0 ? `${number(left)} left` : `${number(-left)} more than purchased`;
  return `${number(mfaLicensesUsed)} of ${number(purchased)} (${share(mfaLicensesUsed, purchased)}, ${rest})`;
}

function warning(used: number, purchased: number | undefined) {
  if (!purchased || used / purchased < WARN) return [];
  return [
    paragraph(`:warning: *${share(used, purchased)} of the purchased MFA licences are in use.*`),
  ];
}

/** RSA's month before may be any earlier one: its own example pairs October with August. */
function change(usage: LicenseUsage): string {
  const difference = usage.activeUsersThisMonth - usage.activeUsersLastMonth;
  const against = month(usage.monthOfActiveUsersLastMonth);
  if (difference === 0) return `as many as in ${against}`;
  return `${number(Math.abs(difference))} ${difference > 0 ? 'more' : 'fewer'} than in ${against}`;
}

const number = (value: number) => value.toLocaleString('en-GB');

const share = (part: number, whole: number) =>
  (part / whole).toLocaleString('en-GB', { style: 'percent', maximumFractionDigits: 1 });

/** RSA gives a number from 1 to 12 and no year. */
const month = (value: number) =>
  new Date(Date.UTC(2000, value - 1)).toLocaleDateString('en-GB', {
    month: 'long',
    timeZone: 'UTC',
  });
