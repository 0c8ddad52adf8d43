import { explanation } from '../../desk/failures.ts';
import { withButtons } from '../../desk/follow-up.ts';
import type { Call } from '../../desk/operation.ts';
import type { GuardServices } from '../services.ts';
import { askAgain } from './again.ts';
import { type ChangeRequest, onRecord } from './card.ts';

/** The failure in the row of a change that could not be counted. */
const NOT_COUNTED = 'limits not checked';

/** The store failed when a change was to be counted, so SecurID is not asked: says so, and records it. */
export async function notCounted(
  services: Pick<GuardServices, 'slack'>,
  request: ChangeRequest,
  call: Call,
  error: unknown,
): Promise<void> {
  const { change, card } = request;
  call.progress.outcome = 'failed';
  call.log.error({ err: error, target: card.userId }, `${change.words.thing} not asked for`);
  const details = { ...onRecord(request), failure: NOT_COUNTED };
  await call.audit.of(change.name).note('not done', details);
  const failure = explanation(error, call.incident, change.words.none);
  const message = withButtons(failure, await askAgain(services, request));
  await call.reply(message, { replace: true });
}
