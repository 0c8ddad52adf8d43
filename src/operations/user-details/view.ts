import { nameOf, status } from '../../desk/user.ts';
import { firstLine, wrongWith } from '../../desk/wrong.ts';
import type { Authenticators, UserDetails } from '../../securid/index.ts';
import {
  type Block,
  context,
  facts,
  header,
  type Message,
  type Value,
} from '../../slack/blocks.ts';
import { dateTime, escapeMrkdwn, oneLine } from '../../slack/mrkdwn.ts';
import { authenticatorLines, wrongAmong } from './authenticators.ts';

type Shown = {
  /** `undefined` if SecurID did not say. */
  authenticators: Authenticators | undefined;
  /** In milliseconds since 1970; decides which tokens have expired. */
  now: number;
  /** The rules that withhold changes. */
  withheld: readonly string[];
  /** What it leads to. */
  buttons: Block[];
};

/** What an agent wants to know about a user: what is wrong, then the authenticators, then the rest. */
export function userCard(user: UserDetails, shown: Shown): Message {
  const { authenticators, now, withheld, buttons } = shown;
  const name = nameOf(user);
  const inRecord = wrongWith(user);
  const wrong = [...inRecord, ...(authenticators ? wrongAmong(authenticators, now) : [])];
  const others = inRecord.map(({ words }) => words).filter((words) => !IN_STATUS.has(words));
  return {
    text: [`${escapeMrkdwn(name)}: ${statusWords(user)}`, ...others].join(' · '),
    blocks: [
      header(name),
      firstLine(wrong, authenticators ? undefined : 'Nothing stands out in the record.'),
      ...authenticatorLines(authenticators, now),
      ...facts([
        ['Status', user.userStatus && status(user)],
        ['E-mail', user.emailAddress],
        ['User name', user.principalUsername],
        ['Alternate user name', user.alternateUsername],
        ...numbers(user),
        ['Last sign-in', lastSignIn(user)],
        ['Emergency access', emergencyAccess(user)],
        ['Offline emergency access', unlessDisabled(user.offlineEmergencyAccessStatus)],
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
  'not for oneself': 'This is your own account. A colleague has to make changes to it.',
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

function emergencyAccess(user: UserDetails): Value | undefined {
  const { emergencyAccessStatus: access, emergencyTokencodeExpiration: until } = user;
  if (access !== 'Enabled') return unlessDisabled(access);
  return { mrkdwn: until ? `Enabled until ${dateTime(until, 'moment')}` : 'Enabled' };
}

const unlessDisabled = (access: string | undefined) => (access === 'Disabled' ? undefined : access);
