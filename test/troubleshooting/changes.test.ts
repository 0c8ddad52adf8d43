import { changes } from './stories/changes.ts';
import { tell } from './support/stories.ts';

tell(changes);
