import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { createCache } from '../cache.ts';
import type { Clock } from '../clock.ts';
import { isPlatformError } from './errors.ts';

/** Where the app is installed. */
export type Workspace = {
  /** `undefined` where it is installed in a whole Enterprise Grid organization. */
  teamId: string | undefined;
  enterpriseId: string | undefined;
  name: string;
};

/** One workspace that has the app. */
export type Team = { id: string; name: string };

const AuthTest = z
  .object({
    team_id: z.string().nullish(),
    team: z.string().catch(''),
    enterprise_id: z.string().nullish(),
    is_enterprise_install: z.union([z.boolean(), z.stringbool()]).nullish(),
  })
  .transform(({ team_id, team, enterprise_id, is_enterprise_install }): Workspace => {
    const enterpriseId = enterprise_id ?? ((is_enterprise_install && team_id) || undefined);
    // An organization's own id is no workspace's.
    const isOrgWide = is_enterprise_install || (team_id ?? enterpriseId) === enterpriseId;
    return { teamId: (!isOrgWide && team_id) || undefined, enterpriseId, name: team };
  })
  .refine(({ teamId, enterpriseId }) => teamId ?? enterpriseId, 'names no workspace');

type InATeam<T> = (where: { team_id?: string }) => Promise<T>;

export type Installation = {
  /** Where the bot token belongs; asked once. */
  workspace(): Promise<Workspace>;
  /** From now on this workspace is asked before those that are only listed. */
  saw(teamId: string | undefined): void;
  /**
   * Asks for something that belongs to one of the workspaces that count. If the app is installed in a whole
   * organization, asks one workspace after the other until one has it, and asks that one first the next time.
   * @param key what is asked for
   * @throws what the last one said, where none has it
   */
  inOneTeam<T>(key: string, ask: InATeam<T>): Promise<T>;
  /** The same for what usually needs no workspace: they are asked only if Slack wants one. */
  anywhere<T>(key: string, ask: InATeam<T>): Promise<T>;
};

/** What Slack says of what is in another workspace. */
const NOT_THERE = ['no_such_subteam', 'users_not_found'];

/** The same, and what it says of a workspace without the app. */
const ELSEWHERE = [...NOT_THERE, 'team_not_found', 'team_access_not_granted'];

/** What it says, besides, where it wants to be told which workspace is meant. */
const WHERE = ['missing_argument', 'invalid_arguments'];

/** How long what no workspace has is not looked for in all of them again. */
const NOWHERE_FOR = 60_000;

type Wiring = {
  client: webApi.WebClient;
  clock: Clock;
  /** The only workspaces whose user groups count; empty for all of the installation. */
  only: readonly string[];
  /** All workspaces of the organization that have the app. */
  listed: () => Promise<string[]>;
};

/**
 * A bot token belongs to one workspace or to a whole organization; with the latter some methods want to be
 * told which workspace is meant, and the id of a user group does not tell.
 * @see https://docs.slack.dev/enterprise/developing-for-enterprise-orgs
 */
export function createInstallation({ client, clock, only, listed }: Wiring): Installation {
  let asked: Promise<Workspace> | undefined;
  const seen = new Set<string>();
  const found = new Map<string, string>();
  const nowhere = createCache<string, Error>({ max: 100, lifetime: NOWHERE_FOR, clock });

  async function askWorkspace(): Promise<Workspace> {
    try {
      return AuthTest.parse(await client.auth.test());
    } catch (error) {
      asked = undefined;
      throw error;
    }
  }

  function workspace(): Promise<Workspace> {
    asked ??= askWorkspace();
    return asked;
  }

  const isOrgWide = ({ teamId }: Workspace) => teamId === undefined;

  /** The known ones first. */
  function teams(key: string, among: readonly string[]): AsyncGenerator<string> {
    const last = found.get(key) ?? [];
    const all = among.length > 0 ? async () => among : listed;
    const counts = (teamId: string) => among.length === 0 || among.includes(teamId);
    return eachOnce([last, ...seen].flat().filter(counts), all);
  }

  async function inEach<T>(
    key: string,
    ask: InATeam<T>,
    among: readonly string[] = [],
  ): Promise<T> {
    let refusal: Error = new Error('no workspace of the organization has this app');
    for await (const team_id of teams(key, among)) {
      try {
        const answer = await ask({ team_id });
        found.set(key, team_id);
        return answer;
      } catch (error) {
        if (!isPlatformError(error, ...ELSEWHERE)) throw error;
        // An answer for a workspace without the app says nothing about what was asked for.
        if (!isPlatformError(refusal, ...NOT_THERE)) refusal = error;
      }
    }
    nowhere.set(key, refusal);
    throw refusal;
  }

  /** Tries it without a workspace first. */
  async function inEachIf<T>(codes: string[], key: string, ask: InATeam<T>): Promise<T> {
    try {
      return await ask({});
    } catch (error) {
      if (!isPlatformError(error, ...codes) || !isOrgWide(await workspace())) throw error;
      return inEach(key, ask);
    }
  }

  return {
    workspace,
    saw(teamId) {
      if (teamId?.startsWith('T')) seen.add(teamId);
    },
    anywhere: (key, ask) => inEachIf(['missing_argument'], key, ask),
    async inOneTeam(key, ask) {
      const refusal = nowhere.get(key);
      if (refusal) throw refusal;
      // Without a workspace, Slack might answer for one that does not count.
      const known = await (only.length > 0 ? workspace() : asked?.catch(() => undefined));
      if (known && isOrgWide(known)) return inEach(key, ask, only);
      return inEachIf([...WHERE, ...ELSEWHERE], key, ask);
    },
  };
}

/** One after the other, each once. The others are asked for only if the first are not enough. */
async function* eachOnce(
  first: readonly string[],
  others: () => Promise<readonly string[]>,
): AsyncGenerator<string> {
  const given = new Set(first);
  yield* given;
  for (const one of await others()) if (!given.has(one)) yield one;
}

const Page = z.object({
  teams: z.array(z.object({ id: z.string(), name: z.string().catch('') })),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});

/** Needs no scope: https://docs.slack.dev/reference/methods/auth.teams.list */
export async function listTeams({ auth }: Pick<webApi.WebClient, 'auth'>): Promise<Team[]> {
  const teams: Team[] = [];
  let cursor: string | undefined;
  do {
    const answer = await auth.teams.list({ limit: 1000, ...(cursor && { cursor }) });
    const page = Page.parse(answer);
    teams.push(...page.teams);
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor !== undefined);
  return teams;
}
