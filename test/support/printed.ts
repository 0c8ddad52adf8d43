import { join } from 'node:path';

/**
 * Where the suite keeps what was printed, and the secrets that must not be in it: `test/secrets` compares
 * them.
 */
export const OUTPUT = join(import.meta.dirname, '../../.test-output');

/** Everything this worker's bots logged and this worker printed. */
export const PRINTED = join(OUTPUT, `printed-${process.pid}-${process.env.VITEST_POOL_ID}.txt`);

/** One secret per line. */
export const SECRETS = join(OUTPUT, `secrets-${process.pid}-${process.env.VITEST_POOL_ID}.txt`);
