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
  const { protocol, username, password, search, hash, origin, hostname, pathname } = new URL(base);
  if (protocol !== 'https:')
    return { flaw: 'must begin with https://: Slack accepts nothing else' };
  if (username || password) return { flaw: 'must have no user and no password' };
  if (search || hash) return { flaw: 'must have nothing after its path' };
  if (INSIDE.test(hostname))
    return { flaw: 'must be an address that Slack can reach from outside' };
  const before = pathname.replace(/\/+$/, '');
  return { url: origin + (before.endsWith(path) ? before : before + path) };
}

/** Names and addresses that mean nothing outside: https://www.rfc-editor.org/rfc/rfc6761, rfc6762, rfc1918, rfc4193 */
const INSIDE =
  /^(?:[^.:]+|.*\.(?:localhost|local|internal|lan)|(?:127|10|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01]))\..*\d|0\.0\.0\.0|\[(?:::1?|f[cd].*|fe80.*)\])$/;
