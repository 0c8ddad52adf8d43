import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { createCache } from '../cache.ts';
import type { Clock } from '../clock.ts';
import { isPlatformError } from './errors.ts';
import {
  createInstallation,
  type Installation,
  listTeams,
  type Team,
  type Workspace,
} from './installation.ts';
import { withGroup } from './trouble.ts';

/** A member of this workspace or a visitor, as Slack knows them. */
export type Person = {
  id: string;
  teamId: string | undefined;
  enterpriseId: string | undefined;
  /** The workspaces of the organization that they may be in, if Slack names them. */
  teamIds: readonly string[];
  email: string | undefined;
  isGuest: boolean;
  isBot: boolean;
  isDeactivated: boolean;
  /** Belongs to another company, through Slack Connect. */
  isStranger: boolean;
};

export type { Workspace };

export type People = {
  /** The bot token's workspace, asked once. */
  workspace(): Promise<Workspace>;
  /** All workspaces that have the app, as of at most ten seconds ago. */
  workspaces(): Promise<readonly Team[]>;
  /** `undefined` for a user id that Slack does not know. `fresh` takes no answer older than ten seconds. */
  find(userId: string, options?: { fresh?: boolean }): Promise<Person | undefined>;
  /** Whether addresses are missing because the token lacks the scope: Slack then leaves them out silently. */
  hidesAddresses(): boolean;
  /**
   * The account with that e-mail address; `undefined` if there is none or it is deactivated. At most ten
   * seconds old.
   */
  findByEmail(email: string): Promise<Person | undefined>;
  /**
   * The user ids in a user group. `fresh` takes no answer older than ten seconds. Where the app is installed
   * in a whole organization, workspaces that were ever `near` are asked for a group before others.
   */
  members(
    groupId: string,
    options?: { fresh?: boolean; near?: (string | undefined)[] },
  ): Promise<ReadonlySet<string>>;
};

/** How long an answer counts when it need not be fresh. */
const LIFETIME = 5 * 60_000;

/** The most that a fresh answer may be old. */
const FRESH = 10_000;

/**
 * How many questions of a kind a minute Slack is asked for fresh answers before those of the last ten
 * seconds are shared. Slack takes 20, 50 and 100 a minute (tiers 2, 3 and 4), in a workspace that other
 * instances may ask as well: https://docs.slack.dev/apis/web-api/rate-limits
 */
const USUAL = { 'usergroups.users.list': 6, 'users.lookupByEmail': 20, 'users.info': 40 };

/** How long look-ups trust what Slack said about a member while it is asked about many people: one shift. */
const SHIFT = 8 * 60 * 60_000;

/** How many answers of each kind are kept. */
const KEPT = 20_000;

