import { beforeAll } from 'vitest';
import { build } from '../support/process.ts';
import { keeping } from './stories/keeping.ts';
import { tell } from './support/stories.ts';

beforeAll(build);

tell(keeping);
