import type { Interaction, InteractionResult } from '../page-protocol.ts';

/** Does something as whoever one is now. */
export type Act = (
  interaction: Interaction extends infer I
    ? I extends Interaction
      ? Omit<I, 'as'>
      : never
    : never,
) => Promise<InteractionResult>;
