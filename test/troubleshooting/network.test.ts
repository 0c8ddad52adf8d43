import { beforeAll } from 'vitest';
import { build } from '../support/process.ts';
import { network } from './stories/network.ts';
import { tell } from './support/stories.ts';

beforeAll(build);

tell(network);
