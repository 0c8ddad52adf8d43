type Cause = { code?: string; syscall?: unknown };

/**
 * Why a connection failed: Node's or undici's code below an error, such as `ENOTFOUND` or `CERT_HAS_EXPIRED`,
 * which reveals nothing that was sent. If several addresses failed, the first one's.
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
