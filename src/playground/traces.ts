import { randomUUID } from 'node:crypto';
import { INTERACTION } from './interactions.ts';
import type { Trace, TracedCall } from './page-protocol.ts';
import type { Playground } from './start.ts';
import type { TenantRequest } from './tenant/index.ts';
import type { Acknowledgement } from './workspace/index.ts';

/** Values to leave out: nobody needs them in order to follow a request. */
const SECRET = /^(deviceRegistrationCode|client_assertion|access_token)$/;
const MASKED = '•••••••••';

/** Traces each interaction: the acknowledgement, the tenant's requests, the audit rows and the bot's log. */
export function createTraces(
  { tenant, interactions, onLog, onAuditRow }: Playground,
  changed: (trace: Trace) => void,
) {
  const calls = new Map<TenantRequest, { trace: Trace; call: TracedCall }>();
  const traces = new Map<string, Trace>();
  let latest: Trace | undefined;

  /** What belongs to no interaction is shown with the latest one. */
  const of = (interaction: unknown) => traces.get(String(interaction)) ?? latest;

  tenant.watch((request) => {
    const known = calls.get(request);
    const trace = known?.trace ?? of(request.headers[INTERACTION]);
    if (!trace) return;
    const call = traced(request);
    if (known) Object.assign(known.call, call);
    else {
      calls.set(request, { trace, call });
      trace.calls.push(call);
    }
    changed(trace);
  });
  onLog((line) => {
    const trace = of(interactions.current());
    if (!trace) return;
    trace.log.push(JSON.parse(line));
    changed(trace);
  });

  onAuditRow((row) => {
    const trace = of(interactions.current());
    if (!trace) return;
    trace.audit.push(row);
    changed(trace);
  });

  return {
    /** Does something in the workspace, and traces what follows. */
    async follow<T extends Came>(who: string, what: string, act: () => Promise<T>): Promise<T> {
      const id = traces.size + 1;
      const trace: Trace = { id, who, what, acknowledged: null, calls: [], audit: [], log: [] };
      const interaction = randomUUID();
      traces.set(interaction, trace);
      latest = trace;
      changed(trace);
      const came = await interactions.run(interaction, act);
      const { ok, ms, status } = came.acknowledged;
      trace.acknowledged = { ok, ms: Math.round(ms), status };
      changed(trace);
      return came;
    },
  };
}

type Came = { acknowledged: Acknowledgement };

const traced = (request: TenantRequest): TracedCall => ({
  method: request.method,
  path: request.path,
  status: request.status ?? null,
  ms: request.endedAt === undefined ? null : request.endedAt - request.startedAt,
  body: masked(request.body),
  answer: masked(request.answer),
});

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inside]) => [
      name,
      SECRET.test(name) ? MASKED : masked(inside),
    ]),
  );
}
