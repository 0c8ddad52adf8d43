/** Stands where nobody has said yet under which address the app is reached. */
export const PLACEHOLDER = 'https://securid-desk.example.com';

/**
 * Where Slack sends its requests: the path at which they arrive, behind the address and, if a proxy takes it
 * away, its own path.
 * @param base the address, such as `https://desk.example.com`; the whole request URL is taken as well
 * @param path `SLACK_PATH`
 */
export function requestUrl(base: string, path: string): { url: string } | { flaw: string } {
  if (!URL.canParse(base)) return { flaw: 'must be a URL, such as https://desk.example.com' };
  const { protocol, username, password, search, hash, origin, pathname } = new URL(base);
  if (protocol !== 'https:') return { flaw: 'must begin with https://: Slack takes no other' };
  if (username || password) return { flaw: 'must have no user and no password' };
  if (search || hash) return { flaw: 'must have nothing after its path' };
  const before = pathname.replace(/\/+$/, '');
  return { url: origin + (before.endsWith(path) ? before : before + path) };
}
