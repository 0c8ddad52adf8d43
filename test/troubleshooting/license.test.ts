import { license } from './stories/license.ts';
import { tell } from './support/stories.ts';

tell(license);
