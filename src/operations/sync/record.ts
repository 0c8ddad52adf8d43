import { nameOf, status } from '../../desk/user.ts';
import { firstLine, wrongWith } from '../../desk/wrong.ts';
import type { UserDetails } from '../../securid/index.ts';
import { type Block, facts, header } from '../../slack/blocks.ts';

/** The record as the directory has just filled it. */
export const recordBlocks = (user: UserDetails): Block[] => [
  header(nameOf(user)),
  firstLine(wrongWith(user), 'Nothing stands out in the record.'),
  ...facts([
    ['Status', status(user)],
    ['E-mail', user.emailAddress],
    ['User name', user.principalUsername],
    ['Alternate user name', user.alternateUsername],
    ['Identity source', user.identitySource],
    ['Last synchronized', user.lastSyncTime],
  ]),
];
