import { type Found, findUser, type Problem } from '../../desk/find-user.ts';
import type { Call } from '../../desk/operation.ts';
import type { Who } from '../../desk/words.ts';
import { bareUser } from '../../securid/index.ts';
import type { GuardServices } from '../services.ts';
import type { Change } from './change.ts';

/** Whom a change is about. */
export type Subject = Found & {
  /** What *Try again* asks for, if RSA does not find them by the key. */
  who?: Who;
};

/** Looks the user up, unless the change can do without the record. */
export async function subjectOf(
  services: GuardServices,
  { withoutRecord }: Pick<Change, 'withoutRecord'>,
  who: Who,
  call: Call,
): Promise<Subject | Problem> {
  if (withoutRecord === 'by key' && ('email' in who || 'username' in who)) {
    return { user: bareUser('email' in who ? who.email : who.username), key: who };
  }
  if (withoutRecord === 'by id' && 'userId' in who) {
    void services.lookUps.found(who.userId, call);
    return { user: bareUser(who.userId), key: { username: who.userId }, who };
  }
  const found = await findUser(services, who, call);
  if (!('problem' in found)) void services.lookUps.found(found.user.id, call);
  return found;
}
