import { defineConfig } from 'vitest/config';

/** The bot under faults, in real time: `npm run test:chaos`. */
export default defineConfig({
  test: {
    include: ['test/chaos/**/*.test.ts'],
    globalSetup: 'test/chaos/support/before.ts',
    // Most of the time is waiting, and more at once would be measured as slowness of the bot.
    maxWorkers: 2,
    testTimeout: 280_000,
    hookTimeout: 60_000,
  },
});
