/**
 * An OAuth permission, by its name in the console.
 * https://community.securid.com/s/article/OAuth-2-0-Based-Permissions-for-the-Cloud-Administration-APIs-27c2ca90
 */
export type Permission = `rsa.${string}`;

/**
 * The permissions of look-ups and the license summary, which share a
 * token. Each change has a token of its own.
 */
export const READ_PERMISSIONS = [
  'rsa.user.read',
  'rsa.authenticator.mobile.read',
  'rsa.authenticator.sidtoken.read',
  'rsa.authenticator.ds100.read',
  'rsa.report.license.usage',
] as const satisfies Permission[];

/** Look-ups that many clients may not make. Each has a token of its own, as a change has. */
export const SEPARATE_READ_PERMISSIONS = ['rsa.audit.user'] as const satisfies Permission[];

export type ReadPermission =
  | (typeof READ_PERMISSIONS)[number]
  | (typeof SEPARATE_READ_PERMISSIONS)[number];

const SHARED: ReadonlySet<string> = new Set(READ_PERMISSIONS);

/** Whether the token of the look-ups covers it. */
export const isShared = (permission: Permission) => SHARED.has(permission);

/**
 * Clients created for an earlier version of this app lack
 * these; everything else works without them.
 */
const DISPENSABLE: ReadonlySet<string> = new Set(['rsa.authenticator.ds100.read']);

/** The scope without the permissions that the app can do without. */
export const leastOf = (scope: string) =>
  scope
    .split(' ')
    .filter((permission) => !DISPENSABLE.has(permission))
    .join(' ');

/** Whether a scope lacks a permission that the app needs. */
export const lacks = (scope: string, permission: string) =>
  !DISPENSABLE.has(permission) && !scope.split(' ').includes(permission);