const User = z.object({
  id: z.string(),
  team_id: z.string().nullish(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  is_restricted: z.boolean().optional(),
  is_ultra_restricted: z.boolean().optional(),
  is_stranger: z.boolean().optional(),
  enterprise_user: z
    .object({ enterprise_id: z.string().nullish(), teams: z.array(z.string()).nullish() })
    .nullish(),
  profile: z.object({ email: z.string().optional() }).optional(),
});

type Wiring = {
  client: webApi.WebClient;
  clock: Clock;
  /** The only workspaces whose user groups count; empty for all of the installation. */
  only?: readonly string[];
  lacks?: (scope: string) => boolean;
};

/**
 * Asks Slack who people are: `users.info`, `usergroups.users.list` and `auth.test`.
 * Slack's failures are thrown as they are, and not cached.
 */
export function createPeople({ client, clock, only = [], lacks = () => false }: Wiring): People {
  const users = remember(
    {
      lifetime: LIFETIME,
      lasting: { is: isMember, lifetime: SHIFT },
      usual: USUAL['users.info'],
      clock,
    },
    (id: string) => askUser(client, id),
  );
  const emails = remember(
    { lifetime: FRESH, usual: USUAL['users.lookupByEmail'], clock },
    (email: string) => askByEmail(client, installation, email),
  );
  const groups = remember(
    { lifetime: LIFETIME, usual: USUAL['usergroups.users.list'], clock },
    (id: string) => askGroup(client, installation, id),
  );
  const listed = remember({ lifetime: LIFETIME, usual: 1, clock }, () => listTeams(client));
  const idsOfTeams = async () => (await listed('', {})).map(({ id }) => id);
  const installation = createInstallation({ client, clock, only, listed: idsOfTeams });

  return {
    workspace: installation.workspace,
    async workspaces() {
      const { teamId, name } = await installation.workspace();
      return teamId === undefined ? listed('', { fresh: true }) : [{ id: teamId, name }];
    },
    hidesAddresses: () => lacks('users:read.email'),
    find: (userId, options = {}) => users(userId, options),
    findByEmail: (email) => emails(email, { fresh: true }),
    members(groupId, { near = [], ...options } = {}) {
      for (const teamId of near) installation.saw(teamId);
      return groups(groupId, options).catch((error) => {
        throw withGroup(error, groupId);
      });
    },
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

async function askGroup(
  client: webApi.WebClient,
  installation: Installation,
  usergroup: string,
): Promise<ReadonlySet<string>> {
  const { users = [] } = await installation.inOneTeam(usergroup, (where) =>
    client.usergroups.users.list({ usergroup, ...where }),
  );
  return new Set(users);
}

async function askByEmail(
  client: webApi.WebClient,
  installation: Installation,
  email: string,
): Promise<Person | undefined> {
  try {
    const { user } = await installation.anywhere('users.lookupByEmail', (where) =>
      client.users.lookupByEmail({ email, ...where }),
    );
    return readUser(user);
  } catch (error) {
    // Nobody has an address that Slack refuses as one.
    if (isPlatformError(error, 'users_not_found', 'invalid_arguments')) return undefined;
    throw error;
  }
}

function readUser(user: unknown): Person {
  const { team_id, enterprise_user, profile, ...flags } = User.parse(user);
  return {
    id: flags.id,
    teamId: team_id ?? undefined,
    enterpriseId: enterprise_user?.enterprise_id ?? undefined,
    teamIds: enterprise_user?.teams ?? [],
    email: profile?.email,
    isGuest: Boolean(flags.is_restricted || flags.is_ultra_restricted),
    isBot: Boolean(flags.is_bot) || flags.id === 'USLACKBOT',
    isDeactivated: Boolean(flags.deleted),
    isStranger: Boolean(flags.is_stranger),
  };
}

const isMember = (person: Person | undefined) =>
  person !== undefined &&
  !(person.isGuest || person.isBot || person.isDeactivated || person.isStranger);

type Memory<T> = {
  /** How long an answer counts if it need not be fresh, in milliseconds. */
  lifetime: number;
  /** Which answers count for longer in busy times, so that Slack still gives fresh ones. */
  lasting?: { is: (answer: T) => boolean; lifetime: number };
  /** From how many questions a minute a ten-second-old answer counts as fresh. */
  usual: number;
  clock: Clock;
};

type Remembered<T> = {
  at: number;
  answer: Promise<T>;
  /** Until Slack has answered. */
  isPending: boolean;
  isLasting: boolean;
};

/** Asks once per key, however many wait, and again if the answer is too old for the caller. */
function remember<T>(
  { lifetime, lasting, usual, clock }: Memory<T>,
  ask: (key: string) => Promise<T>,
) {
  const longest = lasting?.lifetime ?? lifetime;
  const answers = createCache<string, Remembered<T>>({ max: KEPT, lifetime: longest, clock });
  /** When Slack was asked during the last minute. */
  let asked: number[] = [];

  const isYoung = (at: number, ms: number) => clock.elapsed() - at < ms;
  const lately = () => asked.filter((at) => isYoung(at, 60_000));
  const isBusy = () => lately().length >= usual;

  const serves = ({ at, isPending, isLasting }: Remembered<T>, fresh: boolean) =>
    fresh
      ? isYoung(at, FRESH) && (isPending || isBusy())
      : isYoung(at, lifetime) || (isLasting && isBusy());

  return (key: string, { fresh = false }: { fresh?: boolean }): Promise<T> => {
    const known = answers.get(key);
    if (known && serves(known, fresh)) return known.answer;

    const asking: Remembered<T> = {
      ...{ at: clock.elapsed(), answer: ask(key) },
      ...{ isPending: true, isLasting: false },
    };
    asked = [...lately(), asking.at];
    answers.set(key, asking);
    const isLatest = () => answers.get(key) === asking;
    asking.answer.then(
      (answer) => {
        asking.isPending = false;
        asking.isLasting = lasting?.is(answer) ?? false;
      },
      () => {
        // A failure must not replace an older answer that is still good.
        if (!isLatest()) return;
        if (known && !known.isPending) answers.set(key, known, { age: clock.elapsed() - known.at });
        else answers.delete(key);
      },
    );
    return asking.answer;
  };
}
