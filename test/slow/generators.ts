import fc from 'fast-check';

// What people type and tenants answer: mostly well formed, with something wrong in it.

const MARKUP = [
  '<!channel>',
  '<!here|now>',
  '<@U0MIRA>',
  '<@U0MIRA|x>',
  '<https://evil.test|sign in>',
  '<mailto:a@b.test|a@b.test>',
  '&lt;b&gt;',
  '&',
  '*bold* _it_ ~no~ `code`',
  ':warning:',
  '\u202Eevil',
  '\u200b',
  '\u0000',
  '\ud83d',
  '👩‍👩‍👧‍👦',
  '%3Cscript%3E',
  "Robert'); DROP TABLE",
  'x'.repeat(4000),
];

/** Text that other people wrote. */
export const foreign = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...MARKUP) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 400 }) },
  { weight: 2, arbitrary: fc.constantFrom('Jane', 'jane@acme.test', 'Enabled', 'Disabled', 'iOS') },
);

const WORDS = [
  'user',
  'authenticators',
  'devices',
  'token',
  'code',
  'license',
  'licence',
  'help',
  '?',
  'lockdown',
  'unblock',
  'jane@acme.test',
  'jdoe',
  '<@U0MIRA>',
  '<@U0MIRA|mira>',
  '28f964d0-6616-4834-8fd6-3a6f7f534264',
  '000000900001',
  '9000-0001',
  'browsers',
  'private',
  'ios',
  'maybe',
];

/** Many different users: look-ups of the same user share an answer. */
const who = fc.oneof(
  fc.nat(99_999).map((number) => `jane${number}@acme.test`),
  fc.nat(99_999).map((number) => `<mailto:j${number}@acme.test|j${number}@acme.test>`),
  fc.nat(99_999).map((number) => `ACME\\jdoe${number}`),
);
const wellFormed = fc.oneof(
  fc.tuple(fc.constantFrom('user', 'authenticators', 'devices', 'code', 'unblock'), who),
  fc.tuple(fc.constant('authenticators'), who, fc.constant('browsers')),
  fc.tuple(fc.constant('code'), who, fc.constantFrom('ios', 'windows')),
  fc.tuple(fc.constant('token'), fc.nat(999_999_999).map(String)),
  fc.tuple(fc.constantFrom('license', 'license private', 'help', 'lockdown on', 'lockdown off')),
);

const anything = fc.array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...WORDS) }, foreign), {
  maxLength: 4,
});

/** The text after `/securid`. */
export const typed = fc
  .oneof({ weight: 2, arbitrary: wellFormed }, { weight: 1, arbitrary: anything })
  .map((words) => words.join(' '));

const moment = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom('2026-03-04T05:06:07.089Z', null, ' null', '', 'never'),
  fc.integer(),
);
const flag = fc.oneof(fc.boolean(), fc.constantFrom('true', 'False', null, 'maybe'));
const value = fc.oneof(foreign, fc.constant(null), fc.integer({ min: 0, max: 9_999_999 }));

/** The object, sometimes with a property of another type or without it. */
function spoilt(model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> {
  return fc
    .tuple(
      fc.record(model),
      fc.option(fc.tuple(fc.constantFrom(...Object.keys(model)), fc.jsonValue())),
    )
    .map(([whole, wrong]) => (wrong ? { ...whole, [wrong[0]]: wrong[1] } : whole));
}

const id = fc.constantFrom('28f964d0-6616-4834-8fd6-3a6f7f534264', 'a/../b', '<id>');

const user = spoilt({
  id,
  emailAddress: value,
  firstName: value,
  lastName: value,
  identitySource: value,
  userStatus: fc.oneof(fc.constantFrom('Enabled', 'Disabled'), value),
  highRiskUser: flag,
  markDeleted: flag,
  markDeletedAt: moment,
  isTokenLocked: flag,
  emergencyAccessStatus: fc.oneof(fc.constantFrom('Enabled', 'Disabled'), value),
  emergencyTokencodeExpiration: moment,
  monthLastAuthenticated: value,
  principalUsername: value,
});

const device = spoilt({
  id: value,
  name: value,
  deviceType: value,
  registeredDate: moment,
  capabilities: value,
  browser: flag,
  status: value,
});

const token = spoilt({
  id: value,
  name: value,
  userId: id,
  deviceType: value,
  tokenSerialNumber: value,
  deviceSerialNumber: value,
  tokenState: value,
  tokenStatus: value,
  tokenStatusReason: value,
  tokenStatusChangedAt: moment,
  tokenStatusChangedBy: value,
  expiryDate: moment,
  assignedAt: moment,
  assignedBy: value,
  pinSet: flag,
});

const month = spoilt({
  mfaLicensesUsed: fc.nat(5000),
  usersWithThirdPartyFidoAuthenticators: fc.nat(500),
  smsAndVoiceTokencodesSent: fc.nat(900).map(String),
  activeUsers: fc.nat(5000),
  lastUpdatedAt: moment,
  month: fc.oneof(
    fc.constantFrom('2026-03', 'Mar 2026', '3', '12/2025', '2026-13', 'March'),
    fc.integer({ min: -2, max: 14 }),
    foreign,
  ),
});

const code = spoilt({
  companyID: value,
  deviceRegistrationCode: fc.oneof(fc.constant('123456789'), value),
  expirationDate: moment,
});

const many = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 12 });

/** The tenant's answers, by request. */
export const BODIES: [pattern: RegExp, body: fc.Arbitrary<unknown>][] = [
  [/users\/lookup$/, user],
  [
    /\/devices/,
    fc.record({ devices: many(device), sidTokens: many(token), fidoTokens: many(device) }),
  ],
  [/sidTokens/i, token],
  [/deviceRegistrationCode$/, code],
  [/licenseusage$/, fc.array(month, { maxLength: 30 })],
];
