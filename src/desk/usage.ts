import { type Message, paragraph } from '../slack/blocks.ts';
import { escapeMrkdwn } from '../slack/mrkdwn.ts';
import type { OperationText } from './operation.ts';

/** `/securid user <who>`, as code. */
export const usageLine = ({ name, args }: OperationText) =>
  `\`${escapeMrkdwn(`/securid ${name} ${args}`.trim())}\``;

/** The usage message for a mistyped command. */
export function usage(operation: OperationText): Message {
  const text = `Usage: ${usageLine(operation)}\nFor example \`${operation.example}\``;
  return { text, blocks: [paragraph(text)] };
}
