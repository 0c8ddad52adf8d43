import { SecurIDError } from '../../securid/index.ts';

/** If a request was sent and the answer is unusable, the outcome is unknown. */
export function mayHaveHappened(error: unknown): boolean {
  if (!(error instanceof SecurIDError)) return true;
  return (error.code === 'UNAVAILABLE' || error.code === 'UNEXPECTED_RESPONSE') && error.sent;
}

/**
 * What failed, for the audit trail.
 * @param seen what the record told, if it was read again
 */
export const failureWords = (error: unknown, seen?: string) =>
  error instanceof SecurIDError
    ? [error.code, error.reason, seen].filter(Boolean).join(': ')
    : 'a defect';
