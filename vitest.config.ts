import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: 'test/support/empty-output.ts',
    // Stories end by themselves; this is for a machine that is busy with something else.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'stories',
          include: ['test/**/*.test.ts'],
          exclude: ['test/secrets.test.ts', 'test/browser/**', 'test/slow/**', 'test/chaos/**'],
          setupFiles: 'test/support/keep-output.ts',
          sequence: { groupOrder: 0 },
        },
      },
      // Reads what all the others printed, and so comes after them.
      {
        extends: true,
        test: {
          name: 'secrets',
          include: ['test/secrets.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
