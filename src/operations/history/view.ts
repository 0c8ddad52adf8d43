import { lockedMethods } from '../../desk/locks.ts';
import { nameOf } from '../../desk/user.ts';
import { capital } from '../../guard/change/letters.ts';
import {
  type AuthEvent,
  type AuthLog,
  MOST_AUTH_EVENTS,
  type UserDetails,
} from '../../securid/index.ts';
import {
  type Block,
  context,
  header,
  type Message,
  pairs,
  paragraph,
  sentence,
  verbatimContext,
  verbatimSentence,
} from '../../slack/blocks.ts';
import { dateTime, escapeMrkdwn, oneLine } from '../../slack/mrkdwn.ts';
import {
  answerTo,
  didFail,
  endOf,
  type Group,
  groupWords,
  inGroupsOfKind,
  lastSignIn,
  sinceThen,
} from './groups.ts';

/** Nobody reads more on the phone. */
const MOST_GROUPS = 15;
/** As much advice as fits into a call. */
const MOST_ADVICE = 2;

/** Of RSA's own text about an event. */
const LONGEST = 80;

/** A user's last sign-ins, newest first: what is wrong, what to do, and what happened. */
export function history(user: UserDetails, log: AuthLog, buttons: Block[]): Message {
  const name = nameOf(user);
  const { groups, steps } = inGroupsOfKind(log.events);
  const gotIn = lastSignIn(log.events);
  const since = sinceThen(groups, gotIn);
  const top = summary(groups, since, gotIn) ?? nothingKnown(log);
  const shown = groups.slice(0, MOST_GROUPS);
  return {
    text: `Sign-ins of ${escapeMrkdwn(name)}: ${top}`,
    blocks: [
      header(`Sign-ins of ${name}`),
      verbatimContext(
        [user.emailAddress ?? user.principalUsername, user.userStatus].filter(Boolean).join(' · '),
      ),
      paragraph(top),
      ...advice(since, user).map((sentence) => paragraph(sentence)),
      ...pairs(shown.map((group) => [ours(group), theirs(group)])),
      ...leftOut({ older: groups.length - shown.length, steps, log }),
      ...buttons,
    ],
  };
}

/** The changes that help, by their names. */
export const changesThatHelp = ({ events }: AuthLog): Set<string> =>
  new Set(
    failuresIn(events).flatMap((group) => {
      const { change, meanwhile } = answerTo(group);
      return [change ?? [], meanwhile ?? []].flat();
    }),
  );

const failuresIn = (events: AuthLog['events']) =>
  sinceThen(inGroupsOfKind(events).groups, lastSignIn(events));

/** `undefined` if the events do not say whether a sign-in failed. */
function summary(
  groups: Group[],
  since: Group[],
  gotIn: AuthEvent | undefined,
): string | undefined {
  const at = gotIn?.eventLogDate && dateTime(gotIn.eventLogDate, 'moment');
  if (since.length > 0) {
    // In the order in which it happened.
    const words = since.slice(0, 2).toReversed().map(groupWords).join('; ');
    return `:warning: ${capital(words)}.${lastWords(groups, gotIn, at)}`;
  }
  if (!gotIn) return isAllClear(groups) ? 'No failed sign-in is on record.' : undefined;
  return `:white_check_mark: The last sign-in worked${at ? ` at ${at}` : ''}.`;
}

/** Whether none of the events, which are known or have RSA's own level, may be a failed sign-in. */
const isAllClear = (groups: Group[]) =>
  groups.length > 0 &&
  groups.every(({ meaning, events: [{ eventLevel }] }) => meaning !== undefined || eventLevel);

const nothingKnown = ({ events, unreadable }: AuthLog): string =>
  events.length + unreadable === 0
    ? 'No sign-in is on record.'
    : 'What is on record does not say whether a sign-in failed.';

/** What is not known may be a sign-in that worked. */
function lastWords(groups: Group[], gotIn: AuthEvent | undefined, at: string | undefined): string {
  if (gotIn) return at ? ` The last sign-in that worked was at ${at}.` : '';
  const isAllKnown = groups.every(({ meaning }) => meaning !== undefined);
  return isAllKnown ? ' There is no successful sign-in on record.' : '';
}

function advice(since: Group[], user: UserDetails): string[] {
  const isLocked = lockedMethods(user).length > 0;
  const all = since.flatMap((group) => {
    const { next, change } = answerTo(group);
    return change === 'unlock' && !isLocked ? LOCKED_NO_MORE : (next ?? []);
  });
  return [...new Set(all)].slice(0, MOST_ADVICE);
}

const LOCKED_NO_MORE =
  'According to the user’s record, nothing is locked any more. Ask them to try again.';

/** When it happened and what it was, in our own words. */
function ours(group: Group): string {
  const at = endOf(group);
  return `${at ? dateTime(at, 'moment') : 'Time unknown'}\n${mark(group)} ${groupWords(group)}`;
}

function mark(group: Group): string {
  const { meaning, lock } = group;
  if (lock || meaning?.is === 'locked') return ':lock:';
  if (meaning?.is === 'worked') return ':white_check_mark:';
  return didFail(group) ? ':x:' : ':information_source:';
}

/** What RSA says about it: the description if this app does not know the code, the method, from where to where. */
function theirs({ meaning, events: [first, ...more] }: Group): string {
  const last = more.at(-1) ?? first;
  const addresses = new Set(
    [first, ...more].flatMap(({ sourceIPAddress }) => sourceIPAddress ?? []),
  );
  const from = addresses.size > 1 ? `${addresses.size} addresses` : [...addresses][0];
  return [
    meaning ? undefined : (last.eventDescription ?? 'SecurID does not say what it was'),
    last.method,
    last.deviceName,
    last.application,
    from && `from ${from}`,
  ]
    .flatMap((part) => (part ? [oneLine(part, LONGEST)] : []))
    .filter(Boolean)
    .join(' · ');
}

type LeftOut = { older: number; steps: number; log: AuthLog };

function leftOut({ older, steps, log }: LeftOut): Block[] {
  const { events, unreadable } = log;
  const all = events.length + unreadable;
  const lines = [
    older > 0 && `${older} older ${older === 1 ? 'entry is' : 'entries are'} not shown.`,
    steps > 0 && `${steps} ${steps === 1 ? 'step' : 'steps'} of the same sign-ins left out.`,
    unreadable > 0 && `${unreadable} ${unreadable === 1 ? 'event' : 'events'} could not be read.`,
    all >= MOST_AUTH_EVENTS &&
      `SecurID returns the newest ${MOST_AUTH_EVENTS} events. The Cloud Administration Console has the older ones.`,
  ].filter((line) => line !== false);
  return lines.length > 0 ? [context(lines.join(' '))] : [];
}

export const tooMany = (next: Date): Message =>
  sentence(
    `You have looked at sign-ins very often within an hour. The next look is possible after ${dateTime(next, 'moment')}. \`/securid user\` still works.`,
  );

export const gone = (name: string): Message =>
  verbatimSentence(`SecurID no longer has ${name}. Look the user up again.`);
