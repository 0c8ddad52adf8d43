import { type Message, sentence, verbatimSentence } from '../../slack/blocks.ts';

export const lifted = (name: string): Message =>
  verbatimSentence(`The block is lifted. Registration codes can be issued for ${name} again.`);
export const notForAgents = (): Message =>
  sentence(
    'You issue codes yourself. Please lift the block with the button on its alert, or leave it to an approver who is no agent.',
  );
export const notOneself = (): Message =>
  sentence('This is your own account. Another approver has to lift the block.');
export const notTold = (): Message =>
  sentence(
    'SecurID has no record with the e-mail address of your Slack profile, so it cannot be told whether this is your own account. Another approver has to lift the block.',
  );
export const notBlocked = (name: string): Message =>
  verbatimSentence(`${name} has reported no registration code, and is not blocked.`);
