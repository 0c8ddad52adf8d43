import { defineConfig } from 'vitest/config';

/** The page in a real browser: `npm run test:browser`, which builds it first. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
