import { distance } from 'fastest-levenshtein';
import { VARIABLES } from './environment.ts';
import { bare } from './values.ts';

/** A variable that is set but not read, and the one that was probably meant. */
export type Unread = { name: string; meant: string | undefined };

/** Variables that have no effect but seem meant for this app: by their prefix, or by a name close to a setting's. */
export function unreadIn(env: Record<string, string | undefined>): Unread[] {
  return Object.keys(env)
    .filter((name) => !VARIABLES.includes(name) && bare(env[name] ?? '') !== '')
    .map((name) => ({ name, meant: meantBy(name, env) }))
    .filter(({ name, meant }) => meant !== undefined || isOurs(name));
}

const isOurs = (name: string) => /^SECURID_\w+$/i.test(name) && !OF_A_SERVICE.test(name);

/** https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables */
const OF_A_SERVICE = /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_\w+)?)$/;

/** With more letters of difference, it is probably another program's. */
const MOST_APART = 2;

function meantBy(name: string, env: Record<string, string | undefined>): string | undefined {
  // Other programs have short names, too, and proxies for more protocols.
  if (name.length <= 6 || /_proxy$/i.test(name)) return undefined;
  const typed = name.toUpperCase();
  const near = VARIABLES.filter(
    (one) =>
      Math.abs(one.length - name.length) <= MOST_APART &&
      env[one] === undefined &&
      distance(typed, one) <= MOST_APART,
  );
  return near.sort((one, other) => distance(typed, one) - distance(typed, other))[0];
}
