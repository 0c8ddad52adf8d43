import { playgroundSignIns } from './sign-ins.ts';
import {
  browser,
  ds100,
  fidoKey,
  logEvent,
  phone,
  sid700,
  tenantRecords,
  user,
  userByUpn,
} from './tenant/builders.ts';
import { licenseMonths } from './tenant/license-months.ts';
import type { TenantRecords } from './tenant/records.ts';

export type { TenantRecords } from './tenant/records.ts';
export { browser, ds100, fidoKey, logEvent, phone, sid700, tenantRecords, user, userByUpn };

const DAY = 24 * 60 * 60_000;

/** An invented company with a user for every case that the help desk meets. */
export function playgroundRecords(now: number): TenantRecords {
  const day = (offset: number) => new Date(now + offset * DAY).toISOString();
  const midnight = (offset: number) => `${day(offset).slice(0, 10)}T00:00:00.000Z`;
  const people = playgroundPeople(day);
  const { grace, noor, otto, mallory, jonas, mira } = people;

  return tenantRecords({
    users: Object.values(people),
    // Nobody has synchronized Tess yet.
    directory: [user({ emailAddress: 'tess@acme.test', lastName: 'Lund' })],
    devices: [
      phone({ userId: grace.id, name: "Grace's Pixel", deviceType: 'Android 15' }),
      browser({ userId: grace.id }),
      browser({
        userId: grace.id,
        name: 'Firefox_135.0_1739347260456',
        deviceType: 'Firefox 135.0',
      }),
      phone({ userId: noor.id, name: 'iPhone von Noor', registeredDate: day(-400) }),
      ...Array.from({ length: 140 }, (_, index) =>
        phone({
          userId: otto.id,
          name: `Kiosk ${String(index + 1).padStart(3, '0')}`,
          deviceType: index % 2 === 0 ? 'iOS 17.7.2' : 'Android 14',
          registeredDate: day(index - 500),
        }),
      ),
      phone({ userId: mallory.id, name: `<!here> ${'Ünlöng 📱 '.repeat(40)}`.slice(0, 300) }),
      browser({ userId: mallory.id, name: '*Chrome*_`rm -rf`_<https://evil.test|sign in>' }),
      phone({ userId: jonas.id, name: "Jonas's iPhone" }),
      phone({ userId: mira.id, name: 'Mira iPad', deviceType: 'iPadOS 18.3' }),
    ],
    fidoTokens: [
      fidoKey({ userId: grace.id, name: "Grace's%20FIDO%20token" }),
      fidoKey({ userId: grace.id, name: 'Spare key', status: 'Disabled' }),
      fidoKey({ userId: mallory.id, name: '100% <@U0000000001> %20 %E2%98%A0 & <b>key</b>' }),
    ],
    tokens: [
      sid700({
        tokenSerialNumber: '000000900001',
        userId: grace.id,
        name: 'Desk token',
        expiryDate: midnight(900),
      }),
      sid700({ tokenSerialNumber: '000000900002', expiryDate: midnight(900) }),
      sid700({
        tokenSerialNumber: '000000900003',
        userId: jonas.id,
        tokenState: 'Activation Pending',
        registeredDate: null,
        assignedAt: day(-2),
        assignedBy: mira.emailAddress,
        pinSet: false,
        expiryDate: midnight(900),
      }),
      sid700({
        tokenSerialNumber: '000000900004',
        userId: noor.id,
        name: 'Lost on the train',
        tokenStatus: 'Disabled',
        tokenStatusChangedAt: day(-1),
        tokenStatusChangedBy: jonas.emailAddress,
        expiryDate: midnight(300),
      }),
      sid700({
        tokenSerialNumber: '000000900005',
        userId: mira.id,
        expiryDate: midnight(-40),
      }),
      sid700({
        tokenSerialNumber: '000000900006',
        userId: mallory.id,
        name: '<!channel> ```token``` ~gone~ & > quote',
        expiryDate: midnight(20),
      }),
      ds100({
        tokenSerialNumber: '014010900007',
        deviceSerialNumber: '140109000',
        userId: grace.id,
        name: 'Grace’s SecurID DS100',
        assignedBy: grace.emailAddress,
      }),
    ],
    authLogs: playgroundSignIns(people, now),
    licenseUsage: playgroundUsage(now),
    licenseMonths: licenseMonths(now, countedAt(now)),
  });
}

function playgroundPeople(day: (offset: number) => string) {
  return {
    grace: user({
      emailAddress: 'grace@acme.test',
      firstName: 'Grace',
      lastName: 'Okafor',
      principalUsername: 'gokafor',
      alternateUsername: 'grace.okafor',
      smsNumber: '+1 202 555 0143',
      voiceNumber: '+1 202 555 0143',
      lastSuccessfulAuthenticationMethod: 'Approve',
      lastSuccessfulAuthenticationDate: day(-1),
    }),
    alan: user({ emailAddress: 'alan@acme.test', lastName: 'Mertens' }),
    ivy: user({ emailAddress: 'ivy@acme.test', lastName: 'Lindqvist', userStatus: 'Disabled' }),
    noor: user({
      emailAddress: 'noor@acme.test',
      lastName: 'Haddad',
      highRiskUser: true,
      isTokenLocked: true,
      isSmsLocked: true,
      isVoiceLocked: true,
      emergencyAccessStatus: 'Enabled',
      emergencyTokencodeId: '3c0f5a1e-5b8d-4f2a-9d6c-7e1b2a4c8d90',
      emergencyTokencodeExpiration: day(3),
      emergencyTokencodeOneTimeUse: false,
    }),
    otto: user({ emailAddress: 'otto@acme.test', lastName: 'Vale' }),
    mallory: user({
      emailAddress: 'mallory@acme.test',
      firstName: '<!channel> *Mallory*',
      lastName: '`Mark`_up_ <https://evil.test|click> %20 😈',
      identitySource: 'Acme & <Partners>',
    }),
    pia: user({
      emailAddress: 'pia@acme.test',
      lastName: 'Sandoval',
      markDeleted: true,
      markDeletedAt: day(-2),
      markDeletedBy: 'mira@acme.test',
    }),
    jonas: user({ emailAddress: 'jonas@acme.test', lastName: 'Weber' }),
    mira: user({ emailAddress: 'mira@acme.test', lastName: 'Novak' }),
    nora: user({ emailAddress: 'nora@acme.test', lastName: 'Brandt' }),
    sana: user({ emailAddress: 'sana@acme.test', lastName: 'Idris' }),
    edda: user({ emailAddress: 'edda@acme.test', lastName: 'Frost' }),
  };
}

const countedAt = (now: number) => new Date(now - DAY / 4).toISOString();

function playgroundUsage(now: number): TenantRecords['licenseUsage'] {
  const month = new Date(now).getUTCMonth() + 1;
  return {
    ...tenantRecords().licenseUsage,
    lastUpdated: countedAt(now),
    monthOfSmsAndVoiceTokencodesSent: month,
    monthOfActiveUsersThisMonth: month,
    monthOfActiveUsersLastMonth: month === 1 ? 12 : month - 1,
  };
}
