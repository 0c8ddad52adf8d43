import type { Entry } from '../audit/index.ts';

/** The actor and the place are the asker's unless given. */
type Details = Partial<Omit<Entry, 'event'>>;

/** Writes audit rows about this call. */
export type CallAudit = {
  /** @throws AuditError if the row is not on disk */
  write(event: Entry['event'], details?: Details): Promise<void>;
  /** A failure is only logged. @returns whether the row is on disk */
  note(event: Entry['event'], details?: Details): Promise<boolean>;
  /** The same for a change that this call asks for or leads to. */
  of(change: string): CallAudit;
};
