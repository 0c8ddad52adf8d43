import { beforeAll } from 'vitest';
import { build } from '../support/process.ts';
import { connecting } from './stories/connecting.ts';
import { tell } from './support/stories.ts';

beforeAll(build);

tell(connecting);
