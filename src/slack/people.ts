import { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Clock } from '../clock.ts';

/** A member of this workspace or a visitor, as Slack knows them. */
export type Person = {
  id: string;
  teamId: string | undefined;
  enterpriseId: string | undefined;
  email: string | undefined;
  isGuest: boolean;
  isBot: boolean;
  isDeactivated: boolean;
  /** From another company, through Slack Connect. */
  isStranger: boolean;
};

export type Workspace = { teamId: string; enterpriseId: string | undefined; name: string };

export type People = {
  /** The workspace of the bot token, asked once. */
  workspace(): Promise<Workspace>;
  /** `undefined` for a user id that Slack does not know. `fresh` asks Slack again. */
  find(userId: string, options?: { fresh?: boolean }): Promise<Person | undefined>;
  /** The member with that e-mail address; `undefined` if there is none. Asked anew each time. */
  findByEmail(email: string): Promise<Person | undefined>;
  /** The user ids in a user group. `fresh` asks Slack again. */
  members(groupId: string, options?: { fresh?: boolean }): Promise<ReadonlySet<string>>;
};

/** How long an answer of Slack's counts as fresh. */
const FRESH = 5 * 60_000;

const AuthTest = z.object({
  team_id: z.string(),
  team: z.string().catch(''),
  enterprise_id: z.string().optional(),
});

const User = z.object({
  id: z.string(),
  team_id: z.string().optional(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  is_restricted: z.boolean().optional(),
  is_ultra_restricted: z.boolean().optional(),
  is_stranger: z.boolean().optional(),
  enterprise_user: z.object({ enterprise_id: z.string().optional() }).optional(),
  profile: z.object({ email: z.string().optional() }).optional(),
});

/**
 * Asks Slack who people are: `users.info`, `usergroups.users.list` and `auth.test`.
 * Failures of Slack are thrown as they come and remembered by nobody.
 */
export function createPeople(client: webApi.WebClient, clock: Clock): People {
  const users = rememberFor(FRESH, clock, (id: string) => askUser(client, id));
  const groups = rememberFor(FRESH, clock, async (id: string) => {
    const { users = [] } = await client.usergroups.users.list({ usergroup: id });
    return new Set(users) as ReadonlySet<string>;
  });
  const workspaces = rememberFor(Number.POSITIVE_INFINITY, clock, async () => {
    const { team_id, team, enterprise_id } = AuthTest.parse(await client.auth.test());
    return { teamId: team_id, name: team, enterpriseId: enterprise_id };
  });

  return {
    workspace: () => workspaces('', {}),
    find: (userId, options = {}) => users(userId, options),
    findByEmail: (email) => askByEmail(client, email),
    members: (groupId, options = {}) => groups(groupId, options),
  };
}

async function askUser(client: webApi.WebClient, userId: string): Promise<Person | undefined> {
  try {
    const { user } = await client.users.info({ user: userId });
    return readUser(user);
  } catch (error) {
    if (isPlatformError(error, 'user_not_found', 'user_not_visible')) return undefined;
    throw error;
  }
}

async function askByEmail(client: webApi.WebClient, email: string): Promise<Person | undefined> {
  try {
    const { user } = await client.users.lookupByEmail({ email });
    return readUser(user);
  } catch (error) {
    if (isPlatformError(error, 'users_not_found')) return undefined;
    throw error;
  }
}

function readUser(user: unknown): Person {
  const { team_id, enterprise_user, profile, ...flags } = User.parse(user);
  return {
    id: flags.id,
    teamId: team_id,
    enterpriseId: enterprise_user?.enterprise_id,
    email: profile?.email,
    isGuest: Boolean(flags.is_restricted || flags.is_ultra_restricted),
    isBot: Boolean(flags.is_bot) || flags.id === 'USLACKBOT',
    isDeactivated: Boolean(flags.deleted),
    isStranger: Boolean(flags.is_stranger),
  };
}

/** True when Slack itself answered with one of these error codes. */
export const isPlatformError = (error: unknown, ...codes: string[]) =>
  error instanceof webApi.WebAPIPlatformError && codes.includes(error.data.error);

/** True when Slack's Web API did not do what it was asked. */
export const isSlackFailure = (error: unknown) => error instanceof webApi.SlackError;

/** Asks once for each key however many wait, and again when the answer is older than `ms`. */
function rememberFor<T>(ms: number, clock: Clock, ask: (key: string) => Promise<T>) {
  const answers = new Map<string, { at: number; answer: Promise<T> }>();

  return (key: string, { fresh = false }: { fresh?: boolean }): Promise<T> => {
    const known = answers.get(key);
    const age = known ? clock.now() - known.at : Number.POSITIVE_INFINITY;
    // A clock that was set back tells no age.
    if (known && !fresh && age >= 0 && age < ms) return known.answer;

    const asked = { at: clock.now(), answer: ask(key) };
    answers.set(key, asked);
    asked.answer.catch(() => {
      // A failure must not stand in for an older answer that is still fresh.
      if (answers.get(key) !== asked) return;
      if (known) answers.set(key, known);
      else answers.delete(key);
    });
    return asked.answer;
  };
}
