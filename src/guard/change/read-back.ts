import type { Call } from '../../desk/operation.ts';
import type { Performed } from './change.ts';

/** The change was made. If the record cannot be read now, it stays unconfirmed. */
export async function readBack(performed: Performed, call: Call): Promise<void> {
  await performed.readBack?.({ ...call.securid, fresh: true }).catch((error) => {
    call.log.warn({ err: error }, 'accepted, but the record could not be read');
  });
}
