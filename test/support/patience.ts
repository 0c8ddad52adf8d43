/** How long a test waits, in milliseconds, for what comes at once on a machine that is not busy. */
export const PATIENCE = 45_000;
