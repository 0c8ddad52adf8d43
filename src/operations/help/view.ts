import type { OperationText } from '../../desk/operation.ts';
import { usageLine } from '../../desk/usage.ts';
import type { StoppedWords } from '../../guard/change/changes.ts';
import { LOST_STATE, on } from '../../guard/switches/view.ts';
import { context, header, type Message, paragraph } from '../../slack/blocks.ts';

type LockdownState = { on: boolean; ofLostState: boolean; stopped: StoppedWords };

/** One paragraph for each command that the reader may use. */
export function help(operations: OperationText[], lockdown: LockdownState): Message {
  return {
    text: `You can use ${operations.map(({ name }) => `/securid ${name}`).join(', ')}.`,
    blocks: [
      header('What you can do with /securid'),
      ...(lockdown.on ? [paragraph(on(lockdown.stopped))] : []),
      ...(lockdown.on && lockdown.ofLostState ? [paragraph(LOST_STATE)] : []),
      paragraph('`/securid` alone opens a form.'),
      ...operations.map((operation) =>
        paragraph(
          `${usageLine(operation)}: ${operation.summary}\nFor example \`${operation.example}\``,
        ),
      ),
      ...(operations.some(({ args }) => args.includes('<who>')) ? [whoIsWho] : []),
    ],
  };
}

const whoIsWho = context(
  '&lt;who&gt; is a Slack mention, an e-mail address or a SecurID user name. Only you can see the answers about users and tokens.',
);
