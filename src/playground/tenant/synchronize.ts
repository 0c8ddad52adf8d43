import type { TenantRecords, User } from './records.ts';

/** The user's record, after it has taken over what the directory says. */
export function synchronized({ directory = [] }: TenantRecords, user: User, now: number): User {
  const known = directory.find(({ id }) => id === user.id);
  return Object.assign(user, known, { lastSyncTime: new Date(now).toISOString() });
}

/** Takes over the user whom the directory has, if there is one. */
export function takeOver(
  records: TenantRecords,
  isWanted: (user: User) => boolean,
  now: number,
): void {
  const wanted = records.directory?.find(isWanted);
  if (!wanted) return;
  const known = records.users.find(({ id }) => id === wanted.id);
  const user = known ?? { ...wanted };
  if (!known) records.users.push(user);
  synchronized(records, user, now);
}
