/**
 * An OAuth permission, by its name in the console.
 * https://community.securid.com/s/article/OAuth-2-0-Based-Permissions-for-the-Cloud-Administration-APIs-27c2ca90
 */
export type Permission = `rsa.${string}`;

/** What look-ups and the license summary need. They go by one token; each change goes by one of its own. */
export const READ_PERMISSIONS = [
  'rsa.user.read',
  'rsa.authenticator.mobile.read',
  'rsa.authenticator.sidtoken.read',
  'rsa.authenticator.ds100.read',
  'rsa.report.license.usage',
] as const satisfies Permission[];

export type ReadPermission = (typeof READ_PERMISSIONS)[number];

/** What a client made for an earlier version of this app lacks: the rest goes on without. */
const DISPENSABLE: ReadonlySet<string> = new Set(['rsa.authenticator.ds100.read']);

/** The same scope without what the app can do without. */
export const leastOf = (scope: string) =>
  scope
    .split(' ')
    .filter((permission) => !DISPENSABLE.has(permission))
    .join(' ');

/** Whether a scope lacks a permission that the app cannot do without. */
export const lacks = (scope: string, permission: string) =>
  !DISPENSABLE.has(permission) && !scope.split(' ').includes(permission);
