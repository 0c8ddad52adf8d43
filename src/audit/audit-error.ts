/** The trail could not be written; the message says why. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
}

export const cannot = (why: string) => new AuditError(`the audit trail cannot be written (${why})`);
