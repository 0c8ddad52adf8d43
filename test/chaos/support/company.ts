import * as company from '../../../src/playground/company.ts';
import {
  phone,
  playgroundRecords,
  type TenantRecords,
  user,
} from '../../../src/playground/tenant-records.ts';

const AGENTS = 50;
/** Enough that no user gets two codes. */
const USERS = 1200;

const numbered = (word: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${word}${String(index + 1).padStart(4, '0')}`);

const agentNames = numbered('agent', AGENTS);
const slackId = (name: string) => `U0${name.toUpperCase()}`;

export const AGENT_IDS = agentNames.map(slackId);

/** Users who may get a code; each address is used once. */
export const USER_EMAILS = numbered('user', USERS).map((name) => `${name}@acme.test`);

/** The invented company with fifty agents, two of whom are also managers. */
export function busyCompany() {
  const slack = company.slackCompany();
  for (const name of agentNames) {
    const id = slackId(name);
    slack.people.push({ id, name, realName: name, email: `${name}@acme.test` });
  }
  for (const channel of slack.channels) {
    if (channel.id === company.HELP_DESK) channel.members.push(...AGENT_IDS);
  }
  for (const group of slack.groups) {
    if (group.id === company.HELP_DESK_GROUP) group.users.push(...AGENT_IDS);
    if (group.id === company.IT_MANAGERS_GROUP) group.users.push(...AGENT_IDS.slice(0, 2));
  }
  return slack;
}

export function busyRecords(now: number, codeLifetime: number): TenantRecords {
  const records = playgroundRecords(now);
  const users = USER_EMAILS.map((emailAddress) => user({ emailAddress }));
  const registered = agentNames.map((name) => user({ emailAddress: `${name}@acme.test` }));
  return {
    ...records,
    codeLifetime,
    users: [...records.users, ...users, ...registered],
    devices: [...records.devices, ...registered.map(({ id }) => phone({ userId: id }))],
  };
}
