import { defineConfig } from 'vitest/config';

/** Each script of `package.json` names its projects; they run one after the other where it names several. */
export default defineConfig({
  test: {
    // Tests end by themselves; this is for a machine that is busy with something else.
    testTimeout: 60_000,
    // A hook may wait until another file has built the product.
    hookTimeout: 240_000,
    // Tells the test files of one run from those of the next.
    env: { TEST_RUN: String(process.pid) },
    projects: [
      {
        extends: true,
        test: {
          name: 'stories',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/secrets.test.ts',
            'test/browser/**',
            'test/nodes/**',
            'test/slow/**',
            'test/chaos/**',
          ],
          globalSetup: ['test/support/empty-output.ts', 'test/support/list-wording.ts'],
          setupFiles: 'test/support/keep-output.ts',
          // One for each core; by default one core stays idle, though the stories often wait.
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      // Reads what all the stories printed, and so comes after them.
      {
        extends: true,
        test: {
          name: 'secrets',
          include: ['test/secrets.test.ts'],
          globalSetup: 'test/support/whole-run.ts',
          sequence: { groupOrder: 1 },
        },
      },
      // The page in a real browser.
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          sequence: { groupOrder: 2 },
        },
      },
      // Under every Node that the product may run on.
      {
        extends: true,
        test: {
          name: 'nodes',
          include: ['test/nodes/**/*.test.ts'],
          globalSetup: 'test/nodes/support/before.ts',
          // Installs and builds, once for each Node.
          maxWorkers: 2,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 3 },
        },
      },
      // What takes minutes.
      {
        extends: true,
        test: {
          name: 'slow',
          include: ['test/slow/**/*.test.ts'],
          testTimeout: 600_000,
          sequence: { groupOrder: 4 },
        },
      },
      // The bot under faults, in real time.
      {
        extends: true,
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.test.ts'],
          globalSetup: 'test/chaos/support/before.ts',
          // Most of the time is waiting, and more at once would be measured as slowness of the bot.
          maxWorkers: 2,
          testTimeout: 280_000,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
