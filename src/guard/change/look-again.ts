import type { Call } from '../../desk/operation.ts';
import type { UserDetails } from '../../securid/index.ts';
import type { ChangeRequest } from '../form/card.ts';
import type { GuardServices } from '../services.ts';
import type { Performed } from './change.ts';

/** How long reading the record again may take, in milliseconds. */
const LOOK_AGAIN_WITHIN = 2500;

/** When SecurID has to have answered, so that there is time to look again. */
export const answerBy = ({ change }: Pick<ChangeRequest, 'change'>, { securid }: Call): number =>
  change.lookAgain ? securid.until - LOOK_AGAIN_WITHIN : securid.until;

/** What the record says of a change to which no usable answer arrived. */
export type Seen = { made: Performed } | 'not seen' | 'cannot be told';

/** Reads the record once. Never throws. */
export async function lookAgain(
  { securid, authenticatorApi, clock }: GuardServices,
  { change, card, input }: ChangeRequest,
  user: UserDetails,
  call: Call,
): Promise<Seen> {
  if (!change.lookAgain) return 'cannot be told';
  const until = clock.elapsed() + LOOK_AGAIN_WITHIN;
  const asked = { securid, authenticatorApi, user, key: card.key, input };
  try {
    const made = await change.lookAgain(asked, { ...call.securid, fresh: true, until });
    return made ? { made } : 'not seen';
  } catch (error) {
    call.log.warn({ err: error }, 'the record could not be read again');
    return 'cannot be told';
  }
}
