import { z } from 'zod';
import { failure, json, wrongBody } from './answer.ts';
import type { Endpoint } from './endpoint.ts';
import type { TenantRecords, User } from './records.ts';

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
  answer({ records, body }) {
    const { data: who } = Lookup.safeParse(body);
    if (!who) return wrongBody;
    const found = findUser(records, who);
    if (!found) return failure(404, `User ${asWritten(who)} not found`);
    return json(200, found);
  },
};

export type Who = { email: string } | { username: string };

export function findUser({ users }: TenantRecords, who: Who): User | undefined {
  return 'email' in who
    ? users.find(({ emailAddress }) => same(emailAddress, who.email))
    : users.find(({ principalUsername, alternateUsername }) =>
        [principalUsername, alternateUsername].some((name) => same(name, who.username)),
      );
}

export const asWritten = (who: Who) => ('email' in who ? who.email : who.username);

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
