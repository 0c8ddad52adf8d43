import type { StoppedWords } from '../../guard/change/changes.ts';
import { capital } from '../../guard/change/letters.ts';
import { type Message, sentence, verbatimSentence } from '../../slack/blocks.ts';

export const lifted = ({ many, done }: StoppedWords, name: string): Message =>
  verbatimSentence(`The block is lifted. ${capital(many)} can be ${done} for ${name} again.`);
export const notForAgents = ({ doing, short }: StoppedWords): Message =>
  sentence(
    `You ${doing} yourself. An approver who had no part in the reported ${short} has to lift the block.`,
  );
export const notBlocked = ({ one }: StoppedWords, name: string): Message =>
  verbatimSentence(`${name} has not reported ${one} and is not blocked.`);
