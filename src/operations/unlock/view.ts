import { lockedMethods, METHOD_NAMES, UNLOCKABLE, unlockable } from '../../desk/locks.ts';
import type { Done, Fact } from '../../guard/change/asked.ts';
import type { Words } from '../../guard/change/words.ts';
import { LOCK_OF, type Locks, type UnlockRefusal } from '../../securid/index.ts';
import { type Block, facts, paragraph } from '../../slack/blocks.ts';

export const words: Words = {
  thing: 'unlock',
  short: 'unlock',
  one: 'an unlock',
  did: 'unlocked sign-in methods',
  doing: 'unlock methods',
  done: 'carried out',
  notice: 'Sign-in methods of your SecurID account were unlocked',
  none: 'Nothing was unlocked.',
  noneOfIt: 'Nothing was unlocked.',
  noneYet: 'Nothing has been unlocked yet.',
  notAsked: 'nothing was unlocked',
  action: 'unlock methods',
  act: 'unlock it',
  noun: 'the unlock',
  withheld: 'cannot be unlocked',
  declines: 'unlocks nothing',
  stopped: 'nothing is unlocked',
  allowed: 'this account may be unlocked',
};

export const title = (name: string) => `Unlock ${name}`;

export const verify = 'Verify and unlock';
export const submit = 'Unlock';
export const reasons = 'Locked after wrong tokencodes, …';
export const warning = 'Anyone who has the token or the phone can sign in with it again.';

export const checking = (name: string) => `Checking whether ${name} can be unlocked`;
export const asking = (name: string) => `Asking SecurID to unlock ${name}`;
export const silence =
  'If nothing appears within half a minute, look the user up to see what is locked.';

export const approval = `The methods are unlocked right away. ${warning}`;
export const waiting = 'The answer will appear here. If it has not by then, nothing was unlocked.';

export const unknown =
  'SecurID may have unlocked the methods, but no usable answer arrived. `/securid user` shows what is locked.';

/** What to do about each of RSA's reasons for not unlocking. */
export const refusals: Record<UnlockRefusal, string> = {
  USER_NOT_FOUND:
    'Nothing was unlocked: SecurID no longer has that user. Look the user up again; if they are gone, the SecurID administrators can tell why.',
};

const listed = (names: string[]) => names.join(', ') || 'None';
const locksOf = (methods: string) =>
  UNLOCKABLE.filter((one) => methods.split(' ').includes(one)).map((one) => LOCK_OF[one]);
const namesOf = (locks: (keyof Locks)[]) => locks.map((lock) => METHOD_NAMES[lock]);

export const methodNames = (asked = '') => listed(namesOf(locksOf(asked)));

export const methods = (asked = ''): Fact[] => [['To unlock', methodNames(asked)]];

/** Which of the locked methods RSA can unlock, and which it cannot. */
export function card(locks: Locks): { facts: Fact[]; blocks: Block[] } {
  const stays = staysLocked(locks);
  return {
    facts: [['Locked methods', listed(lockedMethods(locks))]],
    blocks: stays ? [paragraph(`:warning: ${stays}`)] : [],
  };
}

function staysLocked(locks: Locks): string | undefined {
  const can = namesOf(unlockable(locks).map((one) => LOCK_OF[one]));
  const others = lockedMethods(locks).filter((name) => !can.includes(name));
  if (others.length === 0) return undefined;
  const verb = others.length > 1 ? 'stay' : 'stays';
  return `${others.join(' and ')} ${verb} locked: SecurID Desk can unlock OTP, SMS and voice, and nothing else.`;
}

/** Why there is nothing to unlock. */
export function nothingToUnlock(locks: Locks): string {
  const told = Object.values(LOCK_OF).some((lock) => locks[lock] !== undefined);
  if (!told) return 'SecurID does not say which methods are locked, so there is nothing to unlock.';
  const stays = staysLocked(locks);
  return stays ? `There is nothing to unlock. ${stays}` : 'None of the user’s methods is locked.';
}

/** What is locked now, from SecurID's answer or the record read right after. */
export function done({ answer, input }: Done<{ methods: string }, Locks | undefined>): Block[] {
  const asked = locksOf(input.methods);
  if (!answer || asked.some((lock) => answer[lock] === undefined)) return [NOT_CONFIRMED];
  const free = asked.filter((lock) => !answer[lock]);
  return [
    ...facts([
      ['Unlocked', listed(namesOf(free))],
      ['Locked', listed(lockedMethods(answer))],
    ]),
    ...(free.length < asked.length ? [STILL_LOCKED] : []),
  ];
}

const NOT_CONFIRMED = paragraph(
  ':grey_question: SecurID accepted it, but did not confirm it. `/securid user` shows what is locked.',
);
const STILL_LOCKED = paragraph(
  ':warning: SecurID accepted it, but still shows a method as locked. Look the user up again in a minute.',
);
