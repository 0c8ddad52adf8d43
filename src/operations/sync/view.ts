import type { Done } from '../../guard/change/asked.ts';
import type { Words } from '../../guard/change/words.ts';
import type { SyncRefusal, UserDetails } from '../../securid/index.ts';
import type { Block } from '../../slack/blocks.ts';
import { recordBlocks } from './record.ts';

export const words: Words = {
  thing: 'synchronization',
  short: 'synchronization',
  one: 'a synchronization',
  did: 'synchronized a user',
  doing: 'synchronize users',
  done: 'carried out',
  notice: 'Your SecurID account was synchronized with the directory',
  none: 'The user was not synchronized.',
  noneOfIt: 'The user was not synchronized.',
  noneYet: 'The user has not been synchronized yet.',
  notAsked: 'the user was not synchronized',
  action: 'synchronize users',
  act: 'synchronize it',
  noun: 'the synchronization',
  withheld: 'is not synchronized',
  declines: 'does not synchronize the user',
  stopped: 'no users are synchronized',
  allowed: 'this user may be synchronized',
};

export const title = () => 'Synchronized with the directory';

export const verify = 'Synchronize';
export const submit = 'Synchronize';
export const reasons = '';
export const warning = 'The record is updated from the directory.';

export const checking = (name: string) => `Checking whether ${name} can be synchronized`;
export const asking = (name: string) => `Asking SecurID to synchronize ${name}`;
export const silence = 'If nothing appears within half a minute, look the user up.';

export const approval = 'This happens right away. The record is updated from the directory.';
export const waiting = 'The answer will appear here.';

export const unknown =
  'SecurID may have synchronized the user, but no usable answer arrived. `/securid user` shows when it last did.';

/** What to do about RSA's reason for refusing. */
export const refusals: Record<SyncRefusal, string> = {
  USER_NOT_FOUND:
    'Nobody was synchronized: SecurID no longer has that user. Look them up again by e-mail address or user name.',
};

export const done = ({ answer }: Done<unknown, UserDetails>): Block[] => recordBlocks(answer);
