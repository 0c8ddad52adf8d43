import { emergencyAccess, offlineAccess } from '../../desk/emergency-access.ts';
import { nameOf, status } from '../../desk/user.ts';
import { firstLine, wrongWith } from '../../desk/wrong.ts';
import type { UserDetails } from '../../securid/index.ts';
import {
  type Block,
  context,
  facts,
  header,
  type Message,
  type Value,
} from '../../slack/blocks.ts';
import { escapeMrkdwn, oneLine } from '../../slack/mrkdwn.ts';
import { authenticatorLines, type Listed, wrongAmong } from './authenticators.ts';

type Shown = Listed & {
  /** The rules that withhold changes. */
  withheld: readonly string[];
  /** What it leads to. */
  buttons: Block[];
};

/** What an agent wants to know about a user: what is wrong, then the authenticators, then the rest. */
export function userCard(user: UserDetails, shown: Shown): Message {
  const { authenticators, withheld, buttons } = shown;
  const name = nameOf(user);
  const inRecord = wrongWith(user);
  const wrong = [...inRecord, ...wrongAmong(shown)];
  const others = inRecord.map(({ words }) => words).filter((words) => !IN_STATUS.has(words));
  return {
    text: [`${escapeMrkdwn(name)}: ${statusWords(user)}`, ...others].join(' · '),
    blocks: [
      header(name),
      firstLine(wrong, authenticators ? undefined : 'Nothing stands out in the record.'),
      ...authenticatorLines(shown),
      ...facts([
        ['Status', user.userStatus && status(user)],
        ['E-mail', user.emailAddress],
        ['User name', user.principalUsername],
        ['Alternate user name', user.alternateUsername],
        ...numbers(user),
        ['Last sign-in', lastSignIn(user)],
        ['Emergency access', unlessDisabled(emergencyAccess(user))],
        ['Offline emergency access', unlessDisabled(offlineAccess(user))],
        ['Identity source', user.identitySource],
        ['Last synchronized', user.lastSyncTime],
      ]),
      ...withheld.flatMap((rule) => WHY[rule] ?? []).map((why) => context(why)),
      ...buttons,
    ],
  };
}

/** The words of the first line that the status has as well. */
const IN_STATUS = new Set(['Disabled', 'Status unknown']);

const statusWords = ({ userStatus }: UserDetails) =>
  userStatus ? escapeMrkdwn(oneLine(userStatus, 60)) : 'status unknown';

/** Why buttons are missing that an agent may look for, by the rule's name. */
const WHY: Record<string, string> = {
  lockdown: ':lock: SecurID Desk is in lockdown: nothing that gives access can be done.',
  reported: ':no_entry: This account is on hold. Please call your security team.',
  'not for oneself': 'This is your own account. A colleague has to make changes that give access.',
};

type Row = [label: string, value: Value | undefined];

function numbers({ smsNumber, voiceNumber }: UserDetails): Row[] {
  if (smsNumber !== undefined && smsNumber === voiceNumber) return [['SMS and voice', smsNumber]];
  return [
    ['SMS', smsNumber],
    ['Voice', voiceNumber],
  ];
}

function lastSignIn(user: UserDetails): Value | undefined {
  const { lastSuccessfulAuthenticationDate: at, monthLastAuthenticated: month } = user;
  return at ?? month;
}

const unlessDisabled = (access: Value | undefined) =>
  typeof access === 'string' && /^disabled$/i.test(access) ? undefined : access;
