import { type Message, sentence } from '../../slack/blocks.ts';

/** Stands in `help`, too. */
export const ON =
  ':lock: Lockdown: no registration codes are issued until an approver types `/securid lockdown off`.';

export const isOn = (): Message => sentence(ON);
export const isOff = (): Message =>
  sentence('The lockdown is lifted. Registration codes can be issued again.');
