import { defineConfig } from 'vite';

/**
 * The product in one file, behind tsc: it starts in little more than half the time. Left out is what is loaded only
 * when it is needed (`createRequire`). Nothing is minified, so that a stack can be read.
 */
export default defineConfig({
  publicDir: false,
  logLevel: 'error',
  ssr: { noExternal: true },
  build: {
    ssr: 'src/main.ts',
    outDir: 'dist',
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    rollupOptions: { output: { entryFileNames: 'main.js' } },
  },
});
