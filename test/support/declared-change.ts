import { z } from 'zod';
import type { Change } from '../../src/guard/change/change.ts';
import { defineChange } from '../../src/guard/change/define-change.ts';
import type { Words } from '../../src/guard/change/words.ts';
import { paragraph } from '../../src/slack/blocks.ts';

const THAW_WORDS: Words = {
  thing: 'thaw',
  short: 'thaw',
  one: 'a thaw',
  did: 'thawed an account',
  doing: 'thaw accounts',
  done: 'thawed',
  notice: 'Your SecurID account was thawed',
  none: 'Nothing was thawed.',
  noneOfIt: 'Nothing was thawed.',
  noneYet: 'Nothing has been thawed yet.',
  notAsked: 'nothing was thawed',
  action: 'thaw accounts',
  act: 'thaw it',
  noun: 'the thaw',
  withheld: 'stays frozen',
  declines: 'thaws nothing',
  stopped: 'nothing is thawed',
  allowed: 'this account may be thawed',
};

type Declared = Parameters<typeof defineChange<z.ZodObject, unknown>>[0];

/** What a test declares otherwise. `verify` is the text on the card's button. */
type Over = Partial<Declared> & { verify?: string };

/** RSA's path of the stand-in below, as the tenant in memory names it. */
export const THAW = 'PATCH /v1/users/{id}/methods';

/** A change that nobody has declared yet. For SecurID it is an unlock, so that it can be carried out. */
export const declared = ({ verify = 'Verify and thaw', ...over }: Over = {}): Change =>
  defineChange({
    name: 'thaw',
    api: 'PATCH v1/users/{userId}/methods',
    scope: 'rsa.user.factor.manage',
    risk: 'restores',
    needsUser: ['enabled', 'not pending deletion'],
    args: '',
    example: '/securid thaw jane@example.com',
    summary: 'thaws an account',
    button: 'Thaw',
    task: 'Thaw an account',
    input: z.object({}),
    fields: [],
    perform: ({ securid, user }, options) => securid.users.unlock(user.id, ['TOKEN'], options),
    view: {
      words: THAW_WORDS,
      title: (name) => `Thaw ${name}`,
      verify,
      submit: 'Thaw',
      reasons: 'Winter is over, …',
      warning: 'Anyone who has the token can sign in again.',
      checking: (name) => `Checking whether ${name} can be thawed`,
      asking: (name) => `Asking SecurID to thaw ${name}`,
      silence: 'If nothing appears within half a minute, look the user up.',
      approval: 'The account is thawed right away.',
      waiting: 'The answer will appear here.',
      unknown: 'SecurID may have thawed it, but no usable answer arrived.',
      refusals: { USER_NOT_FOUND: 'SecurID thawed nothing: it no longer has that user.' },
      done: () => [paragraph('Thawed.')],
    },
    ...over,
  } as Declared);
