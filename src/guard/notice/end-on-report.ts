import { AuditError } from '../../audit/index.ts';
import { whyRefused } from '../../desk/failures.ts';
import type { Call } from '../../desk/operation.ts';
import { type CallOptions, SecurIDError, type UserKey } from '../../securid/index.ts';
import { whyFailed } from '../audit-channel/reasons.ts';
import type { Change, OnReport } from '../change/change.ts';
import { failureWords, mayHaveHappened } from '../change/outcome.ts';
import type { GuardServices } from '../services.ts';
import type { Report } from './reports.ts';

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

export function createEndOnReport(services: GuardServices): EndOnReport {
  const { securid, authenticatorApi, audit, clock, changes } = services;

  /** The record now; `undefined` if the address leads to somebody else. */
  async function find({ target, email = '' }: Report, options: CallOptions) {
    const key: UserKey = { email };
    const user = email ? await securid.users.find(key, { ...options, fresh: true }) : undefined;
    return user?.id === target ? { user, key } : undefined;
  }

  async function end(
    change: Ending,
    report: Report,
    { securid: options, log }: Pick<Call, 'securid' | 'log'>,
  ): Promise<Ended[]> {
    const { onReport } = change;
    const { target, incident } = report;
    const row = { operation: change.name, target, incident, reason: REASON };
    let mayBeSent = false;
    const until = Math.min(options.until, clock.elapsed() + END_WITHIN);
    const asking = { ...options, until };
    try {
      const found = await find(report, asking);
      if (!found) return [{ ...onReport, how: 'not ended', why: NOBODY }];
      if (!onReport.isThere(found.user)) return [];
      const input = change.settle(found.user);
      const unable = change.unable(found.user, input);
      if (unable !== undefined) return [{ ...onReport, how: 'not ended', why: unable }];
      const atTurn = async () => {
        await audit.write({ ...row, event: 'intent', input });
        mayBeSent = true;
      };
      await change.perform({ ...found, input, securid, authenticatorApi }, { ...asking, atTurn });
      await audit.note({ ...row, event: 'done', input });
      return [{ ...onReport, how: 'ended' }];
    } catch (error) {
      log.error({ err: error, target }, `${change.words.thing} after a report failed`);
      const isUnknown = mayBeSent && mayHaveHappened(error);
      if (mayBeSent) {
        const event = isUnknown ? 'unknown' : 'not done';
        await audit.note({ ...row, event, failure: failureWords(error) });
      }
      if (mayBeSent && (await isGone(change, report, asking)))
        return [{ ...onReport, how: 'ended' }];
      const why = whyNot(error, change);
      return [{ ...onReport, how: isUnknown ? 'unknown' : 'not ended', why }];
    }
  }

  /** An answer was lost, or RSA says that it is already so: the record tells. */
  async function isGone(change: Ending, report: Report, options: CallOptions): Promise<boolean> {
    const found = await find(report, options).catch(() => undefined);
    return found !== undefined && !change.onReport.isThere(found.user);
  }

  function whyNot(error: unknown, { say }: Change): string {
    if (error instanceof AuditError) return NO_ROW;
    const isRefused = error instanceof SecurIDError && error.code === 'REFUSED';
    return isRefused
      ? whyRefused(error, say.refusals)
      : `${whyFailed(failureWords(error), changes)}.`;
  }

  return async (report, call) => {
    const endings = changes.on.filter(hasEnding).map((change) => end(change, report, call));
    return (await Promise.all(endings)).flat();
  };
}

/** In the rows. */
const REASON = 'the user reported a change';

const NOBODY = 'Their e-mail address no longer leads to their record in SecurID.';
const NO_ROW = 'The audit trail cannot be written.';
