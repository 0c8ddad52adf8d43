import type { Done } from '../../guard/change/asked.ts';
import type { Words } from '../../guard/change/words.ts';
import type { UserDetails } from '../../securid/index.ts';
import { type Block, verbatim } from '../../slack/blocks.ts';
import { recordBlocks } from '../sync/record.ts';

export const words: Words = {
  thing: 'look into the directory',
  short: 'look into the directory',
  one: 'a look into the directory',
  did: 'looked for a user in the directory',
  doing: 'look in the directory',
  done: 'carried out',
  notice: 'Your SecurID account was added from the directory',
  none: 'SecurID did not look in the directory.',
  noneOfIt: 'SecurID did not look in the directory.',
  noneYet: 'SecurID has not looked in the directory yet.',
  notAsked: 'SecurID did not look in the directory',
  action: 'look in the directory',
  act: 'look in the directory',
  noun: 'the look into the directory',
  withheld: 'is not looked for',
  declines: 'looks for nobody',
  stopped: 'nobody is looked for',
  allowed: 'this user may be looked for',
};

export const title = () => 'Looked in the directory';

export const verify = 'Look in the directory';
export const submit = 'Look in the directory';
export const reasons = '';
export const warning = 'If the directory has the user, SecurID adds them.';

export const checking = (name: string) => `Checking whether ${name} can be looked for`;
export const asking = (name: string) => `Asking SecurID to look for ${name} in the directory`;
export const silence = 'If nothing appears within half a minute, look the user up.';

export const approval =
  'This happens right away. If the directory has the user, SecurID adds them.';
export const waiting = 'The answer will appear here.';

export const unknown =
  'SecurID may have added the user from the directory, but no usable answer arrived. `/securid user` shows whether it did.';

export const refusals: Record<never, string> = {};

export const done = ({ answer, key }: Done<unknown, UserDetails | undefined>): Block[] =>
  answer ? recordBlocks(answer) : [verbatim(nobody(key))];

function nobody(key: Done<unknown, unknown>['key']): string {
  const who = 'email' in key ? `the e-mail address ${key.email}` : `the user name ${key.username}`;
  return `The directory has nobody with ${who} either. Check the spelling, or ask the SecurID administrators which identity sources are connected.`;
}
