import { defineConfig } from 'vite';

/** Builds the playground's page; tsc builds everything else. */
export default defineConfig({
  logLevel: 'warn',
  build: {
    outDir: '../../../dist/playground/page',
    emptyOutDir: true,
    // The Block Kit renderer is large, but the page comes from this machine.
    chunkSizeWarningLimit: 2000,
  },
});
