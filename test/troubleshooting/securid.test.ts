import { securid } from './stories/securid.ts';
import { tell } from './support/stories.ts';

tell(securid);
