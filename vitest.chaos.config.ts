import { defineConfig } from 'vitest/config';

/** The bot under faults, in real time: `npm run test:chaos`. One file after the other, since each measures time. */
export default defineConfig({
  test: {
    include: ['test/chaos/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 280_000,
    hookTimeout: 60_000,
  },
});
