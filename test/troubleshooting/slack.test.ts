import { slack } from './stories/slack.ts';
import { tell } from './support/stories.ts';

tell(slack);
