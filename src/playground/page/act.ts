import type { Interaction, InteractionResult } from '../page-protocol.ts';

/** Acts as the chosen person. */
export type Act = (
  interaction: Interaction extends infer I
    ? I extends Interaction
      ? Omit<I, 'as'>
      : never
    : never,
) => Promise<InteractionResult>;
