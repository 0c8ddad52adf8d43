import type { Change } from '../guard/change/change.ts';

const LOOK_UPS = ['user', 'find', 'authenticators', 'history', 'token'];

/** What people may type behind the command, for its hint; not what only approvers type. */
export const wordsFor = (
  changes: readonly Pick<Change, 'name' | 'isTyped'>[],
  { hasManagers }: { hasManagers: boolean },
): string[] => [
  ...LOOK_UPS,
  ...changes.filter(({ isTyped }) => isTyped).map(({ name }) => name),
  ...(hasManagers ? ['license'] : []),
  'help',
];
