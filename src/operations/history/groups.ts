import type { AuthEvent } from '../../securid/index.ts';
import { type Meaning, meaningOfEvent } from './events.ts';

/** Events of the same kind, one soon after the other. */
export type Group = {
  /** `undefined` if this app does not know the code. */
  meaning: Meaning | undefined;
  /** Oldest first; at least one. */
  events: [AuthEvent, ...AuthEvent[]];
  /** The event by which SecurID locked the method right after them. */
  lock?: AuthEvent;
};

const MINUTE = 60_000;

/** Attempts that are further apart are told one by one. */
const APART = 10 * MINUTE;

/** A lock belongs to the attempts that it follows this soon. */
const RIGHT_AFTER = 2 * MINUTE;

/**
 * Groups events, and leaves out the steps that go with others.
 * @param events newest first
 * @returns newest first
 */
export function inGroupsOfKind(events: readonly AuthEvent[]): { groups: Group[]; steps: number } {
  const isStep = ({ eventCode }: AuthEvent) => meaningOfEvent(eventCode)?.is === 'step';
  const worthTelling = events.filter((event) => !isStep(event));
  const told = worthTelling.length > 0 ? worthTelling : events;
  const groups: Group[] = [];
  for (const event of told.toReversed()) {
    const last = groups.at(-1);
    if (last && goesOn(last, event)) last.events.push(event);
    else if (last && locks(last, event)) last.lock = event;
    else groups.push({ meaning: meaningOfEvent(event.eventCode), events: [event] });
  }
  return { groups: groups.toReversed(), steps: events.length - told.length };
}

/** Two events without a code are alike if RSA describes them alike. */
function goesOn({ events, lock }: Group, event: AuthEvent): boolean {
  const last = events.at(-1) ?? events[0];
  const isAlike =
    last.eventCode === event.eventCode &&
    last.method === event.method &&
    (event.eventCode !== undefined || last.eventDescription === event.eventDescription);
  return !lock && isAlike && isWithin(APART, last, event);
}

const locks = ({ meaning, events, lock }: Group, event: AuthEvent): boolean =>
  !lock &&
  meaning?.is === 'failed' &&
  meaningOfEvent(event.eventCode)?.is === 'locked' &&
  isWithin(RIGHT_AFTER, events.at(-1) ?? events[0], event);

/** Never for events without a time. */
const isWithin = (most: number, before: AuthEvent, after: AuthEvent) =>
  before.eventLogDate !== undefined &&
  after.eventLogDate !== undefined &&
  after.eventLogDate.getTime() - before.eventLogDate.getTime() <= most;

/** `7 × wrong OTP in 3 min, then locked`; what RSA calls it is not part of it. */
export function groupWords({ meaning, events, lock }: Group): string {
  const [first] = events;
  const last = events.at(-1) ?? first;
  const code = first.eventCode === undefined ? 'event' : `event ${first.eventCode}`;
  const says = meaning?.says ?? code;
  if (events.length === 1) return `${says}${lock ? ', then locked' : ''}`;
  const took = (last.eventLogDate?.getTime() ?? 0) - (first.eventLogDate?.getTime() ?? 0);
  return `${events.length} × ${says} ${spanWords(took)}${lock ? ', then locked' : ''}`;
}

function spanWords(ms: number): string {
  const minutes = Math.round(ms / MINUTE);
  if (minutes < 1) return 'within a minute';
  return minutes < 90 ? `in ${minutes} min` : `in ${Math.round(minutes / 60)} h`;
}

/** When it ended. */
export const endOf = ({ events, lock }: Group): Date | undefined =>
  lock?.eventLogDate ?? events.at(-1)?.eventLogDate;

/** Whether the user did not get in, as far as is known. */
export const didFail = ({ meaning, events: [{ eventLevel = '' }] }: Group): boolean =>
  meaning ? meaning.is === 'failed' || meaning.is === 'locked' : /^error$/i.test(eventLevel);

/** The newest event that says that the user got in. */
export const lastSignIn = (events: readonly AuthEvent[]): AuthEvent | undefined =>
  events.find(({ eventCode }) => {
    const meaning = meaningOfEvent(eventCode);
    return meaning?.is === 'worked' || meaning?.gotIn;
  });

/** What has kept the user out since they last got in, newest first. */
export function sinceThen(groups: readonly Group[], gotIn: AuthEvent | undefined): Group[] {
  const at = gotIn?.eventLogDate?.getTime();
  const isSince = (group: Group) => at === undefined || (endOf(group)?.getTime() ?? 0) > at;
  return groups.filter((group) => didFail(group) && isSince(group));
}

/** What says what to do about it: the lock, if it ended with one. */
export const answerTo = ({
  meaning,
  lock,
}: Group): Pick<Meaning, 'next' | 'change' | 'meanwhile'> =>
  (lock && meaningOfEvent(lock.eventCode)) ?? meaning ?? {};
