import type { SlackChannel, SlackGroup, SlackPerson } from './workspace/index.ts';

/** The invented company as Slack knows it: who types, and whom they ask about. */
const TEAM = { id: 'T0ACME', domain: 'acme' };
export const BOT = { userId: 'U0SECURID', botId: 'B0SECURID' };

/** The people who type in the playground and in the tests. */
export const JONAS = 'U0JONAS';
export const MIRA = 'U0MIRA';
export const GUEST = 'U0GUEST';
export const NOBODY = 'U0NORA';
export const ALAN = 'U0ALAN';
export const EDDA = 'U0EDDA';
export const SANA = 'U0SANA';

export const HELP_DESK_GROUP = 'S0HELPDESK';
export const IT_MANAGERS_GROUP = 'S0MANAGERS';

export const HELP_DESK = 'C0HELPDESK';
export const IT_MANAGERS = 'C0MANAGERS';
export const SECURID_AUDIT = 'C0AUDIT';
export const APPROVALS = 'C0APPROVALS';
export const SECURITY = 'C0SECURITY';
export const DIRECT_MESSAGE = 'D0JONAS';

const person = (id: string, name: string, realName: string, more: Partial<SlackPerson> = {}) => ({
  id,
  name,
  realName,
  email: `${name}@acme.test`,
  ...more,
});

const slackPeople = (): SlackPerson[] => [
  person(JONAS, 'jonas', 'Jonas Weber'),
  person(MIRA, 'mira', 'Mira Novak'),
  person(NOBODY, 'nora', 'Nora Brandt'),
  person(GUEST, 'gil', 'Gil Rivers', { isRestricted: true }),
  person('U0GRACE', 'grace', 'Grace Okafor'),
  person(ALAN, 'alan', 'Alan Mertens'),
  person('U0IVY', 'ivy', 'Ivy Lindqvist'),
  person('U0NOOR', 'noor', 'Noor Haddad'),
  person('U0OTTO', 'otto', 'Otto Vale'),
  person(EDDA, 'edda', 'Edda Frost'),
  person(SANA, 'sana', 'Sana Idris'),
  person(BOT.userId, 'securid', 'SecurID Desk', { isBot: true }),
];

const slackGroups = (): SlackGroup[] => [
  { id: HELP_DESK_GROUP, handle: 'help-desk', users: [JONAS] },
  { id: IT_MANAGERS_GROUP, handle: 'it-managers', users: [MIRA] },
];

const slackChannels = (): SlackChannel[] => [
  { id: HELP_DESK, name: 'help-desk', kind: 'channel', members: [JONAS, MIRA, NOBODY, GUEST] },
  { id: IT_MANAGERS, name: 'it-managers', kind: 'channel', members: [MIRA, JONAS] },
  { id: SECURID_AUDIT, name: 'securid-audit', kind: 'channel', members: [MIRA, SANA, BOT.userId] },
  {
    id: APPROVALS,
    name: 'securid-approvals',
    kind: 'channel',
    members: [MIRA, JONAS, NOBODY, SANA, BOT.userId],
  },
  { id: SECURITY, name: 'security', kind: 'channel', members: [SANA, MIRA, BOT.userId] },
  { id: DIRECT_MESSAGE, name: 'mira', kind: 'im', members: [JONAS, MIRA] },
];

/** Everything that `startWorkspace` needs to know about the company; a new copy each time. */
export const slackCompany = () => ({
  team: TEAM,
  bot: BOT,
  people: slackPeople(),
  groups: slackGroups(),
  channels: slackChannels(),
});
