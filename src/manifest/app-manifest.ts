import { COMMAND } from '../desk/command.ts';
import { type SlackUse, scopesFor } from '../slack/scopes.ts';

/** What decides about the manifest. */
export type Wanted = {
  use: SlackUse;
  /** The words that may follow the command. */
  words: readonly string[];
  /** Where Slack sends its requests; without it, Socket Mode. */
  requestUrl: string | undefined;
  /** Whether it can be installed in a whole Enterprise Grid organization. */
  isOrgWide: boolean;
};

/**
 * The app as Slack sees it. It asks for nothing that this configuration does not use, and for no events, since
 * it uses none.
 * @see https://docs.slack.dev/reference/app-manifest
 */
export function manifestFor({ use, words, requestUrl, isOrgWide }: Wanted) {
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: 'SecurID Desk',
      description:
        'RSA SecurID for the help desk. Authenticators, hardware tokens, registration codes.',
      background_color: '#1a1d21',
    },
    features: {
      app_home: {
        home_tab_enabled: false,
        messages_tab_enabled: use.posts || use.uploads,
        messages_tab_read_only_enabled: true,
      },
      bot_user: { display_name: 'SecurID Desk', always_online: true },
      slash_commands: [
        {
          command: COMMAND,
          ...(requestUrl && { url: requestUrl }),
          description: 'Look up SecurID users, authenticators and tokens',
          usage_hint: words.join(' | '),
          should_escape: true,
        },
      ],
    },
    oauth_config: { scopes: { bot: scopesFor(use) } },
    settings: {
      interactivity: { is_enabled: true, ...(requestUrl && { request_url: requestUrl }) },
      org_deploy_enabled: isOrgWide,
      socket_mode_enabled: requestUrl === undefined,
      token_rotation_enabled: false,
    },
  };
}

export type Manifest = ReturnType<typeof manifestFor>;
