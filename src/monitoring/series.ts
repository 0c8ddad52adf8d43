import { Counter, Histogram, type Registry } from 'prom-client';

/** Begins each name. */
export const PREFIX = 'securid_desk_';

/** Slack waits three seconds. */
const ACKNOWLEDGED = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];
/** Answers come within twenty seconds. */
const ANSWERED = [0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 20];
const TENANT = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15];

/** What is counted and measured as it happens. */
export function createSeries(registers: Registry[]) {
  const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Counter({ name: `${PREFIX}${name}`, help, labelNames, registers });
  const histogram = <L extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: L[] = [],
  ) => new Histogram({ name: `${PREFIX}${name}`, help, buckets, labelNames, registers });

  const requests = counter(
    'requests_total',
    'Commands, buttons and forms, by what was asked for and how it ended.',
    ['operation', 'outcome'],
  );
  const acknowledgement = histogram(
    'acknowledgement_seconds',
    'From hearing of a command, button or form to acknowledging it.',
    ACKNOWLEDGED,
  );
  const answer = histogram(
    'answer_seconds',
    'From beginning a command, button or form to its end.',
    ANSWERED,
    ['operation'],
  );
  const securid = histogram(
    'securid_call_seconds',
    'Requests to SecurID, by documented API and HTTP status; none means no complete answer.',
    TENANT,
    ['api', 'status'],
  );
  const slack = counter(
    'slack_calls_total',
    'Calls of Slack’s Web API and response URLs: ok, refused by Slack, or failed.',
    ['method', 'outcome'],
  );
  const changes = counter('changes_total', 'Changes asked of SecurID, and how they ended.', [
    'operation',
    'outcome',
  ]);
  const refusals = counter('change_refusals_total', 'Changes refused, by rule.', ['rule']);
  const approvals = counter('approvals_total', 'Requests for approval.', ['outcome']);
  const notices = counter('notices_total', 'Direct messages about a change.', ['outcome']);
  const reports = counter('reports_total', 'Changes reported as not asked for.');
  const auditFailures = counter('audit_failures_total', 'Audit rows that were not written.');

  return {
    ...{ requests, acknowledgement, answer, securid, slack, changes, refusals, reports },
    ...{ auditFailures, told: { approval: approvals, notice: notices } },
  };
}
