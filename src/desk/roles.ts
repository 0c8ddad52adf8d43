import type { Log } from '../log.ts';
import type { Message } from '../slack/blocks.ts';
import { sentence } from '../slack/blocks.ts';
import { mentionGroup, mentionUser } from '../slack/mrkdwn.ts';
import type { People, Person, Workspace } from '../slack/people.ts';
import type { Place } from '../slack/place.ts';
import { type Trouble, troubleOf } from '../slack/trouble.ts';
import { withPlace } from './place-of.ts';
import { aboutTrouble } from './slack-trouble.ts';
import { type NotHere, whyNotHere } from './workspaces.ts';

export type Role = 'agent' | 'manager' | 'approver';

/** Slack user-group ids (`S…`) and user ids (`U…`, `W…`) for each role. */
export type RoleMembers = Record<Role, string[]>;

export type Asker = Place & { userId: string };

/** Who may: a role, any of several, or everybody (`undefined`). */
export type WhoMay = Role | readonly Role[] | undefined;

/** Somebody's roles, as Slack says. A role in neither set is unknown, or was not asked about. */
export type Access = {
  /** The roles they have. */
  roles: ReadonlySet<Role>;
  /** The roles they certainly lack. */
  lacks: ReadonlySet<Role>;
  /** Why they have no role: for the log, not for them. */
  refusal?: string;
  /** Set if it is only the place that stands in the way. */
  notHere?: NotHere;
  /** Why a role is unknown, if a retry would not help. */
  troubles?: Troubles;
};

type Troubles = Partial<Record<Role, Trouble | undefined>>;

/** Slack did not answer. */
type Untold = { trouble: Trouble | undefined };

export type Roles = {
  /**
   * Never throws: if Slack does not answer, a role is in neither set. `fresh` accepts no answer older than
   * ten seconds. With a `role`, only its groups are asked about.
   */
  of(asker: Asker, options?: { fresh?: boolean; role?: WhoMay }): Promise<Access>;
  /** Runs whenever it turns out that somebody certainly lacks the role. */
  whenLacking(role: Role, run: (userId: string) => void): void;
  /** A polite refusal that names whom to ask. */
  refusal(role: WhoMay, access: Access): Message;
};

const ROLES: readonly Role[] = ['agent', 'manager', 'approver'];

const WHOSE: Record<Role, string> = {
  agent: 'the help desk',
  manager: 'managers',
  approver: 'approvers',
};
const SLACK_SILENT = 'Slack did not say who this is';
const NO_ROLE = 'no role';

const NOT_HERE: Record<NotHere, (whom: string) => string> = {
  'a workspace that is not listed': (whom) =>
    `Sorry, \`/securid\` is not for this workspace. Please ask ${whom}.`,
  'the workspace is not known': () =>
    'Sorry, `/securid` is only for some of your workspaces, and Slack did not say which one you are in. Type `/securid help` here, then try again.',
};

const isGroup = (id: string) => id.startsWith('S');

const isUntold = (told: boolean | Untold): told is Untold => typeof told === 'object';

const sameForAll = (trouble: Trouble | undefined): Troubles => ({
  agent: trouble,
  manager: trouble,
  approver: trouble,
});

const listed = (role: WhoMay): readonly Role[] =>
  typeof role === 'string' ? [role] : (role ?? []);

type Asking = Parameters<People['members']>[1];

/** Whether they have the role, or one of several. */
export const hasRole = ({ roles }: Access, role: WhoMay): boolean =>
  role === undefined || listed(role).some((one) => roles.has(one));

/** Who has which role, by id or through a user group. */
function createMemberships(people: People, members: RoleMembers, log: Log) {
  async function belongs(userId: string, id: string, how: Asking): Promise<boolean | Untold> {
    try {
      return (await people.members(id, how)).has(userId);
    } catch (error) {
      log.warn({ err: error, group: id }, 'Slack did not say who is in a user group');
      return { trouble: troubleOf(error) };
    }
  }

  async function has(userId: string, role: Role, how: Asking): Promise<boolean | Untold> {
    // People named by id need no group.
    if (members[role].includes(userId)) return true;
    const groups = members[role].filter(isGroup);
    const found = await Promise.all(groups.map((id) => belongs(userId, id, how)));
    const untold = found.filter(isUntold);
    return found.includes(true) || (untold.find(({ trouble }) => trouble) ?? untold[0] ?? false);
  }

  async function rolesOf(userId: string, asked: readonly Role[], how: Asking): Promise<Access> {
    const found = await Promise.all(asked.map((role) => has(userId, role, how)));
    const roles = new Set(asked.filter((_, index) => found[index] === true));
    const lacks = new Set(asked.filter((_, index) => found[index] === false));
    if (found.some(isUntold)) {
      const troubles: Troubles = {};
      found.forEach((told, index) => {
        const role = asked[index];
        if (role && isUntold(told)) troubles[role] = told.trouble;
      });
      return { roles, lacks, refusal: SLACK_SILENT, troubles };
    }
    return roles.size > 0 ? { roles, lacks } : { roles, lacks, refusal: NO_ROLE };
  }

  return rolesOf;
}

