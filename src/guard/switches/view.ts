import { type Message, sentence } from '../../slack/blocks.ts';

/** Stands in `help`, too. */
export const ON =
  ':lock: Lockdown: no registration codes are issued until an approver types `/securid lockdown off`.';

/** Why the app is in lockdown by itself; stands in `help`, too. */
export const LOST_STATE =
  ':warning: SecurID Desk went into lockdown by itself: `STATE_FILE`, which holds the lockdown and the blocks, is missing or out of date. Before you lift the lockdown, find out who has to stay blocked.';

export const lost = (): Message => sentence(`${ON}\n${LOST_STATE}`);
