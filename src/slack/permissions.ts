import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { People } from './people.ts';
import { readScopes, type Trouble, troubleOf } from './trouble.ts';

/** What the manifest asks for. */
export const SCOPES: readonly string[] = [
  'chat:write',
  'commands',
  'files:write',
  'users:read',
  'users:read.email',
  'usergroups:read',
];

/** What keeps the app from what it is for, by what is wrong: `slack scopes`, `slack groups`, `slack token`. */
type Troubles = Record<string, string>;

export type Permissions = {
  /** What Slack says of the token's scopes beside each of its answers: the header `x-oauth-scopes`. */
  heardScopes(header: string): void;
  /** Asks Slack what is not known, or no longer. Never throws. */
  check(): Promise<void>;
  troubles(): Troubles;
  /** Whether Slack said that the token does not have a scope. */
  lacks(scope: string): boolean;
  stop(): void;
};

/** So many groups are asked for in a row: Slack takes 20 such questions a minute from all instances (tier 2). */
const AT_ONCE = 8;

/** When what was wrong or untold is asked again, and how long an answer is good. */
const AGAIN = 60_000;
const GOOD_FOR = 5 * AGAIN;

type Options = {
  members: People['members'];
  /** Any question that Slack answers to every token. */
  authTest: () => Promise<unknown>;
  /** The variables that name each user group. */
  groups: ReadonlyMap<string, string[]>;
  clock: Clock;
  log: Log;
};

/** Whether Slack lets the app do what it is for. What is wrong is told once in the log, and when it is mended. */
export function createPermissions({ members, authTest, groups, clock, log }: Options): Permissions {
  let granted: readonly string[] | undefined;
  let needed: readonly string[] = [];
  let refusedAs: string | undefined;
  const seen = new Map<string, { at: number; trouble: string | undefined }>();
  const told = new Map<string, string>();
  let checking: Promise<void> | undefined;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let stopTimer = () => {};
  let isStopped = false;

  const lacking = () => (granted ? SCOPES.filter((one) => !granted?.includes(one)) : needed);
  const isUntold = (id: string) => !seen.has(id) || seen.get(id)?.trouble !== undefined;
  const isDue = (id: string) =>
    isUntold(id) || clock.elapsed() - (seen.get(id)?.at ?? 0) >= GOOD_FOR;
  const isWrong = () => lacking().length > 0 || refusedAs !== undefined;

  function troubles(): Troubles {
    const ofGroups = [...seen.values()].flatMap(({ trouble }) => trouble ?? []);
    return {
      ...(lacking().length > 0 && { 'slack scopes': scopesLacking(lacking()) }),
      ...(ofGroups.length > 0 && { 'slack groups': [...new Set(ofGroups)].join('; ') }),
      ...(refusedAs && { 'slack token': `Slack does not accept the bot token (${refusedAs})` }),
    };
  }

  /** A line for what is new, and one for what is mended. */
  function tell(): void {
    const found = troubles();
    for (const [name, words] of Object.entries(found)) {
      if (told.get(name) !== words) log.error({ check: name }, words);
      told.set(name, words);
    }
    for (const name of [...told.keys()].filter((one) => !(one in found))) {
      told.delete(name);
      log.info({ check: name }, 'what was wrong in Slack is fixed');
    }
  }

  function heard(trouble: Trouble | undefined): void {
    if (trouble?.kind === 'scope' && !granted)
      needed = [...new Set([...needed, ...trouble.scopes])];
    if (trouble?.kind === 'token') refusedAs = trouble.code;
  }

  async function look(id: string): Promise<void> {
    const variables = groups.get(id)?.join(', ') ?? '';
    try {
      await members(id, { fresh: true });
      seen.set(id, { at: clock.elapsed(), trouble: undefined });
    } catch (error) {
      const trouble = troubleOf(error);
      const words = trouble && ofGroup(trouble, id, variables);
      if (words) seen.set(id, { at: clock.elapsed(), trouble: words });
      else heard(trouble);
    }
  }

  async function ask(): Promise<void> {
    checkedAt = clock.elapsed();
    const due = [...groups.keys()].filter(isDue).sort((a, b) => age(b) - age(a));
    for (const id of due.slice(0, AT_ONCE)) await look(id);
    if (!granted || isWrong()) {
      await authTest().then(
        () => {
          refusedAs = undefined;
        },
        (error) => heard(troubleOf(error)),
      );
    }
    if (isStopped) return;
    tell();
    stopTimer();
    if (isWrong() || [...groups.keys()].some(isUntold)) {
      stopTimer = clock.after(AGAIN, () => void check());
    }
  }

  const age = (id: string) => clock.elapsed() - (seen.get(id)?.at ?? Number.NEGATIVE_INFINITY);

  function check(): Promise<void> {
    const isTime = clock.elapsed() - checkedAt >= AGAIN;
    if (checking || !isTime || !([...groups.keys()].some(isDue) || !granted || isWrong())) {
      return checking ?? Promise.resolve();
    }
    checking = ask().finally(() => {
      checking = undefined;
    });
    return checking;
  }

  return {
    heardScopes(header) {
      granted = readScopes(header);
      refusedAs = undefined;
      needed = [];
      tell();
    },
    check,
    troubles,
    lacks: (scope) => lacking().includes(scope),
    stop() {
      isStopped = true;
      stopTimer();
    },
  };
}

const scopesLacking = (scopes: readonly string[]) =>
  `the bot token lacks ${scopes.length > 1 ? 'the scopes' : 'the scope'} ${scopes.join(', ')}: add what is missing under OAuth & Permissions, and install the app again`;

function ofGroup(trouble: Trouble, id: string, variables: string): string | undefined {
  if (trouble.kind === 'no such group') {
    return `${variables}: Slack has no user group ${id}, or it is disabled`;
  }
  if (trouble.kind === 'no groups in this plan') {
    return `${variables}: this Slack plan has no user groups; name people (U…) in their place`;
  }
  return undefined;
}
