/** What the app does in Slack, as it is configured, besides answering those who ask. */
export type SlackUse = {
  /** It posts on its own: direct messages, or in channels. */
  posts: boolean;
  /** Somebody can ask it for a file. */
  uploads: boolean;
  /** Settings name user groups. */
  groups: boolean;
};

/** Every bot scope that the app may need, and when it does. */
const NEEDED: Record<string, (use: SlackUse) => boolean> = {
  'chat:write': ({ posts, uploads }) => posts || uploads,
  commands: () => true,
  'files:write': ({ uploads }) => uploads,
  'users:read': () => true,
  'users:read.email': () => true,
  'usergroups:read': ({ groups }) => groups,
};

export const ALL_SCOPES: readonly string[] = Object.keys(NEEDED);

/** The bot scopes without which something that is switched on does not work: no others are asked for. */
export const scopesFor = (use: SlackUse): string[] =>
  ALL_SCOPES.filter((scope) => NEEDED[scope]?.(use));
