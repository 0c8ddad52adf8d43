import type { Symptom } from '../troubleshooting.ts';

/** The trail could not be written; the message says why. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
  readonly symptom: Symptom = 'the-audit-trail-cannot-be-written';
}

export const cannot = (why: string) => new AuditError(`the audit trail cannot be written (${why})`);
