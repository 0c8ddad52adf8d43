import type { Stories } from '../support/stories.ts';
import { changes } from './changes.ts';
import { connecting } from './connecting.ts';
import { doctor } from './doctor.ts';
import { keeping } from './keeping.ts';
import { license } from './license.ts';
import { network } from './network.ts';
import { securid } from './securid.ts';
import { slack } from './slack.ts';
import { starting } from './starting.ts';

export const ALL: Stories = {
  ...starting,
  ...connecting,
  ...slack,
  ...securid,
  ...changes,
  ...license,
  ...keeping,
  ...network,
  ...doctor,
};
