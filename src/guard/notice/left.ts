import { meaningOf, type Row } from '../../audit/index.ts';
import { changeOf } from '../change/rows.ts';
import type { GuardServices } from '../services.ts';
import { addedSince } from './added-devices.ts';
import type { Alert } from './alert.ts';
import type { EndOnReport } from './end-on-report.ts';
import { nobodyTold } from './nobody-told.ts';
import type { Reports } from './reports.ts';

/** The failure in the row of a notice that nobody retries any more. */
const ENDED = 'the process ended';

/** After these failures security has already been told. */
const SAID = new Set<Row['failure']>(['not in Slack', ENDED]);

/** Older changes are not reported. A start without a state reads far back. */
const RECENT = 24 * 60 * 60_000;

/** How long to wait for SecurID to list added devices, in milliseconds. */
const DEVICES_WITHIN = 4000;

/**
 * Posts to SECURID_SECURITY_CHANNEL what a killed process could not: changes whose user was not
 * notified, and reports. It may post twice. Never throws.
 * @param rows of the audit trail that may be newer than the state
 */
export type TellLeft = (rows: Row[]) => Promise<void>;

/** One request may make two changes, and the user is told of each. */
const matterOf = (row: Pick<Row, 'incident' | 'operation'>) => `${row.incident} ${changeOf(row)}`;

export function createTellLeft(
  services: GuardServices,
  reports: Reports,
  { post: alert, endOnReport }: { post: Alert; endOnReport: EndOnReport },
): TellLeft {
  const { audit, blocks, clock, log, changes, securityChannel, securityDigest } = services;
  const { lasting } = services.slack;

  const isRecent = ({ time }: Row) => Date.parse(time) > clock.now() - RECENT;

  async function tellChanges(rows: Row[]): Promise<void> {
    const isSaid = ({ event, failure }: Row) =>
      event === 'told' || (event === 'not told' && SAID.has(failure));
    const said = new Set(rows.filter(isSaid).map(matterOf));
    for (const row of rows) {
      if (row.event !== 'done' || said.has(matterOf(row)) || !isRecent(row)) continue;
      const text = changes.textOf(changeOf(row));
      // Without an actor it was the app itself, after a report.
      if (text.risk === 'refreshes' || row.actor === undefined) continue;
      const { actor, team, channel, operation, target = '', approver, incident } = row;
      const who = { actor, team, channel, operation, target, incident };
      await audit.note({ ...who, event: 'not told', failure: ENDED });
      securityDigest.add(
        nobodyTold(text, { name: target, agent: actor, approver, incident }, 'ended'),
      );
    }
  }

  /** Of two steps, a killed process may have left the second unbegun. The trail then says so. */
  async function noteUnbegun(rows: Row[]): Promise<void> {
    const changes = rows.filter((row) => meaningOf(row.event).change);
    const refused = rows.filter(({ event }) => event === 'refusal');
    const begun = new Set([...changes, ...refused].map(matterOf));
    for (const row of changes) {
      const { before: operation } = row.input ?? {};
      const unbegun = operation && matterOf({ ...row, operation });
      if (!unbegun || begun.has(unbegun) || !isRecent(row)) continue;
      begun.add(unbegun);
      const { actor, team, channel, target, approver, incident } = row;
      const who = { actor, team, channel, operation, target, approver, incident };
      await audit.note({ ...who, event: 'not done', failure: ENDED });
    }
  }

  async function tellReports(): Promise<void> {
    for (const report of reports.withoutAlert()) {
      const { target } = report;
      const isOpen = await blocks.isBlocked(target).catch(() => true);
      // Without a channel no report ever has an alert.
      const isLeft = securityChannel !== undefined || report.reportedAt > clock.now() - RECENT;
      if (!isOpen || !isLeft) continue;
      const until = clock.elapsed() + DEVICES_WITHIN;
      const about = { securid: { lane: target, took: () => {}, until }, log };
      const [added, ended] = await Promise.all([
        addedSince(services, report, about),
        endOnReport(report, about),
      ]);
      if (securityChannel) void lasting(alert(report, { added, ended, log }));
    }
  }

  return async (rows) => {
    await Promise.all([noteUnbegun(rows), tellChanges(rows), tellReports()]);
  };
}
