import { defineConfig, type Plugin } from 'vite';

/**
 * One letter beyond ASCII, and V8 keeps the whole source with two bytes for each. As escapes they mean the same, wherever
 * they stand.
 */
const ascii: Plugin = {
  name: 'ascii',
  generateBundle(_, files) {
    for (const file of Object.values(files)) {
      if (file.type === 'chunk') file.code = file.code.replaceAll(/[^\0-\x7f]/g, escaped);
    }
  },
};

const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * The product in one file, behind tsc: it starts in little more than half the time. Left out is what is loaded only
 * when it is needed (`createRequire`). Nothing is minified, so that a stack can be read.
 */
export default defineConfig({
  publicDir: false,
  plugins: [ascii],
  logLevel: 'error',
  ssr: { noExternal: true },
  build: {
    ssr: 'main.ts',
    outDir: '../dist',
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    rollupOptions: { output: { entryFileNames: 'main.js' } },
  },
});
