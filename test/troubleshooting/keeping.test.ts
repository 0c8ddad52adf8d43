import { keeping } from './stories/keeping.ts';
import { tell } from './support/stories.ts';

tell(keeping);
