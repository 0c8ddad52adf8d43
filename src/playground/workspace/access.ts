/** The scopes that the manifest of the default configuration asks for; the default for a workspace. */
export const BOT_SCOPES = [
  'chat:write',
  'commands',
  'files:write',
  'users:read',
  'users:read.email',
  'usergroups:read',
];

const OPEN_DIRECT = ['channels:manage', 'groups:write', 'im:write', 'mpim:write'];

/**
 * One of these scopes is needed. A method that is not listed needs none:
 * https://docs.slack.dev/reference/methods
 */
const NEEDED: Record<string, string[]> = {
  'bots.info': ['users:read'],
  'chat.delete': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.info': ['channels:read', 'groups:read', 'im:read', 'mpim:read'],
  'conversations.open': OPEN_DIRECT,
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'users.lookupByEmail': ['users:read.email'],
};

/** The one method that takes an app token, and only that. */
export const OPEN_SOCKET = 'apps.connections.open';

type Tokens = { botToken: string; appToken?: string | undefined; scopes: readonly string[] };

type Refused = { error: string; needed?: string; provided?: string };

/**
 * Whether a token may call a method, and if not, Slack's error:
 * https://docs.slack.dev/reference/methods/users.info#errors
 */
export function createAccess({ botToken, appToken, scopes }: Tokens) {
  function refusal(method: string, token: unknown): Refused | undefined {
    if (token === undefined || token === '') return { error: 'not_authed' };
    const isApp = appToken !== undefined && token === appToken;
    if (!isApp && token !== botToken) return { error: 'invalid_auth' };
    if (isApp !== (method === OPEN_SOCKET)) return { error: 'not_allowed_token_type' };
    const needed = NEEDED[method] ?? [];
    if (isApp || needed.length === 0 || needed.some((scope) => scopes.includes(scope))) return;
    return { error: 'missing_scope', needed: needed.join(','), provided: scopes.join(',') };
  }

  return {
    refusal,

    /** The headers about scopes that Slack adds to every answer to the bot's token. */
    headers(method: string, token: unknown): Record<string, string> {
      if (token !== botToken) return {};
      const accepted = NEEDED[method]?.join(',');
      return {
        'x-oauth-scopes': scopes.join(','),
        ...(accepted && { 'x-accepted-oauth-scopes': accepted }),
      };
    },
  };
}
