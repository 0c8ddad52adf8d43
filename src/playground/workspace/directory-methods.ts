import type { Floor, Method } from './floor.ts';
import type { SlackPerson } from './types.ts';

/** auth.*, users.* and usergroups.*: https://docs.slack.dev/reference/methods */
export function directoryMethods(floor: Floor): Record<string, Method> {
  const { team, bot, people, groups, scopes, plan } = floor;

  const sisters = team.sisters ?? [];
  const workspaces = () => [team, ...sisters.filter(({ isWithoutApp }) => !isWithoutApp)];
  /** https://docs.slack.dev/reference/methods/usergroups.users.list#errors */
  const refusalOf = (where: unknown) =>
    sisters.some(({ id }) => id === where) ? 'team_access_not_granted' : 'team_not_found';
  const enterpriseOf = ({ enterpriseId = team.enterpriseId }: SlackPerson) => enterpriseId;

  const wire = (person: SlackPerson) => ({
    id: person.id,
    team_id: person.teamId ?? team.id,
    name: person.name,
    deleted: person.deleted ?? false,
    real_name: person.realName,
    is_bot: person.isBot ?? false,
    is_restricted: person.isRestricted ?? false,
    is_ultra_restricted: person.isUltraRestricted ?? false,
    is_stranger: person.isStranger ?? false,
    profile: {
      real_name: person.realName,
      display_name: person.name,
      // Without the scope, Slack silently leaves it out.
      ...(person.email && scopes.includes('users:read.email') && { email: person.email }),
    },
    ...(enterpriseOf(person) && {
      enterprise_user: {
        id: person.id,
        enterprise_id: enterpriseOf(person),
        enterprise_name: team.domain,
        is_admin: false,
        is_owner: false,
        teams: person.teams ?? [person.teamId ?? team.id],
      },
    }),
  });

  return {
    'auth.test': () => ({
      url: `https://${team.domain}.slack.com/`,
      team: team.domain,
      user: people.find(({ id }) => id === bot.userId)?.name ?? 'bot',
      team_id: team.isOrgWide ? team.enterpriseId : team.id,
      user_id: bot.userId,
      bot_id: bot.botId,
      ...(team.enterpriseId && { enterprise_id: team.enterpriseId }),
      is_enterprise_install: team.isOrgWide ?? false,
    }),

    'auth.teams.list': () =>
      team.isOrgWide
        ? { teams: workspaces().map(({ id, domain }) => ({ id, name: domain })) }
        : { error: 'not_allowed_token_type' },

    'bots.info': (asked) =>
      asked.bot === bot.botId
        ? { bot: { id: bot.botId, app_id: floor.appId, user_id: bot.userId, deleted: false } }
        : { error: 'bot_not_found' },

    'users.info': ({ user }) => {
      const person = people.find(({ id }) => id === user);
      return person ? { user: wire(person) } : { error: 'user_not_found' };
    },

    'users.lookupByEmail': ({ email }) => {
      const wanted = String(email).toLowerCase();
      const person = people.find((one) => one.email?.toLowerCase() === wanted && !one.deleted);
      return person ? { user: wire(person) } : { error: 'users_not_found' };
    },

    'usergroups.users.list'({ usergroup, team_id, include_disabled }) {
      if (plan() === 'free') return { error: 'plan_upgrade_required' };
      // A bot token for one workspace means that workspace, whatever the parameters say.
      const where = team.isOrgWide ? team_id : team.id;
      if (where === undefined) return { error: 'missing_argument' };
      if (!workspaces().some(({ id }) => id === where)) return { error: refusalOf(where) };
      const group = groups.find(({ id }) => id === usergroup);
      const isSeen = !group?.isDisabled || include_disabled === 'true';
      const isThere = group && isSeen && (group.teamId ?? team.id) === where;
      return isThere ? { users: [...group.users] } : { error: 'no_such_subteam' };
    },
  };
}
