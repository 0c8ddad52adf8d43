import type { Done } from '../../guard/change/asked.ts';
import type { Words } from '../../guard/change/words.ts';
import type { Block } from '../../slack/blocks.ts';
import { refusalsOf, statusBlocks } from '../enable-user/status.ts';

export const words: Words = {
  thing: 'change of status',
  short: 'change',
  one: 'a change of status',
  did: 'disabled a user',
  doing: 'disable users',
  done: 'carried out',
  notice: 'Your SecurID account was disabled',
  none: 'The user was not disabled.',
  noneOfIt: 'The user was not disabled.',
  noneYet: 'The user has not been disabled yet.',
  notAsked: 'the user was not disabled',
  action: 'disable users',
  act: 'disable it',
  noun: 'disabling the user',
  withheld: 'cannot be disabled',
  declines: 'does not disable the user',
  stopped: 'no users are disabled',
  allowed: 'this user may be disabled',
};

export const title = (name: string) => `Disable ${name}`;

export const verify = 'Disable';
export const submit = 'Disable';
export const reasons = 'Left the company, stolen phone, …';
export const warning = 'Until the user is enabled again, nobody can sign in as them.';

export const ALREADY = 'The user is already disabled.';

export const checking = (name: string) => `Checking whether ${name} can be disabled`;
export const asking = (name: string) => `Asking SecurID to disable ${name}`;
export const silence =
  'If nothing appears within half a minute, look the user up to see the status.';

export const approval = `The user is disabled right away. ${warning}`;
export const waiting =
  'The answer will appear here. If it has not by then, the user was not disabled.';

export const unknown =
  'SecurID may have disabled the user, but no usable answer arrived. `/securid user` shows the status.';
export const notSeen =
  'SecurID may have disabled the user, but no usable answer arrived, and the record does not show it. Look the user up again in a minute.';

/** What to do about each of RSA's reasons for refusing. */
export const refusals = refusalsOf(
  'SecurID did not disable the user',
  'Disable them in the directory that they come from.',
);

export const done = ({ answer }: Done<unknown, string | undefined>): Block[] =>
  statusBlocks('Disabled', answer);
