import {
  emergencyAccess,
  hasOfflineAccess,
  offlineAccess,
  tellsEmergencyAccess,
} from '../../desk/emergency-access.ts';
import type { Done, Fact } from '../../guard/change/asked.ts';
import type { Words } from '../../guard/change/words.ts';
import type { EndEmergencyRefusal, UserDetails } from '../../securid/index.ts';
import { type Block, facts, paragraph } from '../../slack/blocks.ts';

export const words: Words = {
  thing: 'end of emergency access',
  short: 'change',
  one: 'the end of emergency access',
  did: 'ended emergency access',
  doing: 'end emergency access',
  done: 'carried out',
  notice: 'Emergency access to your SecurID account was ended',
  none: 'Emergency access was not ended.',
  noneOfIt: 'Nothing was ended.',
  noneYet: 'Nothing has been ended yet.',
  notAsked: 'nothing was ended',
  action: 'end emergency access',
  act: 'end it',
  noun: 'the end of emergency access',
  withheld: 'keeps emergency access',
  declines: 'ends nothing',
  stopped: 'nothing is ended',
  allowed: 'emergency access may be ended',
};

export const title = (name: string) => `End emergency access for ${name}`;

export const verify = 'End it';
export const submit = 'End it';
export const reasons = 'Phone is back, code was lost, …';
export const warning = 'The user’s emergency codes stop working right away.';

export const checking = (name: string) =>
  `Checking whether emergency access for ${name} can be ended`;
export const asking = (name: string) => `Asking SecurID to end emergency access for ${name}`;
export const silence =
  'If nothing appears within half a minute, look the user up to see whether it has ended.';

export const approval = 'The user’s emergency codes stop working as soon as you approve.';
export const waiting = 'The answer will appear here. If it has not by then, nothing was ended.';

export const unknown =
  'SecurID may have ended emergency access, but no usable answer arrived. `/securid user` shows whether the user still has it.';
export const notSeen =
  'No usable answer arrived, and the user still has emergency access. `/securid user` shows it, and has a button that ends it.';

/** What to do about each of RSA's reasons for ending nothing. */
export const refusals: Record<EndEmergencyRefusal, string> = {
  CODE_NOT_FOUND:
    'Nothing was ended: SecurID no longer has that emergency code, or the user. Look the user up to see whether another one is valid.',
  ALREADY_SO: 'Nothing was ended: emergency access has already ended.',
};

export const NONE = 'This user has no emergency access.';
export const NO_CODE =
  'SecurID does not say which emergency code the user has. Please end it in the Cloud Administration Console.';
export const OFFLINE_STAYS =
  'An offline code on a Windows computer keeps working until it expires.';

const state = (user: UserDetails): Fact[] => [
  ['Emergency access', emergencyAccess(user)],
  ['Offline emergency access', hasOfflineAccess(user) ? offlineAccess(user) : undefined],
];

export const stateNow = (user: UserDetails): Block[] => facts(state(user));

const offline = (user: UserDetails): Block[] =>
  hasOfflineAccess(user) ? [paragraph(`:warning: ${OFFLINE_STAYS}`)] : [];

export const card = (user: UserDetails): { facts: Fact[]; blocks: Block[] } => ({
  facts: state(user),
  blocks: offline(user),
});

/** Whether the user still has it, by the record that was read right after. */
export function done({ answer, user }: Done<object, UserDetails | undefined>): Block[] {
  const isThere = answer && tellsEmergencyAccess(answer);
  if (!answer || isThere === undefined) return [NOT_CONFIRMED, ...offline(answer ?? user)];
  return [...stateNow(answer), ...(isThere ? [STILL_THERE] : []), ...offline(answer)];
}

const NOT_CONFIRMED = paragraph(
  ':grey_question: SecurID accepted it, but did not confirm it. `/securid user` shows whether the user still has emergency access.',
);
const STILL_THERE = paragraph(
  ':warning: SecurID accepted it, but still shows emergency access. Look the user up again in a minute.',
);
