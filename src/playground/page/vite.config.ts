import { defineConfig } from 'vite';

/** The playground's page; everything else is built by tsc. */
export default defineConfig({
  logLevel: 'warn',
  build: {
    outDir: '../../../dist/playground/page',
    emptyOutDir: true,
    // Block Kit's renderer brings most of it, and the page comes from this machine.
    chunkSizeWarningLimit: 2000,
  },
});
