import { network } from './stories/network.ts';
import { tell } from './support/stories.ts';

tell(network);
