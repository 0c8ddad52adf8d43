import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { createSeries, PREFIX } from './series.ts';

/** How the SecurID client is doing. */
type PaceState = {
  queued: number;
  running: number;
  /** How long nothing is sent, in milliseconds. */
  pausedFor: number;
  requestsPerSecond: number;
  /** Whether the rate was learned rather than configured. */
  learned: boolean;
};

/** The allowed label values. Anything else becomes `NO_LABEL`. */
type Labels = {
  /** Asked for when something is counted: operations come into being later. */
  operations: () => readonly string[];
  /** The names of the changes. */
  changes: readonly string[];
  outcomes: readonly string[];
  rules: readonly string[];
  /** The tenant's APIs, as documented. */
  apis: readonly string[];
  slackMethods: readonly string[];
};

/** The part of an audit row that is counted. */
type Happening = {
  event: string;
  operation?: string | undefined;
  reason?: string | undefined;
  failure?: string | undefined;
};

/** The metric that an event counts for, and as what; `because` overrides it by reason or failure. */
type Counts =
  | { as: 'change' | 'refusal' | 'report' }
  | { as: 'approval' | 'notice'; outcome: string; because?: Record<string, string> };

/** Durations are in milliseconds. */
export type Metrics = {
  acknowledged(ms: number): void;
  /** A request ended. */
  asked(operation: string, outcome: string, ms: number): void;
  /** The tenant answered; without a status there was no answer. */
  securidAnswered(api: string, status: number | undefined, ms: number): void;
  slackAnswered(method: string, outcome: 'ok' | 'refused' | 'failed'): void;
  happened(row: Happening): void;
  auditFailed(): void;
  /** In Prometheus' text format. */
  text(): Promise<string>;
  contentType: string;
};

export const NO_LABEL = 'unknown';

const STATUSES = [200, 301, 302, 400, 401, 403, 404, 409, 429, 500, 502, 503, 504].map(String);

type Options = {
  labels: Labels;
  /** The events of the audit trail that are counted. */
  events: Readonly<Record<string, Counts>>;
  pace: () => PaceState | undefined;
  /** Whether the state was lost before the start. */
  isStateLost: () => boolean;
  /** How many messages wait for Slack. */
  waitingForSlack?: () => number;
  /** Whether to report on the Node process too, of which there is only one. */
  ofProcess: boolean;
};

/** Counts what happens. Every label is from a closed set. */
export function createMetrics(options: Options): Metrics {
  const { labels, events, pace, ofProcess } = options;
  const registry = new Registry();
  const registers = [registry];
  if (ofProcess) collectDefaultMetrics({ register: registry });

  const series = createSeries(registers);
  const { requests, acknowledgement, answer, securid, slack } = series;
  const { changes, refusals, reports, auditFailures, told } = series;
  exposePace(pace, registers);
  exposeState(options, registers);

  // Starts at zero, so that the first event shows as an increase.
  for (const [event, counts] of Object.entries(events)) {
    if (counts.as === 'change') {
      for (const operation of labels.changes) changes.inc({ operation, outcome: event }, 0);
    }
    if (!('outcome' in counts)) continue;
    for (const outcome of [counts.outcome, ...Object.values(counts.because ?? {})]) {
      told[counts.as].inc({ outcome }, 0);
    }
  }
  for (const rule of labels.rules) refusals.inc({ rule }, 0);

  return {
    acknowledged: (ms) => acknowledgement.observe(seconds(ms)),
    asked(what, how, ms) {
      const operation = closed(what, labels.operations());
      requests.inc({ operation, outcome: closed(how, labels.outcomes) });
      answer.observe({ operation }, seconds(ms));
    },
    securidAnswered(api, status, ms) {
      const known = status === undefined ? 'none' : closed(String(status), STATUSES);
      securid.observe({ api: closed(api, labels.apis), status: known }, seconds(ms));
    },
    slackAnswered(method, outcome) {
      slack.inc({ method: closed(method, labels.slackMethods), outcome });
    },
    happened({ event, operation = '', reason, failure }) {
      const counts = events[event];
      if (counts?.as === 'change') {
        changes.inc({ operation: closed(operation, labels.changes), outcome: event });
      }
      if (counts?.as === 'report' && !failure) reports.inc();
      // Others are about roles, not changes.
      if (counts?.as === 'refusal' && reason && labels.rules.includes(reason)) {
        refusals.inc({ rule: reason });
      }
      if (!counts || !('outcome' in counts)) return;
      const outcome = counts.because?.[reason ?? failure ?? ''] ?? counts.outcome;
      told[counts.as].inc({ outcome });
    },
    auditFailed: () => auditFailures.inc(),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** Never negative, even if the clock was set back. */
const seconds = (ms: number) => Math.max(ms, 0) / 1000;

const closed = (value: string, known: readonly string[]) =>
  known.includes(value) ? value : NO_LABEL;

/** Read when somebody asks for them. */
function exposeState({ isStateLost, waitingForSlack = () => 0 }: Options, registers: Registry[]) {
  new Gauge({
    name: `${PREFIX}slack_waiting`,
    help: 'Messages that wait for their turn in a channel, or for Slack.',
    registers,
    collect() {
      this.set(waitingForSlack());
    },
  });
  new Gauge({
    name: `${PREFIX}state_lost`,
    help: '1 while the app is in lockdown because its state file was missing or out of date.',
    registers,
    collect() {
      this.set(Number(isStateLost()));
    },
  });
}

function exposePace(pace: () => PaceState | undefined, registers: Registry[]): void {
  const gauge = (name: string, help: string, read: (state: PaceState) => number) =>
    new Gauge({
      name: `${PREFIX}${name}`,
      help,
      registers,
      collect() {
        const state = pace();
        if (state) this.set(read(state));
      },
    });
  gauge('securid_queued', 'Requests that wait for their turn.', ({ queued }) => queued);
  gauge('securid_running', 'Requests under way.', ({ running }) => running);
  gauge(
    'securid_paused_seconds',
    'For how long no request is sent.',
    (state) => state.pausedFor / 1000,
  );
  gauge(
    'securid_requests_per_second',
    'The pace, as configured or learned.',
    (state) => state.requestsPerSecond,
  );
  gauge('securid_pace_learned', '1 when the tenant taught that pace.', (state) =>
    Number(state.learned),
  );
}
