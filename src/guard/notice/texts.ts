import type { Changes } from '../change/changes.ts';
import type { Made } from './made.ts';
import type { NoticeWords } from './view.ts';

/** The phrases about a change that was made. */
export const textsOf = (changes: Changes, { change }: Pick<Made, 'change'>): NoticeWords => ({
  words: changes.textOf(change).words,
  risk: changes.textOf(change).risk,
  stopped: changes.stopped,
});
