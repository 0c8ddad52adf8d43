import { type Message, verbatimSentence } from '../../slack/blocks.ts';

export const lifted = (name: string): Message =>
  verbatimSentence(`The block is lifted. Registration codes can be issued for ${name} again.`);
export const notBlocked = (name: string): Message =>
  verbatimSentence(`${name} has reported no registration code, and is not blocked.`);