type Wiring = {
  people: People;
  members: RoleMembers;
  /** The only workspaces whose people may use the app; empty for all of the installation. */
  workspaces: readonly string[];
  log: Log;
};

export function createRoles({ people, members, workspaces, log }: Wiring): Roles {
  const rolesOf = createMemberships(people, members, log);
  const nothing: ReadonlySet<Role> = new Set();
  const lacking: ((role: Role, userId: string) => void)[] = [];

  async function accessOf(
    asker: Asker,
    { fresh, role }: { fresh: boolean; role?: WhoMay },
  ): Promise<Access> {
    const { userId, teamId } = asker;
    const asked = role === undefined ? ROLES : listed(role);
    try {
      const [workspace, person] = await Promise.all([
        people.workspace(),
        people.find(userId, { fresh }),
      ]);
      const refusal = whyOutside(workspace, person, asker);
      if (refusal || !person) return { roles: nothing, lacks: new Set(ROLES), refusal };
      const here = (one: Person) => whyNotHere(workspaces, one, asker);
      // They may have come here since Slack was last asked.
      const notHere = here(person) && here((await people.find(userId, { fresh: true })) ?? person);
      // What they may do elsewhere is not asked.
      if (notHere) return { roles: nothing, lacks: nothing, refusal: notHere, notHere };
      return await rolesOf(userId, asked, { fresh, near: [teamId, person.teamId] });
    } catch (error) {
      log.warn({ err: error, actor: userId }, SLACK_SILENT);
      const troubles = sameForAll(troubleOf(error));
      return { roles: nothing, lacks: nothing, refusal: SLACK_SILENT, troubles };
    }
  }

  return {
    async of(asker, { fresh = false, role } = {}) {
      const access = await accessOf(asker, { fresh, role });
      for (const one of access.lacks) for (const told of lacking) told(one, asker.userId);
      return access;
    },
    whenLacking(role, run) {
      lacking.push((one, userId) => {
        if (one === role) run(userId);
      });
    },

    refusal(role, { roles, lacks, refusal, notHere, troubles = {} }) {
      if (notHere) return sentence(NOT_HERE[notHere](whomToAsk(members.agent)));
      const wanted = role === undefined ? ROLES : listed(role);
      const untold = wanted.filter((one) => !roles.has(one) && !lacks.has(one));
      if (untold.length > 0) {
        const [trouble] = untold.flatMap((one) => troubles[one] ?? []);
        if (trouble) return aboutTrouble(trouble);
        return sentence('Slack did not answer when asked for your role. Try again in a minute.');
      }
      const insider = refusal === undefined || refusal === NO_ROLE || refusal === SLACK_SILENT;
      const [first = 'agent'] = listed(role);
      const whom = insider ? whomToAsk(members[first]) : 'your contact at this company';
      const whole = roles.size === 0 && first === 'agent';
      const part = whole ? '`/securid`' : 'this part of `/securid`';
      const others = roles.size > 0 ? ' `/securid help` shows what you can do here.' : '';
      const message = sentence(
        `Sorry, ${part} is for ${WHOSE[first]}. Please ask ${whom}.${others}`,
      );
      const isNobody = insider && members[first].length === 0;
      return withPlace(message, isNobody ? 'nobody-has-the-role' : undefined);
    },
  };
}

/** Refuses guests, bots, deactivated accounts and visitors, whatever their groups. */
function whyOutside(
  workspace: Workspace,
  person: Person | undefined,
  place: Place,
): string | undefined {
  if (!person) return 'unknown to Slack';
  if (person.isBot) return 'a bot';
  if (person.isDeactivated) return 'deactivated';
  if (person.isGuest) return 'a guest';
  if (!isHome(workspace, person)) return 'another workspace';
  if (!isHere(workspace, person, place)) return 'another workspace';
  return undefined;
}

/** True for a member of this workspace, or of the Enterprise Grid organization it belongs to. */
export function isHome({ teamId, enterpriseId }: Workspace, person: Person): boolean {
  if (person.isStranger) return false;
  if (enterpriseId !== undefined && person.enterpriseId !== undefined) {
    return person.enterpriseId === enterpriseId;
  }
  return person.teamId !== undefined && person.teamId === (teamId ?? enterpriseId);
}

/**
 * True if it happened in the workspace that has the app, or anywhere in the organization that has it. If
 * Slack does not name the organization, a member's home workspace counts as part of it.
 */
function isHere(workspace: Workspace, person: Person, place: Place): boolean {
  const { teamId, enterpriseId } = workspace;
  // Without an organization, whoever has another home workspace is a visitor.
  const isVisitor = place.homeId !== undefined && place.homeId !== teamId;
  if (enterpriseId === undefined && isVisitor) return false;
  const somewhere = place.teamId ?? place.homeId;
  if (teamId !== undefined) return somewhere === teamId;
  if (place.enterpriseId !== undefined) return place.enterpriseId === enterpriseId;
  return somewhere !== undefined && (somewhere === enterpriseId || somewhere === person.teamId);
}

/** Names at most three people. */
function whomToAsk(ids: string[]): string {
  const named = ids.slice(0, 3).map((id) => (isGroup(id) ? mentionGroup(id) : mentionUser(id)));
  return named.join(' or ') || 'your SecurID Desk administrator';
}
