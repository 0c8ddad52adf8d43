import type { Log } from '../log.ts';
import type { Message } from '../slack/blocks.ts';
import { sentence } from '../slack/blocks.ts';
import { mentionGroup, mentionUser } from '../slack/mrkdwn.ts';
import type { People, Person, Workspace } from '../slack/people.ts';

export type Role = 'agent' | 'manager' | 'approver';

/** Slack user-group ids (`S…`) and user ids (`U…`, `W…`) for each role. */
export type RoleMembers = Record<Role, string[]>;

export type Asker = { userId: string; teamId: string | undefined };

/** What somebody may do, and if nothing, why: for the log, not for them. */
export type Standing = { roles: ReadonlySet<Role>; refusal?: string };

export type Roles = {
  /** Never throws: where Slack cannot tell, the answer is no. `fresh` asks Slack again. */
  of(asker: Asker, options?: { fresh?: boolean }): Promise<Standing>;
  /** A polite no that names whom to ask, the same whatever was asked about. */
  refusal(role: Role | undefined, standing: Standing): Message;
};

const ROLES: Role[] = ['agent', 'manager', 'approver'];

const WHOSE: Record<Role, string> = {
  agent: 'the help desk',
  manager: 'managers',
  approver: 'approvers',
};
const SLACK_SILENT = 'Slack did not say who this is';
const NO_ROLE = 'no role';

const isGroup = (id: string) => id.startsWith('S');

export function createRoles(people: People, members: RoleMembers, log: Log): Roles {
  async function belongs(userId: string, id: string, fresh: boolean): Promise<boolean | 'unknown'> {
    if (!isGroup(id)) return id === userId;
    try {
      return (await people.members(id, { fresh })).has(userId);
    } catch (error) {
      log.warn({ err: error, group: id }, 'Slack did not say who is in a user group');
      return 'unknown';
    }
  }

  async function rolesOf(userId: string, fresh: boolean): Promise<Standing> {
    const roles = new Set<Role>();
    let unknown = false;
    for (const role of ROLES) {
      const found = await Promise.all(members[role].map((id) => belongs(userId, id, fresh)));
      if (found.includes(true)) roles.add(role);
      else unknown ||= found.includes('unknown');
    }
    if (unknown) return { roles, refusal: SLACK_SILENT };
    return roles.size > 0 ? { roles } : { roles, refusal: NO_ROLE };
  }

  return {
    async of({ userId, teamId }, { fresh = false } = {}) {
      const nothing = new Set<Role>();
      try {
        const [workspace, person] = await Promise.all([
          people.workspace(),
          people.find(userId, { fresh }),
        ]);
        const refusal = whyOutside(workspace, person, teamId);
        return refusal ? { roles: nothing, refusal } : await rolesOf(userId, fresh);
      } catch (error) {
        log.warn({ err: error, actor: userId }, SLACK_SILENT);
        return { roles: nothing, refusal: SLACK_SILENT };
      }
    },

    refusal(role, { roles, refusal }) {
      if (refusal === SLACK_SILENT) {
        return sentence(
          'Slack could not tell just now what you may do here. Please try again in a minute.',
        );
      }
      const insider = refusal === undefined || refusal === NO_ROLE;
      const wanted = role ?? 'agent';
      const asked = insider ? whomToAsk(members[wanted]) : 'your contact at this company';
      const whole = roles.size === 0 && wanted === 'agent';
      const part = whole ? '`/securid`' : 'this part of `/securid`';
      const others = roles.size > 0 ? ' `/securid help` shows what you can do here.' : '';
      return sentence(`Sorry, ${part} is for ${WHOSE[wanted]}. Please ask ${asked}.${others}`);
    },
  };
}

/** Guests, bots, deactivated people and visitors are out, whatever group they are in. */
function whyOutside(
  workspace: Workspace,
  person: Person | undefined,
  teamId: string | undefined,
): string | undefined {
  if (!person) return 'unknown to Slack';
  if (person.isBot) return 'a bot';
  if (person.isDeactivated) return 'deactivated';
  if (person.isGuest) return 'a guest';
  if (teamId !== workspace.teamId || !isHome(workspace, person)) return 'another workspace';
  return undefined;
}

/** True for a member of this workspace, or of the Enterprise Grid organisation it belongs to. */
export function isHome(workspace: Workspace, person: Person): boolean {
  if (person.isStranger) return false;
  if (person.teamId === workspace.teamId) return true;
  return workspace.enterpriseId !== undefined && person.enterpriseId === workspace.enterpriseId;
}

/** At most three: a refusal is no membership list. */
function whomToAsk(ids: string[]): string {
  const named = ids.slice(0, 3).map((id) => (isGroup(id) ? mentionGroup(id) : mentionUser(id)));
  return named.join(' or ') || 'whoever runs SecurID Desk at your company';
}
