type Cause = { code?: string; syscall?: unknown };

/**
 * Why there was no connection or no whole answer: the code of Node's or undici's under an error, such as `ENOTFOUND` or
 * `CERT_HAS_EXPIRED`, which tells nothing of what was sent. Of several addresses that failed, the first.
 */
export function causeOf(error: unknown): Cause {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 6; depth++) {
    if ('code' in cause && typeof cause.code === 'string' && /^[A-Z][A-Z\d_]+$/.test(cause.code)) {
      return { code: cause.code, syscall: 'syscall' in cause ? cause.syscall : undefined };
    }
    if (cause.name === 'TimeoutError') return { code: 'TIMEOUT' };
    cause = cause instanceof AggregateError ? cause.errors[0] : cause.cause;
  }
  return {};
}
