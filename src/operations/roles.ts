import type { Log } from '../log.ts';
import type { Message } from '../slack/blocks.ts';
import { sentence } from '../slack/blocks.ts';
import { mentionGroup, mentionUser } from '../slack/mrkdwn.ts';
import type { People, Person, Workspace } from '../slack/people.ts';
import type { Place } from '../slack/place.ts';

export type Role = 'agent' | 'manager' | 'approver';

/** Slack user-group ids (`S…`) and user ids (`U…`, `W…`) for each role. */
export type RoleMembers = Record<Role, string[]>;

export type Asker = Place & { userId: string };

/** Who may: a role, one of several, or everybody. */
export type WhoMay = Role | readonly Role[] | undefined;

/** What somebody is, as far as Slack tells. A role in neither set was not asked about, or cannot be told. */
export type Standing = {
  /** The roles they have. */
  roles: ReadonlySet<Role>;
  /** The roles that Slack says they have not. A rule about somebody's not having a role goes by this. */
  lacks: ReadonlySet<Role>;
  /** Why they have no role: for the log, not for them. */
  refusal?: string;
};

export type Roles = {
  /**
   * Never throws: where Slack cannot tell, a role is in neither set. `fresh` takes no answer older than
   * ten seconds; with a `role` only the groups of that role are asked for, and nothing is told of others.
   */
  of(asker: Asker, options?: { fresh?: boolean; role?: WhoMay }): Promise<Standing>;
  /** A polite no that names whom to ask, the same whatever was asked about. */
  refusal(role: WhoMay, standing: Standing): Message;
};

const ROLES: readonly Role[] = ['agent', 'manager', 'approver'];

const WHOSE: Record<Role, string> = {
  agent: 'the help desk',
  manager: 'managers',
  approver: 'approvers',
};
const SLACK_SILENT = 'Slack did not say who this is';
const NO_ROLE = 'no role';

const isGroup = (id: string) => id.startsWith('S');

const listed = (role: WhoMay): readonly Role[] =>
  typeof role === 'string' ? [role] : (role ?? []);

type Asking = Parameters<People['members']>[1];

/** Whether they have the role, or one of several. What everybody may, whoever has none may, too. */
export const hasRole = ({ roles }: Standing, role: WhoMay): boolean =>
  role === undefined || listed(role).some((one) => roles.has(one));

export function createRoles(people: People, members: RoleMembers, log: Log): Roles {
  async function belongs(userId: string, id: string, how: Asking): Promise<boolean | 'unknown'> {
    try {
      return (await people.members(id, how)).has(userId);
    } catch (error) {
      log.warn({ err: error, group: id }, 'Slack did not say who is in a user group');
      return 'unknown';
    }
  }

  async function has(userId: string, role: Role, how: Asking): Promise<boolean | 'unknown'> {
    // Whoever is named needs no group, and no answer from Slack about one.
    if (members[role].includes(userId)) return true;
    const groups = members[role].filter(isGroup);
    const found = await Promise.all(groups.map((id) => belongs(userId, id, how)));
    return found.includes(true) || (found.includes('unknown') ? 'unknown' : false);
  }

  async function rolesOf(userId: string, asked: readonly Role[], how: Asking): Promise<Standing> {
    const found = await Promise.all(asked.map((role) => has(userId, role, how)));
    const roles = new Set(asked.filter((_, index) => found[index] === true));
    const lacks = new Set(asked.filter((_, index) => found[index] === false));
    if (found.includes('unknown')) return { roles, lacks, refusal: SLACK_SILENT };
    return roles.size > 0 ? { roles, lacks } : { roles, lacks, refusal: NO_ROLE };
  }

  return {
    async of(asker, { fresh = false, role } = {}) {
      const { userId, teamId } = asker;
      const nothing = new Set<Role>();
      const asked = role === undefined ? ROLES : listed(role);
      try {
        const [workspace, person] = await Promise.all([
          people.workspace(),
          people.find(userId, { fresh }),
        ]);
        const refusal = whyOutside(workspace, person, asker);
        if (refusal) return { roles: nothing, lacks: new Set(ROLES), refusal };
        return await rolesOf(userId, asked, { fresh, near: [teamId, person?.teamId] });
      } catch (error) {
        log.warn({ err: error, actor: userId }, SLACK_SILENT);
        return { roles: nothing, lacks: nothing, refusal: SLACK_SILENT };
      }
    },

    refusal(role, { roles, lacks, refusal }) {
      const wanted = role === undefined ? ROLES : listed(role);
      if (wanted.some((one) => !roles.has(one) && !lacks.has(one))) {
        return sentence(
          'Slack could not tell just now what you may do here. Please try again in a minute.',
        );
      }
      const insider = refusal === undefined || refusal === NO_ROLE;
      const [first = 'agent'] = listed(role);
      const whom = insider ? whomToAsk(members[first]) : 'your contact at this company';
      const whole = roles.size === 0 && first === 'agent';
      const part = whole ? '`/securid`' : 'this part of `/securid`';
      const others = roles.size > 0 ? ' `/securid help` shows what you can do here.' : '';
      return sentence(`Sorry, ${part} is for ${WHOSE[first]}. Please ask ${whom}.${others}`);
    },
  };
}

/** Guests, bots, deactivated people and visitors are out, whatever group they are in. */
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

/** True for a member of this workspace, or of the Enterprise Grid organisation it belongs to. */
export function isHome({ teamId, enterpriseId }: Workspace, person: Person): boolean {
  if (person.isStranger) return false;
  if (enterpriseId !== undefined && person.enterpriseId !== undefined) {
    return person.enterpriseId === enterpriseId;
  }
  return person.teamId !== undefined && person.teamId === (teamId ?? enterpriseId);
}

/**
 * True where it happened in the workspace that has the app, or anywhere in the organisation that has it.
 * Where Slack does not name the organisation, the own workspace of a member of it is part of it.
 */
function isHere(workspace: Workspace, person: Person, place: Place): boolean {
  const { teamId, enterpriseId } = workspace;
  // Without an organisation nobody is at home in two workspaces.
  const isVisitor = place.homeId !== undefined && place.homeId !== teamId;
  if (enterpriseId === undefined && isVisitor) return false;
  if (teamId !== undefined) return place.teamId === teamId;
  if (place.enterpriseId !== undefined) return place.enterpriseId === enterpriseId;
  return (
    place.teamId !== undefined && (place.teamId === enterpriseId || place.teamId === person.teamId)
  );
}

/** At most three: a refusal is no membership list. */
function whomToAsk(ids: string[]): string {
  const named = ids.slice(0, 3).map((id) => (isGroup(id) ? mentionGroup(id) : mentionUser(id)));
  return named.join(' or ') || 'whoever runs SecurID Desk at your company';
}
