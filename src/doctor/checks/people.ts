import { groupsIn } from '../../config/config.ts';
import { troubleOf } from '../../slack/trouble.ts';
import { type Check, type Finding, failed, ok, warning } from '../finding.ts';
import { FLAWS, flawOf, tally } from '../flaws.ts';
import type { Services } from '../services.ts';
import type { SlackAccess } from '../slack-access.ts';
import { inSlack } from '../slack-trouble.ts';
import { counted } from '../words.ts';
import { isThere, unasked } from './slack.ts';

// Shares Slack's rate limits with the running app: https://docs.slack.dev/apis/web-api/rate-limits

/** How many groups are checked (tier 2: 20 requests a minute). */
const MOST_GROUPS = 8;

/** How many members are checked, of one group and of all groups (tier 4: 100 requests a minute). */
const MOST_OF_ONE = 20;
const MOST_OF_ALL = 40;

/** How many people who are named by their own ids are checked. */
const MOST_PEOPLE = 40;

/** The user groups in the settings: whether they exist, and which members the app refuses. */
export const groups: Check = {
  area: 'Roles',
  name: 'user groups',
  async run(services) {
    const { slack, config } = services;
    const named = [...groupsIn(config)];
    if (!slack || named.length === 0) return [];
    if (!(await isThere(slack))) return unasked('user groups');
    const most = Math.min(MOST_OF_ONE, Math.floor(MOST_OF_ALL / named.length) || 1);
    const some = named.slice(0, MOST_GROUPS);
    const workspaces = await placesOf(services, slack);
    const where = config.workspaces.length > 0 ? ' in the workspaces of SECURID_WORKSPACES' : '';
    return Promise.all([
      ...some.map(([id, variables]) => group(slack, { id, variables, most, where, workspaces })),
      ...named.slice(MOST_GROUPS).map(([id, variables]) => tooMany(id, variables.join(', '))),
    ]);
  },
};

/** In a whole organization, the only workspaces whose people may use the app; empty for all of them. */
async function placesOf({ config }: Services, slack: SlackAccess): Promise<readonly string[]> {
  const { teamId } = await slack.workspace();
  return teamId === undefined ? config.workspaces : [];
}

const tooMany = (id: string, variables: string): Finding =>
  warning(id, `${variables}: not checked, since Slack answers few such requests a minute`, {
    remedy: 'Look at /readyz of the running app: it names each group that is gone.',
  });

type Named = {
  id: string;
  /** What names it. */
  variables: readonly string[];
  /** How many members to check. */
  most: number;
  /** Where it was looked for, if not everywhere. */
  where: string;
  /** In a whole organization, the only workspaces whose people may use the app. */
  workspaces: readonly string[];
};

/** Protected people need not be able to use the app. */
const isRole = (variable: string) => variable !== 'SECURID_PROTECTED';

async function group(slack: SlackAccess, named: Named): Promise<Finding> {
  const { id, most } = named;
  const variables = named.variables.join(', ');
  try {
    const members = [...(await slack.people.members(id))];
    if (members.length === 0) {
      return warning(id, `${variables}: nobody is in it`, { remedy: 'Add people to it in Slack.' });
    }
    const some = named.variables.some(isRole) ? members.slice(0, most) : [];
    const found = await Promise.all(some.map((one) => slack.people.find(one)));
    const count = counted(members.length, 'member');
    const looked =
      some.length > 0 && some.length < members.length
        ? `, of whom ${some.length} were checked`
        : '';
    const refused = found
      .map((one) => flawOf(one, named.workspaces))
      .filter((flaw) => flaw !== undefined);
    if (refused.length === 0) return ok(id, `${variables}: ${count}${looked}`);
    return warning(id, `${variables}: ${count}${looked}, including ${tally(refused)}`, {
      remedy: 'The app refuses them, whatever group they are in. Take them out of this one.',
    });
  } catch (error) {
    return noGroup(slack, named, error);
  }
}

