import type { Operation } from '../../desk/operation.ts';
import { sentence } from '../../slack/blocks.ts';
import type { Change } from './change.ts';
import { WHO_MAY } from './risk.ts';

/** The command of a change that is not switched on. It says so, and `help` does not list it. */
export function switchedOff({ name, risk }: Change): Operation {
  const answer = sentence(
    `\`/securid ${name}\` is not switched on here. Whoever runs SecurID Desk can add it to \`SECURID_CHANGES\`.`,
  );
  return {
    name,
    aliases: [],
    role: WHO_MAY[risk],
    args: '',
    example: `/securid ${name}`,
    summary: '',
    isUnlisted: true,
    typed: () => ({ problem: answer }),
    pressed: () => async () => answer,
  };
}
