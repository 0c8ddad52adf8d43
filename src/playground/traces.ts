import type { Trace, TracedCall } from './page-protocol.ts';
import type { Playground } from './start.ts';
import type { TenantRequest } from './tenant/index.ts';
import type { Acknowledgement } from './workspace/index.ts';

/** Properties whose values nobody needs to see in order to follow a request. */
const SECRET = /^(deviceRegistrationCode|client_assertion|access_token)$/;
const MASKED = '•••••••••';

/** Follows each interaction on its way: the acknowledgement, the tenant's part, the bot's log. */
export function createTraces({ tenant, onLog }: Playground, changed: (trace: Trace) => void) {
  const calls = new Map<TenantRequest, { trace: Trace; call: TracedCall }>();
  let latest: Trace | undefined;
  let count = 0;

  tenant.watch((request) => {
    const known = calls.get(request);
    const trace = known?.trace ?? latest;
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
    if (!latest) return;
    latest.log.push(JSON.parse(line));
    changed(latest);
  });

  return {
    /** What comes from now on came of this. */
    begin(who: string, what: string): Trace {
      count += 1;
      latest = { id: count, who, what, acknowledged: null, calls: [], log: [] };
      changed(latest);
      return latest;
    },
    acknowledged(trace: Trace, { ok, ms, status }: Acknowledgement): void {
      trace.acknowledged = { ok, ms: Math.round(ms), status };
      changed(trace);
    },
  };
}

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