async function noGroup(slack: SlackAccess, named: Named, error: unknown): Promise<Finding> {
  const { id, where } = named;
  const variables = named.variables.join(', ');
  const trouble = troubleOf(error);
  if (trouble?.kind === 'no such group') {
    const symptom = 'slack-has-no-such-user-group';
    return (await isDisabled(slack, named))
      ? failed(id, `${variables}: this user group is disabled`, {
          remedy: 'Enable it in Slack, or use another one.',
          symptom,
        })
      : failed(id, `${variables}: Slack has no such user group${where}`, {
          remedy: 'Copy the id from the group’s page in Slack, or use another one.',
          symptom,
        });
  }
  if (trouble?.kind === 'no groups in this plan') {
    return failed(id, `${variables}: this Slack plan has no user groups`, {
      remedy: 'Use the ids of people (U…) instead.',
      symptom: 'the-slack-plan-has-no-user-groups',
    });
  }
  return inSlack(id, error, slack.host);
}

/** In how many workspaces, at most, to look for a disabled group. */
const MOST_WORKSPACES = 3;

/** Whether Slack would show it with those that are disabled: https://docs.slack.dev/reference/methods/usergroups.users.list */
async function isDisabled(slack: SlackAccess, { id, workspaces }: Named): Promise<boolean> {
  const ask = (where: object) =>
    slack.ask('usergroups.users.list', { usergroup: id, include_disabled: true, ...where }).then(
      () => true,
      () => false,
    );
  const { teamId } = await slack.workspace();
  if (teamId !== undefined) return ask({});
  const all = workspaces.length > 0 ? workspaces : (await slack.people.workspaces()).map(idOf);
  const found = await Promise.all(
    all.slice(0, MOST_WORKSPACES).map((one) => ask({ team_id: one })),
  );
  return found.includes(true);
}

const idOf = ({ id }: { id: string }) => id;

/** People who are named by their own ids. */
export const people: Check = {
  area: 'Roles',
  name: 'people',
  async run(services) {
    const { slack } = services;
    const named = [...namedIn(services)];
    if (!slack || named.length === 0) return [];
    if (!(await isThere(slack))) return unasked('people');
    const places = await placesOf(services, slack);
    const [some, others] = [named.slice(0, MOST_PEOPLE), named.slice(MOST_PEOPLE)];
    return Promise.all([
      ...some.map(([id, variables]) => person(slack, { id, variables, places })),
      ...(others.length > 0 ? [unchecked(others.length)] : []),
    ]);
  },
};

const unchecked = (number: number): Finding =>
  warning('people', `${number} more ids were not checked`, {
    remedy: 'Use user groups: Slack lists their members in one answer.',
  });

type Individual = { id: string; variables: readonly string[]; places: readonly string[] };

async function person(
  slack: SlackAccess,
  { id, variables: named, places }: Individual,
): Promise<Finding> {
  const variables = named.join(', ');
  try {
    const found = await slack.people.find(id);
    if (!found) {
      return failed(id, `${variables}: Slack has nobody with that id`, {
        remedy: 'Copy the member id from the person’s profile in Slack.',
      });
    }
    if (!named.some(isRole)) return ok(id, `${variables}: known to Slack`);
    const flaw = flawOf(found, places);
    if (!flaw) return ok(id, `${variables}: active`);
    return warning(id, `${variables}: ${FLAWS[flaw]}, so the app refuses them`, {
      remedy: 'Use somebody else’s id.',
    });
  } catch (error) {
    return inSlack(id, error, slack.host);
  }
}

/** User ids in the settings, each with the variables that name it. */
function namedIn({ config: { roles, protection } }: Services): Map<string, string[]> {
  const all: [variable: string, ids: readonly string[]][] = [
    ['SECURID_AGENTS', roles.agent],
    ['SECURID_MANAGERS', roles.manager],
    ['SECURID_APPROVERS', roles.approver],
    ['SECURID_PROTECTED', protection.userIds],
  ];
  const named = new Map<string, string[]>();
  for (const [variable, ids] of all) {
    for (const id of ids.filter((one) => !one.startsWith('S'))) {
      named.set(id, [...(named.get(id) ?? []), variable]);
    }
  }
  return named;
}
