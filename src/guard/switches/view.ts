import { type Message, sentence } from '../../slack/blocks.ts';
import { see } from '../../troubleshooting.ts';
import type { StoppedWords } from '../change/changes.ts';

/** Also shown in `help`. */
export const on = ({ many, done }: StoppedWords): string =>
  `:lock: Lockdown: no ${many} are ${done} until an approver types \`/securid lockdown off\`.`;

/** Why the app turned the lockdown on by itself. Also shown in `help`. */
export const LOST_STATE = `:warning: SecurID Desk went into lockdown by itself: \`STATE_FILE\`, which holds the lockdown and the blocks, is missing or out of date. Before you lift the lockdown, find out who must stay blocked: \`${see('it-starts-in-lockdown')}\`.`;

export const lost = (stopped: StoppedWords): Message => sentence(`${on(stopped)}\n${LOST_STATE}`);
