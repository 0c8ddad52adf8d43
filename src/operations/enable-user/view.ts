import type { Done } from '../../guard/change/asked.ts';
import type { Words } from '../../guard/change/words.ts';
import type { Block } from '../../slack/blocks.ts';
import { refusalsOf, statusBlocks } from './status.ts';

export const words: Words = {
  thing: 'change of status',
  short: 'change',
  one: 'a change of status',
  did: 'enabled a user',
  doing: 'enable users',
  done: 'carried out',
  notice: 'Your SecurID account was enabled',
  none: 'The user was not enabled.',
  noneOfIt: 'The user was not enabled.',
  noneYet: 'The user has not been enabled yet.',
  notAsked: 'the user was not enabled',
  action: 'enable users',
  act: 'enable it',
  noun: 'enabling the user',
  withheld: 'cannot be enabled',
  declines: 'does not enable the user',
  stopped: 'no users are enabled',
  allowed: 'this user may be enabled',
};

export const title = (name: string) => `Enable ${name}`;

export const verify = 'Verify and enable';
export const submit = 'Enable';
export const reasons = 'Came back to the company, …';
export const warning =
  'Anyone who has the phone, the token or the password of this user can sign in with it again.';

export const ALREADY = 'The user is already enabled.';
export const UNKNOWN_STATUS =
  'SecurID does not say whether the user is disabled, so there may be nothing to enable.';

export const checking = (name: string) => `Checking whether ${name} can be enabled`;
export const asking = (name: string) => `Asking SecurID to enable ${name}`;
export const silence =
  'If nothing appears within half a minute, look the user up to see the status.';

export const approval = `The user is enabled right away. ${warning}`;
export const waiting =
  'The answer will appear here. If it has not by then, the user was not enabled.';

export const unknown =
  'SecurID may have enabled the user, but no usable answer arrived. `/securid user` shows the status.';
export const notSeen =
  'SecurID may have enabled the user, but no usable answer arrived, and the record does not show it. Look the user up again in a minute.';

/** What to do about each of RSA's reasons for refusing. */
export const refusals = refusalsOf(
  'SecurID did not enable the user',
  'Enable them in the directory that they come from.',
);

export const done = ({ answer }: Done<unknown, string | undefined>): Block[] =>
  statusBlocks('Enabled', answer);
