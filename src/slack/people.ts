import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { createCache } from '../cache.ts';
import type { Clock } from '../clock.ts';
import { isPlatformError } from './errors.ts';

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
  /** `undefined` for a user id that Slack does not know. `fresh` takes no answer older than ten seconds. */
  find(userId: string, options?: { fresh?: boolean }): Promise<Person | undefined>;
  /**
   * The account with that e-mail address; `undefined` if there is none, which is also what Slack says of
   * one that is deactivated. No answer is older than ten seconds.
   */
  findByEmail(email: string): Promise<Person | undefined>;
  /** The user ids in a user group. `fresh` takes no answer older than ten seconds. */
  members(groupId: string, options?: { fresh?: boolean }): Promise<ReadonlySet<string>>;
};

/** How long an answer of Slack's is good, where it need not be fresh. */
const LIFETIME = 5 * 60_000;

/** A bot token belongs to one workspace. */
const FOR_GOOD = Number.MAX_SAFE_INTEGER;

/** How old a fresh answer may be. */
const FRESH = 10_000;

/**
 * How many questions of a kind a minute Slack is asked for fresh answers before those of the last ten
 * seconds are shared. Slack takes 20, 50 and 100 a minute (tiers 2, 3 and 4), in a workspace that other
 * instances may ask as well: https://docs.slack.dev/apis/web-api/rate-limits
 */
const USUAL = { 'usergroups.users.list': 6, 'users.lookupByEmail': 20, 'users.info': 40 };

/** So many answers of a kind are kept, the latest. */
const KEPT = 5000;

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
  const users = remember({ lifetime: LIFETIME, usual: USUAL['users.info'], clock }, (id: string) =>
    askUser(client, id),
  );
  const emails = remember(
    { lifetime: FRESH, usual: USUAL['users.lookupByEmail'], clock },
    (email: string) => askByEmail(client, email),
  );
  const groups = remember(
    { lifetime: LIFETIME, usual: USUAL['usergroups.users.list'], clock },
    async (id: string) => {
      const { users = [] } = await client.usergroups.users.list({ usergroup: id });
      return new Set(users) as ReadonlySet<string>;
    },
  );
  const workspaces = remember({ lifetime: FOR_GOOD, usual: 1, clock }, async () => {
    const { team_id, team, enterprise_id } = AuthTest.parse(await client.auth.test());
    return { teamId: team_id, name: team, enterpriseId: enterprise_id };
  });

  return {
    workspace: () => workspaces('', {}),
    find: (userId, options = {}) => users(userId, options),
    findByEmail: (email) => emails(email, { fresh: true }),
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
    // What Slack takes for no address, nobody has.
    if (isPlatformError(error, 'users_not_found', 'invalid_arguments')) return undefined;
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

type Memory = {
  /** In milliseconds. */
  lifetime: number;
  /** From how many questions a minute on an answer of the last ten seconds serves who wants a fresh one. */
  usual: number;
  clock: Clock;
};

type Remembered<T> = {
  at: number;
  answer: Promise<T>;
  /** Until Slack has answered; for good, if it never did. */
  isPending: boolean;
};

/** Asks once for each key however many wait, and again when the answer is too old for the asker. */
function remember<T>({ lifetime, usual, clock }: Memory, ask: (key: string) => Promise<T>) {
  const answers = createCache<string, Remembered<T>>({ max: KEPT, lifetime, clock });
  /** When Slack was asked within the last minute. */
  let asked: number[] = [];

  const isYoung = (at: number, ms: number) => clock.elapsed() - at < ms;
  const lately = () => asked.filter((at) => isYoung(at, 60_000));

  const serves = ({ at, isPending }: Remembered<T>, fresh: boolean) =>
    !fresh || (isYoung(at, FRESH) && (isPending || lately().length >= usual));

  return (key: string, { fresh = false }: { fresh?: boolean }): Promise<T> => {
    const known = answers.get(key);
    if (known && serves(known, fresh)) return known.answer;

    const asking: Remembered<T> = { at: clock.elapsed(), answer: ask(key), isPending: true };
    asked = [...lately(), asking.at];
    answers.set(key, asking);
    const isLatest = () => answers.get(key) === asking;
    asking.answer.then(
      () => {
        asking.isPending = false;
      },
      () => {
        // A failure must not stand in for an older answer that is still good.
        if (!isLatest()) return;
        if (known && !known.isPending) answers.set(key, known, { age: clock.elapsed() - known.at });
        else answers.delete(key);
      },
    );
    return asking.answer;
  };
}
