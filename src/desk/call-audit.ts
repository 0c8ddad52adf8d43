import type { Entry } from '../audit/index.ts';

/** Who and where is the asker's, unless it says otherwise. */
type Details = Partial<Omit<Entry, 'event'>>;

/** Rows about this call in the audit trail. */
export type CallAudit = {
  /** @throws AuditError when the row is not on disk */
  write(event: Entry['event'], details?: Details): Promise<void>;
  /** A failure is logged and goes no further. Whether the row is on disk. */
  note(event: Entry['event'], details?: Details): Promise<boolean>;
  /** Rows about a change, by its name, that this call asks for or leads to. */
  of(change: string): CallAudit;
};
