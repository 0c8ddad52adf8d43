import { z } from 'zod';
import { type Answer, failure, json, nothing, wrongBody } from './answer.ts';
import type { Endpoint } from './endpoint.ts';
import type { TenantRecords, User } from './records.ts';
import { takeOver } from './synchronize.ts';

const searchUnsynched = z.boolean().optional();
const Lookup = z.union([
  z.strictObject({ email: z.string().min(1), searchUnsynched }),
  z.strictObject({ username: z.string().min(1), searchUnsynched }),
]);

/** User Details API. */
export const userDetails: Endpoint = {
  method: 'POST',
  path: '/v1/users/lookup',
  permission: 'rsa.user.read',
  answer({ clock, records, body }) {
    const { data: who } = Lookup.safeParse(body);
    if (!who) return wrongBody;
    if (who.searchUnsynched) takeOver(records, isNamed(who), clock.now());
    const found = findUser(records, who);
    if (!found) return failure(404, `User ${asWritten(who)} not found`);
    return json(200, found);
  },
};

/** Neither Approve nor Fingerprint can be unlocked. */
const LOCKS = { TOKEN: 'isTokenLocked', SMS: 'isSmsLocked', VOICE: 'isVoiceLocked' } as const;
const Unlock = z.strictObject({
  unlockMethods: z.array(z.enum(['TOKEN', 'SMS', 'VOICE'])).min(1),
});

/**
 * Unlock User Tokencodes API. Unlocking what is not locked is no error. The answer has the state of all
 * methods, whatever was asked for.
 */
export const unlockTokencodes: Endpoint = {
  method: 'PATCH',
  path: '/v1/users/{id}/methods',
  permission: 'rsa.user.factor.manage',
  answer({ records, traits, id, body }) {
    const { data } = Unlock.safeParse(body);
    if (!data) return wrongBody;
    const user = userById(records, id);
    if ('status' in user) return user;
    for (const method of data.unlockMethods) user[LOCKS[method]] = false;
    if (traits.unlockAnswer !== 'locks') {
      return nothing(traits.unlockAnswer === 'no content' ? 204 : 200);
    }
    const { isTokenLocked, isSmsLocked, isVoiceLocked, isFingerprintLocked, isApproveLocked } =
      user;
    return json(200, {
      ...{ isTokenLocked, isSmsLocked, isVoiceLocked },
      ...{ isFingerprintLocked, isApproveLocked },
    });
  },
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The user with the id in the path, or the answer if there is none. */
export function userById({ users }: TenantRecords, id: string): User | Answer {
  if (!UUID.test(id)) return failure(400, 'User ID is not valid.');
  const user = users.find((one) => one.id.toLowerCase() === id.toLowerCase());
  return user ?? failure(404, `User ${id} not found`);
}

export type Who = { email: string } | { username: string };

export const findUser = ({ users }: TenantRecords, who: Who): User | undefined =>
  users.find(isNamed(who));

const isNamed =
  (who: Who) =>
  ({ emailAddress, principalUsername, alternateUsername }: User): boolean =>
    'email' in who
      ? same(emailAddress, who.email)
      : [principalUsername, alternateUsername].some((name) => same(name, who.username));

export const asWritten = (who: Who) => ('email' in who ? who.email : who.username);

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
