import type { GuardedChange } from './guarded.ts';

/** The registration code, as the rules know it. */
export const REGISTRATION_CODE: GuardedChange = {
  name: 'code',
  risk: 'grants',
  needsUser: ['enabled', 'not pending deletion'],
  words: {
    action: 'issue registration codes',
    act: 'issue the code',
    noun: 'the code',
    withheld: 'gets no code',
    declines: 'issues no code',
    stopped: 'no registration codes are issued',
    allowed: 'this code may be issued',
    none: 'No code was issued.',
  },
};
