import { logEvent } from './tenant/builders.ts';
import type { LogEvent, User } from './tenant/records.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** RSA's descriptions: https://community.rsa.com/s/article/ka4PO00000020jtYAA and its sequels. */
const DESCRIPTIONS: Record<number, string> = {
  2: 'Method now locked.',
  32: 'Authentication failed - User account disabled.',
  35: 'Authentication failed - Method locked.',
  51: 'Authentication failed - Authenticator not registered.',
  52: 'Authentication failed - Cannot push notification to authenticator.',
  103: 'Authenticate OTP authentication succeeded.',
  104: 'Authenticate OTP authentication failed - Invalid OTP.',
  215: 'LDAP password authentication failed - Sign-in failure: unknown username or invalid password.',
  601: 'SecurID OTP authentication succeeded.',
  701: 'Approve authentication succeeded.',
  703: 'Approve authentication failed - User denied approval.',
  911: 'Additional authentication initiated.',
  913: 'Additional authentication failed.',
};

type People = Record<
  'grace' | 'alan' | 'ivy' | 'noor' | 'otto' | 'mallory' | 'jonas' | 'mira' | 'sana',
  User
>;

/** What the people of the company did lately: a story for each thing that the help desk is called about. */
export function playgroundSignIns(people: People, now: number): LogEvent[] {
  const { grace, alan, ivy, noor, otto, mallory, jonas, mira, sana } = people;
  const of =
    ({ id: userId }: User, usual: Partial<LogEvent> = {}) =>
    (eventCode: number, ago: number, more: Partial<LogEvent> = {}): LogEvent =>
      logEvent({
        userId,
        eventCode,
        eventLogDate: new Date(now - ago).toISOString(),
        eventDescription: DESCRIPTIONS[eventCode] ?? 'Event.',
        eventLevel: /fail|locked/i.test(DESCRIPTIONS[eventCode] ?? '') ? 'error' : 'notice',
        ...usual,
        ...more,
      });
  const otp = { method: 'Authenticate OTP', deviceName: 'iPhone von Noor' };
  const noors = of(noor, otp);
  const wrong = Array.from({ length: 7 }, (_, at) => [
    noors(911, 25 * MINUTE - at * 30_000),
    noors(104, 25 * MINUTE - at * 30_000 - 5000),
    noors(913, 25 * MINUTE - at * 30_000 - 6000),
  ]).flat();
  const graces = of(grace, { method: 'Approve', deviceName: "Grace's Pixel" });

  return [
    ...[1, 2, 5].map((days) => graces(701, days * DAY)),
    noors(103, 2 * DAY),
    ...wrong,
    noors(2, 21.8 * MINUTE),
    noors(35, 10 * MINUTE),
    noors(35, 8 * MINUTE),
    of(alan)(51, 3 * HOUR),
    of(ivy)(32, DAY, { application: 'My Page' }),
    of(jonas, { method: 'Approve' })(52, 40 * MINUTE),
    of(jonas, { method: 'Approve' })(701, DAY),
    of(mira, { method: 'Approve' })(703, 5 * MINUTE, { sourceIPAddress: '203.0.113.200' }),
    of(mira, { method: 'Approve' })(701, 6 * HOUR),
    of(sana)(215, HOUR),
    ...Array.from({ length: 130 }, (_, index) =>
      of(otto, { method: 'SecurID OTP', application: `Kiosk ${(index % 3) + 1}` })(
        601,
        index * HOUR,
      ),
    ),
    of(mallory)(99_001, HOUR, {
      eventDescription: '<!channel> *Sign-in* ~failed~ <https://evil.test|click> & `more`',
      application: '<!here> _Portal_',
      deviceName: '*Phone*',
    }),
  ];
}
