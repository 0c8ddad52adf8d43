import { AuditError } from '../../audit/index.ts';
import { whyRefused } from '../../desk/failures.ts';
import type { Call } from '../../desk/operation.ts';
import type { Log } from '../../log.ts';
import {
  type CallOptions,
  SecurIDError,
  type UserDetails,
  type UserKey,
} from '../../securid/index.ts';
import { whyFailed } from '../audit-channel/reasons.ts';
import type { Input } from '../change/asked.ts';
import type { Change, OnReport } from '../change/change.ts';
import type { Changes } from '../change/changes.ts';
import { failureWords, mayHaveHappened } from '../change/outcome.ts';
import type { GuardServices } from '../services.ts';
import type { Report, Reports } from './reports.ts';

/** An alert waits no longer for what a report ends, in milliseconds. */
const END_WITHIN = 4000;

/** What a report ended, or why it could not. */
export type Ended = OnReport & {
  how: 'ended' | 'not ended' | 'unknown';
  /** A sentence, for what was not ended. */
  why?: string;
};

/**
 * Ends at once what changes declare for a report, such as emergency access. The app does it by itself and
 * on record; nothing is said of what there was not. Never throws.
 */
export type EndOnReport = (report: Report, call: Pick<Call, 'securid' | 'log'>) => Promise<Ended[]>;

type Ending = Change & { onReport: OnReport };

const hasEnding = (change: Change): change is Ending => change.onReport !== undefined;

export function createEndOnReport(services: GuardServices, reports: Reports): EndOnReport {
  const { clock, changes } = services;
  const find = createFind(services);
  const ask = createAsk(services, reports, find);

  async function end(
    change: Ending,
    report: Report,
    { securid: options, log }: Pick<Call, 'securid' | 'log'>,
  ): Promise<Ended | undefined> {
    const { onReport } = change;
    const until = Math.min(options.until, clock.elapsed() + END_WITHIN);
    const asking = { ...options, until };
    try {
      const found = await find(report, asking);
      if (!found) return { ...onReport, how: 'not ended', why: NOBODY };
      const isThere = onReport.isThere(found.user);
      if (isThere === false) return undefined;
      if (isThere === undefined) return { ...onReport, how: 'not ended', why: UNTOLD };
      // An earlier process asked for it, and nothing is asked for twice.
      if (report.endingAsked) return { ...onReport, how: 'unknown', why: ASKED };
      const input = change.settle(found.user);
      const unable = change.unable(found.user, input);
      if (unable !== undefined) return { ...onReport, how: 'not ended', why: unable };
      return await ask(change, report, { ...found, input }, { options: asking, log });
    } catch (error) {
      log.error({ err: error, target: report.target }, `${change.words.thing} was not asked for`);
      return { ...onReport, how: 'not ended', why: whyNot(error, change, changes) };
    }
  }

  return async (report, call) => {
    const endings = changes.on.filter(hasEnding).map((change) => end(change, report, call));
    return (await Promise.all(endings)).filter((one) => one !== undefined);
  };
}

/** Finds the record as it is now; `undefined` if the address leads to somebody else. */
const createFind =
  ({ securid }: GuardServices) =>
  async ({ target, email = '' }: Report, options: CallOptions) => {
    const key: UserKey = { email };
    const user = email ? await securid.users.find(key, { ...options, fresh: true }) : undefined;
    return user?.id === target ? { user, key } : undefined;
  };

/** Asks SecurID once, and writes the rows. */
function createAsk(services: GuardServices, reports: Reports, find: ReturnType<typeof createFind>) {
  const { securid, authenticatorApi, audit, changes } = services;

  /** An answer was lost, or RSA says that it is already so: the record tells. */
  async function isGone(change: Ending, report: Report, options: CallOptions): Promise<boolean> {
    const found = await find(report, options).catch(() => undefined);
    return found !== undefined && change.onReport.isThere(found.user) === false;
  }

  return async (
    change: Ending,
    report: Report,
    about: { user: UserDetails; key: UserKey; input: Input },
    { options, log }: { options: CallOptions; log: Log },
  ): Promise<Ended> => {
    const { onReport } = change;
    const { target, incident } = report;
    const { input } = about;
    const row = { operation: change.name, target, incident, reason: REASON, input };
    let isRecorded = false;
    // Called before each attempt: RSA may refuse one for being too many.
    const atTurn = async () => {
      if (isRecorded) return;
      await audit.write({ ...row, event: 'intent' });
      await reports.keep({ ...report, endingAsked: true });
      isRecorded = true;
    };
    try {
      await change.perform({ ...about, securid, authenticatorApi }, { ...options, atTurn });
      await audit.note({ ...row, event: 'done' });
      return { ...onReport, how: 'ended' };
    } catch (error) {
      log.error({ err: error, target }, `${change.words.thing} after a report failed`);
      const why = whyNot(error, change, changes);
      if (!isRecorded) return { ...onReport, how: 'not ended', why };
      const isUnknown = mayHaveHappened(error);
      const event = isUnknown ? 'unknown' : 'not done';
      await audit.note({ ...row, event, failure: failureWords(error) });
      if (await isGone(change, report, options)) return { ...onReport, how: 'ended' };
      return { ...onReport, how: isUnknown ? 'unknown' : 'not ended', why };
    }
  };
}

/** A sentence: why it was not ended. */
function whyNot(error: unknown, { say }: Change, changes: Changes): string {
  if (error instanceof AuditError) return NO_ROW;
  const isRefused = error instanceof SecurIDError && error.code === 'REFUSED';
  return isRefused
    ? whyRefused(error, say.refusals)
    : `${whyFailed(failureWords(error), changes)}.`;
}

/** In the rows. */
const REASON = 'the user reported a change';

const NOBODY = 'Their e-mail address no longer leads to their record in SecurID.';
const UNTOLD = 'SecurID does not say whether there is any.';
const ASKED =
  'SecurID Desk asked for it and stopped before it had an answer, and it is still there.';
const NO_ROW = 'The audit trail cannot be written.';
