import { isIP } from 'node:net';
import { z } from 'zod';
import { bare, flawOf, isDecodable, seen } from './values.ts';

/** Proxies that people name, and that cannot be used. */
const OTHER_SCHEMES: [RegExp, string][] = [
  [/^socks/i, 'is a SOCKS proxy; an HTTP proxy is needed'],
  [/^(pac|file|wpad)/i, 'is a proxy script; the proxy itself is needed'],
];

const MUST_BE_PROXY = 'must be the URL of a proxy, such as http://proxy.corp.example:3128';

const MORE_THAN_PROXY =
  'may hold only a user, a password, a host and a port, with special characters percent-encoded';

/** curl takes a proxy without a scheme for http://, too: https://curl.se/docs/manpage.html#-x */
const withScheme = (text: string) => (text.includes('://') ? text : `http://${text}`);

/** What is wrong with the URL of a proxy, without showing it. */
function flawOfProxy(text: string): string | undefined {
  const [scheme = ''] = text.split('://');
  const [, other] = OTHER_SCHEMES.find(([known]) => known.test(scheme)) ?? [];
  const flaw = other ?? flawOf(text);
  if (flaw) return `${MUST_BE_PROXY}; it ${flaw}`;
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return MUST_BE_PROXY;
  const { pathname, search, hash, username, password } = new URL(text);
  const isBare = pathname === '/' && search === '' && hash === '';
  return isBare && isDecodable(username + password) ? undefined : MORE_THAN_PROXY;
}

/** The URL of a proxy, as undici reads it. */
export const proxyUrl = z
  .string()
  .transform((text) => withScheme(seen(text)))
  .superRefine((text, { addIssue }) => {
    const flaw = flawOfProxy(text);
    if (flaw) addIssue({ code: 'custom', message: flaw });
  })
  .transform((text) => (URL.canParse(text) ? new URL(text).href : text));

/** What is reached without a proxy, in undici's format, and whether an item is not a host. */
export type WithoutProxy = { hosts: string; hasOthers: boolean };

/** A host with its port, if any; an IPv6 address may stand without brackets. */
function hostIn(item: string): string | undefined {
  const text = isIP(item) === 6 ? `[${item}]` : item.replace(/^https?:\/\//i, '');
  const [, host = '', port = ''] =
    /^(?:\*?\.)?(\[[\da-f:.]+\]|[^\s:/*[\]]+?)\.?(:\d{1,5})?\/?$/i.exec(text) ?? [];
  if (host === '' || !URL.canParse(`http://${host}`)) return undefined;
  const { hostname } = new URL(`http://${host}`);
  // The beginning of an address, such as `10.`, is not a host.
  return isIP(hostname) === 4 && hostname !== host ? undefined : `${hostname}${port}`;
}

/**
 * `NO_PROXY` as people write it: hosts, separated by commas or spaces. A host includes everything below it; it may
 * begin with a dot or `*.` and end with a port. `*` is every host.
 */
export const noProxy = z
  .string()
  .default('')
  .transform((text): WithoutProxy => {
    const items = text
      .split(/[,;\s]+/)
      .map((item) => bare(seen(item)))
      .filter(Boolean);
    if (items.includes('*')) return { hosts: '*', hasOthers: false };
    const hosts = items.map(hostIn).filter((host) => host !== undefined);
    return { hosts: hosts.join(','), hasOthers: hosts.length < items.length };
  });
