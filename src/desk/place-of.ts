import type { types } from '@slack/bolt';
import { context, type Message } from '../slack/blocks.ts';
import { type Symptom, see } from '../troubleshooting.ts';

/** A footnote to pass on to the administrator: where to find the remedy. */
export const placeOf = (symptom: Symptom): types.ContextBlock =>
  context(`For your SecurID Desk administrator: \`${see(symptom)}\``);

/** The message with that footnote, if there is a remedy. */
export const withPlace = ({ text, blocks }: Message, symptom: Symptom | undefined): Message => ({
  text,
  blocks: symptom ? [...blocks, placeOf(symptom)] : blocks,
});
