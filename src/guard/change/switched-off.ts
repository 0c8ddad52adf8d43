import type { Operation } from '../../desk/operation.ts';
import { withPlace } from '../../desk/place-of.ts';
import { sentence } from '../../slack/blocks.ts';
import { escapeMrkdwn } from '../../slack/mrkdwn.ts';
import type { Change } from './change.ts';
import { WHO_MAY } from './risk.ts';

/**
 * The command of a change that is not switched on, or that is no longer, while a button still leads
 * to it. It says so, and `help` does not list it.
 */
export function switchedOff(change: Change): Operation {
  const { name, risk, isTyped } = change;
  const answer = withPlace(sentence(notSwitchedOn(change)), 'a-change-is-not-switched-on');
  return {
    name,
    isTyped,
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

/** A sentence for the person who asks for it. */
export function notSwitchedOn({ name, button, isTyped, switchedBy }: Change): string {
  const what = isTyped ? `\`/securid ${name}\`` : `*${escapeMrkdwn(button)}*`;
  const it = isTyped && switchedBy === name ? 'it' : `\`${switchedBy}\``;
  return `${what} is not switched on here. Your SecurID Desk administrator can add ${it} to \`SECURID_CHANGES\`.`;
}
