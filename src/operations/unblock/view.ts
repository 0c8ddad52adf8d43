import { type Message, sentence, verbatimSentence } from '../../slack/blocks.ts';

export const lifted = (name: string): Message =>
  verbatimSentence(`The block is lifted. Registration codes can be issued for ${name} again.`);
export const notForAgents = (): Message =>
  sentence(
    'You issue codes yourself. An approver who had no part in the reported code has to lift the block.',
  );
export const notBlocked = (name: string): Message =>
  verbatimSentence(`${name} has reported no registration code, and is not blocked.`);
