import type { ReactNode } from 'react';
import type { Persona, Trace, TracedCall } from '../page-protocol.ts';

/** The traffic between Slack, the bot and the tenant, latest first. */
export function Happened({ traces, personas }: { traces: Trace[]; personas: Persona[] }) {
  const nameOf = (who: string) => personas.find(({ id }) => id === who)?.name ?? who;
  return (
    <section className="happened" aria-labelledby="happened">
      <h2 id="happened">What happened</h2>
      {traces.length === 0 && <p className="empty">Each command leaves its trace here.</p>}
      <ol>
        {traces.toReversed().map((trace) => (
          <li key={trace.id} className="trace">
            <p className="what">
              <strong>{nameOf(trace.who)}</strong> <code>{trace.what}</code>
            </p>
            <p className="acknowledged">{acknowledgement(trace)}</p>
            <ul>
              {trace.calls.map((call, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: calls are only ever added at the end
                <Call key={index} call={call} />
              ))}
            </ul>
            {trace.audit.map((row) => (
              <Written key={`audit ${row.seq}`} row={row}>
                audit: {row.event} <code>{row.target}</code>
              </Written>
            ))}
            {trace.log.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows are only ever added at the end
              <Written key={`log ${index}`} row={row}>
                log: {String(row.msg)} {row.incident ? <code>{String(row.incident)}</code> : null}
              </Written>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** A line of the log or a row of the audit trail, which unfolds. */
function Written({ row, children }: { row: Record<string, unknown>; children: ReactNode }) {
  return (
    <details className="log-row">
      <summary>{children}</summary>
      <pre>{JSON.stringify(row, null, 2)}</pre>
    </details>
  );
}

function acknowledgement({ acknowledged }: Trace): string {
  if (!acknowledged) return 'not acknowledged yet';
  const { ok, ms, status } = acknowledged;
  if (ok && status === 0) return 'nothing sent to the bot';
  return ok ? `acknowledged in ${ms} ms` : `not acknowledged (${status || 'no answer'})`;
}

function Call({ call: { method, path, status, ms, body, answer } }: { call: TracedCall }) {
  const [route] = path.replace('/AdminInterface/restapi/', '').split('?');
  return (
    <li>
      <details>
        <summary>
          <code>
            {method} {route}
          </code>{' '}
          <span className={status === 200 ? 'good' : 'bad'}>
            {status ?? (ms === null ? '…' : 'no answer')}
          </span>{' '}
          {ms !== null && <span className="ms">{ms} ms</span>}
        </summary>
        {body !== undefined && <pre>{JSON.stringify(body, null, 2)}</pre>}
        {answer !== undefined && (
          <pre>{typeof answer === 'string' ? answer : JSON.stringify(answer, null, 2)}</pre>
        )}
      </details>
    </li>
  );
}
