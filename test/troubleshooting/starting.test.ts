import { beforeAll } from 'vitest';
import { build } from '../support/process.ts';
import { starting } from './stories/starting.ts';
import { tell } from './support/stories.ts';

beforeAll(build);

tell(starting);
