import { beforeAll } from 'vitest';
import { build } from '../support/process.ts';
import { securid } from './stories/securid.ts';
import { tell } from './support/stories.ts';

beforeAll(build);

tell(securid);
