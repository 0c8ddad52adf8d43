import { inGroups } from '../../desk/aloud.ts';
import { emergencyAccess, hasEmergencyAccess } from '../../desk/emergency-access.ts';
import type { Done, Fact } from '../../guard/change/asked.ts';
import type { Words } from '../../guard/change/words.ts';
import type { EmergencyCode, EmergencyRefusal, UserDetails } from '../../securid/index.ts';
import { type Block, context, facts, header, paragraph } from '../../slack/blocks.ts';

export const words: Words = {
  thing: 'emergency code',
  short: 'emergency code',
  one: 'an emergency code',
  did: 'issued an emergency code',
  doing: 'issue emergency codes',
  done: 'issued',
  notice: 'An emergency code for your SecurID account was issued',
  none: 'No emergency code was issued.',
  noneOfIt: 'None was issued.',
  noneYet: 'No emergency code has been issued yet.',
  notAsked: 'no emergency code was requested',
  action: 'issue emergency codes',
  act: 'issue the emergency code',
  noun: 'the emergency code',
  withheld: 'gets no emergency code',
  declines: 'issues no emergency code',
  stopped: 'no emergency codes are issued',
  allowed: 'this emergency code may be issued',
};

export const title = (name: string) => `Emergency code for ${name}`;

export const verify = 'Verify and issue';
export const submit = 'Issue code';
export const reasons = 'Phone at home, token forgotten, …';
export const warning = 'Anyone who has the code can sign in as this user.';

export const checking = (name: string) =>
  `Checking whether an emergency code can be issued for ${name}`;
export const asking = (name: string) => `Asking SecurID for an emergency code for ${name}`;
export const silence =
  'If nothing appears within half a minute, no code was shown: look the user up to see whether they have emergency access.';

export const approval = `The agent gets the code right away. ${warning}`;
export const waiting = 'The code will appear here. If it has not by then, none was issued.';

export const unknown =
  'SecurID may have issued an emergency code, but no usable answer arrived. If it did, nobody has seen the code. `/securid user` shows whether the user has emergency access, and has a button that ends it.';

/** What to do about each of RSA's reasons for not issuing an emergency code. */
export const refusals: Record<EmergencyRefusal, string> = {
  EXPIRY_REFUSED:
    'SecurID issued no emergency code. Most likely it does not allow one that is valid for so long: your SecurID Desk administrator can set `SECURID_EMERGENCY_HOURS` to what it allows.',
  USER_NOT_FOUND:
    'SecurID issued no emergency code: it no longer has that user. Look the user up again; if they are gone, the SecurID administrators can tell why.',
  USER_DISABLED:
    'SecurID issued no emergency code: the user is disabled. Find out why, and have the user enabled first.',
  NOT_LICENSED:
    'SecurID issued no emergency code: your company is not licensed for it. Please tell the SecurID administrators.',
  ALREADY_SO:
    'SecurID issued no emergency code: the user already has one. If it is lost, end the emergency access on the user’s card, and then issue another.',
};

const hoursWords = (hours: number) => (hours === 1 ? 'one hour' : `${hours} hours`);

/** What is requested. */
export const issued = (hours: string): Fact[] => [
  ['Valid for', `${hoursWords(Number(hours))}, for one sign-in`],
];

export function card(user: UserDetails, hours = ''): { facts: Fact[]; blocks: Block[] } {
  return {
    facts: [...issued(hours), ['Emergency access', emergencyAccess(user)]],
    blocks: hasEmergencyAccess(user) ? [REPLACES] : [],
  };
}

const REPLACES = paragraph(
  ':warning: This user already has emergency access. With a new code, the earlier one may stop working.',
);

/** The state in which RSA refused it. */
export const stateNow = (user: UserDetails): Block[] =>
  facts([['Emergency access', emergencyAccess(user)]]);

/** The only message with the code: in groups to read out, and exact to copy. */
export function done({ answer, input }: Done<{ hours: string }, EmergencyCode>): Block[] {
  const { emergencyTokencode: code, expirationDate, offlineExpirationDate } = answer;
  return [
    header(inGroups(code)),
    ...facts([
      ['To copy', /^\w+$/.test(code) ? { mrkdwn: `\`${code}\`` } : code],
      ['Valid until', expirationDate ?? 'SecurID does not say'],
      ['Works', HOW_OFTEN[String(onceOnly(answer))]],
      ['Offline code until', offlineExpirationDate],
    ]),
    ...differs(answer, Number(input.hours)),
    context(
      'Only you can see this message. It disappears within five minutes. The code stays valid until it is used or expires, unless you press *End emergency access*, here or on the user’s card.',
    ),
  ];
}

const HOW_OFTEN: Record<string, string> = {
  true: 'Once',
  false: 'As often as needed until then',
};

const onceOnly = ({ oneTimeUse, configurationsUsed }: EmergencyCode) =>
  oneTimeUse ?? configurationsUsed?.oneTimeUse;

const MINUTES: Record<string, number> = { minutes: 1, hours: 60, days: 24 * 60 };

/** What SecurID used instead of what was asked for. */
function differs(answer: EmergencyCode, hours: number): Block[] {
  const { configurationsUsed: used, configurationsLocked } = answer;
  const { expiryValue = '', expiryUnit = '' } = used ?? {};
  const minutes =
    Number(expiryValue || Number.NaN) * (MINUTES[expiryUnit.toLowerCase()] ?? Number.NaN);
  const others = [
    !Number.isNaN(minutes) && minutes !== hours * 60 && `valid for ${spanWords(minutes)}`,
    onceOnly(answer) === false && 'for any number of sign-ins',
  ].filter((one) => one !== false);
  if (others.length === 0) return configurationsLocked && !used ? [MAY_DIFFER] : [];
  const why = configurationsLocked ? ' Its settings are locked in the console.' : '';
  return [
    paragraph(
      `:warning: SecurID did not issue what was asked for (${hoursWords(hours)}, one sign-in): the code is ${others.join(', ')}.${why}`,
    ),
  ];
}

const MAY_DIFFER = paragraph(
  ':warning: The settings for emergency access are locked in the console, and SecurID does not say which it used.',
);

function spanWords(minutes: number): string {
  if (minutes % MINUTES_A_DAY === 0) return plural(minutes / MINUTES_A_DAY, 'day');
  return minutes % 60 === 0 ? plural(minutes / 60, 'hour') : plural(minutes, 'minute');
}

const MINUTES_A_DAY = 24 * 60;

const plural = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;
