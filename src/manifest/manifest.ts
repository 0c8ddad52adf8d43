import { parseArgs } from 'node:util';
import { ConfigError } from '../config/config.ts';
import { type ManifestSettings, readManifestSettings } from '../config/manifest-settings.ts';
import { manifestFor } from './app-manifest.ts';
import { PLACEHOLDER, requestUrl } from './request-url.ts';
import { wordsFor } from './words.ts';
import { asYaml } from './yaml.ts';

const USAGE = `node dist/main.js manifest [--url URL] [--org-wide] [--json]

  Prints the manifest of the Slack app that this configuration needs. Needs no
  token.

  --url       HTTP mode: the address at which Slack reaches the app, such as
              https://desk.example.com
  --org-wide  for a whole Enterprise Grid organization; implied by several
              SECURID_WORKSPACES
  --json      for Slack's API, apps.manifest.create; otherwise YAML
`;

/** An argument that is not understood. */
class Misused extends Error {}

export type Io = {
  args: readonly string[];
  env: Record<string, string | undefined>;
  /** Takes the manifest. */
  print: (text: string) => void;
  /** Takes hints and complaints, which are not part of the manifest. */
  complain: (text: string) => void;
};

/** @returns the exit code: 0, or 2 if an argument or the configuration is wrong */
export function manifest({ args, env, print, complain }: Io): number {
  try {
    const options = optionsIn(args);
    if (options.help) {
      print(USAGE);
      return 0;
    }
    const settings = readManifestSettings(env);
    const reached = reachedAt(options.url, settings);
    const made = manifestFor({
      use: settings.hasRoles ? settings.use : EVERYTHING,
      words: wordsFor(settings.changes, {
        hasManagers: settings.hasManagers || !settings.hasRoles,
      }),
      requestUrl: reached,
      isOrgWide: options['org-wide'] || settings.workspaces.length > 1,
    });
    print(options.json ? `${JSON.stringify(made, null, 2)}\n` : asYaml(made));
    for (const hint of hintsFor(settings, reached)) complain(`${hint}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof Misused || error instanceof ConfigError)) throw error;
    complain(error instanceof Misused ? `${error.message}\n\n${USAGE}` : `${error.message}\n`);
    return 2;
  }
}

/** While nobody has a role: what any of them may need. */
const EVERYTHING = { posts: true, uploads: true, groups: true };

const OPTIONS = {
  url: { type: 'string' },
  'org-wide': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

function optionsIn(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    // Behind the first sentence, Node explains its own rules.
    const [first = ''] = String(error instanceof Error ? error.message : error).split(/\. |\n/);
    throw new Misused(`${first.replace(/\.$/, '')}.`);
  }
}

/** The request URL; `undefined` in Socket Mode. */
function reachedAt(base: string | undefined, { mode, path }: ManifestSettings): string | undefined {
  if (base === undefined && mode !== 'HTTP mode') return undefined;
  if (mode === 'Socket Mode') {
    throw new Misused(
      'SLACK_APP_TOKEN is set, so the app uses Socket Mode, where Slack needs no URL. Unset SLACK_APP_TOKEN, or leave out --url.',
    );
  }
  const found = requestUrl(base ?? PLACEHOLDER, path);
  if ('flaw' in found) throw new Misused(`--url ${found.flaw}.`);
  return found.url;
}

function hintsFor({ hasRoles, apiUrl }: ManifestSettings, reached: string | undefined): string[] {
  const { hostname } = new URL(apiUrl);
  const apps = hostname === 'slack-gov.com' ? 'api.slack-gov.com' : 'api.slack.com';
  return [
    `Create the app from this manifest at https://${apps}/apps, or replace the manifest of the one you have and install it again.`,
    ...(reached?.startsWith(PLACEHOLDER)
      ? [
          `Give the address at which Slack reaches the app (--url), or replace ${PLACEHOLDER} in the manifest.`,
        ]
      : []),
    ...(hasRoles
      ? []
      : [
          'No role is set yet (SECURID_AGENTS, SECURID_MANAGERS, SECURID_APPROVERS), so the manifest asks for what any of them may need.',
        ]),
  ];
}
