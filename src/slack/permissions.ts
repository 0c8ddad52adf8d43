import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type Symptom, see } from '../troubleshooting.ts';
import { createGroupChecks } from './group-checks.ts';
import type { People } from './people.ts';
import { readScopes, type Trouble, troubleOf } from './trouble.ts';
import { createWorkspaceChecks } from './workspace-checks.ts';

/** In words, and where the remedy stands. */
type Wrong = { says: string; see: string };

const wrong = (says: string, symptom: Symptom): Wrong => ({ says, see: see(symptom) });

/** What is wrong, by kind: `slack scopes`, `slack groups`, `slack workspaces`, `slack token`. */
type Troubles = Record<string, Wrong>;

export type Permissions = {
  /** Takes the header `x-oauth-scopes`, which Slack sends with each answer. */
  heardScopes(header: string): void;
  /** Asks Slack what is unknown or outdated. Never throws. */
  check(): Promise<void>;
  troubles(): Troubles;
  /** Whether Slack said that the token does not have a scope. */
  lacks(scope: string): boolean;
  stop(): void;
};

/** When what was wrong or untold is asked again. */
const AGAIN = 60_000;

type Options = {
  /** Those that the configuration needs. */
  scopes: readonly string[];
  people: Pick<People, 'members' | 'workspace' | 'workspaces'>;
  /** Any call that needs no scope. */
  authTest: () => Promise<unknown>;
  /** The ids in `SECURID_WORKSPACES`. */
  workspaces: readonly string[];
  /** For each user group, the variables that name it. */
  groups: ReadonlyMap<string, string[]>;
  clock: Clock;
  log: Log;
};

/** Checks that Slack lets the app work. Logs each trouble once, and once more when it is over. */
export function createPermissions(options: Options): Permissions {
  const { scopes, people, authTest, workspaces, clock, log } = options;
  let granted: readonly string[] | undefined;
  let needed: readonly string[] = [];
  let refusedAs: string | undefined;
  let checking: Promise<void> | undefined;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let stopTimer = () => {};
  let isStopped = false;

  const isLimited = workspaces.length > 0;
  const groupChecks = createGroupChecks({ ...options, members: people.members, isLimited });
  const workspaceChecks = createWorkspaceChecks({ people, wanted: workspaces, clock });
  const tellChanges = createTeller(log);
  const lacking = () => (granted ? scopes.filter((one) => !granted?.includes(one)) : needed);
  const isWrong = () => lacking().length > 0 || refusedAs !== undefined;

  const isAnyUntold = () => groupChecks.isAnyUntold() || workspaceChecks.isUntold();
  const isAnyDue = () => groupChecks.isAnyDue() || workspaceChecks.isDue();

  const troubles = () =>
    troublesOf({
      scopes: lacking(),
      groups: groupChecks.troubles(),
      workspaces: workspaceChecks.trouble(),
      refusedAs,
    });

  function heard(trouble: Trouble | undefined): void {
    if (trouble?.kind === 'scope' && !granted)
      needed = [...new Set([...needed, ...trouble.scopes])];
    if (trouble?.kind === 'token') refusedAs = trouble.code;
  }

  async function ask(): Promise<void> {
    checkedAt = clock.elapsed();
    if (workspaceChecks.isDue()) heard(await workspaceChecks.look());
    await groupChecks.look(heard);
    if (!granted || isWrong()) {
      await authTest().then(
        () => {
          refusedAs = undefined;
        },
        (error) => heard(troubleOf(error)),
      );
    }
    if (isStopped) return;
    tellChanges(troubles());
    stopTimer();
    if (isWrong() || isAnyUntold()) stopTimer = clock.after(AGAIN, () => void check());
  }

  function check(): Promise<void> {
    const isTime = clock.elapsed() - checkedAt >= AGAIN;
    if (checking || !isTime || !(isAnyDue() || !granted || isWrong())) {
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
      tellChanges(troubles());
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

type Found = {
  scopes: readonly string[];
  groups: { says: string; symptom: Symptom }[];
  workspaces: string | undefined;
  refusedAs: string | undefined;
};

function troublesOf({ scopes, groups, workspaces, refusedAs }: Found): Troubles {
  const [firstOfGroups] = groups;
  return {
    ...(scopes.length > 0 && {
      'slack scopes': wrong(scopesLacking(scopes), 'the-bot-token-lacks-a-scope'),
    }),
    ...(firstOfGroups && {
      'slack groups': wrong(
        [...new Set(groups.map(({ says }) => says))].join('; '),
        firstOfGroups.symptom,
      ),
    }),
    ...(workspaces && {
      'slack workspaces': wrong(workspaces, 'the-app-is-not-in-that-workspace'),
    }),
    ...(refusedAs && {
      'slack token': wrong(
        `Slack does not accept the bot token (${refusedAs})`,
        'slack-does-not-accept-the-bot-token',
      ),
    }),
  };
}

/** Logs each new problem in a line of its own, and each that is fixed. */
function createTeller(log: Log) {
  const told = new Map<string, string>();
  return (found: Troubles): void => {
    for (const [name, { says, see }] of Object.entries(found)) {
      if (told.get(name) !== says) log.error({ check: name, see }, says);
      told.set(name, says);
    }
    for (const name of [...told.keys()].filter((one) => !(one in found))) {
      told.delete(name);
      log.info({ check: name }, 'what was wrong in Slack is fixed');
    }
  };
}

const scopesLacking = (scopes: readonly string[]) =>
  `the bot token lacks ${scopes.length > 1 ? 'the scopes' : 'the scope'} ${scopes.join(', ')}: add what is missing under OAuth & Permissions, and install the app again`;
