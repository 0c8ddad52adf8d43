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

/** Where undici keeps what the product uses of it, by `http/fetch.ts` and by `@slack/socket-mode`. */
const PARTS: Record<string, string> = {
  Agent: 'require("undici/lib/dispatcher/agent.js")',
  buildConnector: 'require("undici/lib/core/connect.js")',
  errors: 'require("undici/lib/core/errors.js")',
  fetch: 'require("undici/lib/web/fetch/index.js").fetch',
  Headers: 'require("undici/lib/web/fetch/headers.js").Headers',
  FormData: 'require("undici/lib/web/fetch/formdata.js").FormData',
  WebSocket: 'require("undici/lib/web/websocket/websocket.js").WebSocket',
  ping: 'require("undici/lib/web/websocket/websocket.js").ping',
  CloseEvent: 'require("undici/lib/web/websocket/events.js").CloseEvent',
  ErrorEvent: 'require("undici/lib/web/websocket/events.js").ErrorEvent',
  MessageEvent: 'require("undici/lib/web/websocket/events.js").MessageEvent',
};

/** What `http/proxied.ts` needs in addition. That file is loaded only if there is a proxy. */
const PROXY_PARTS: Record<string, string> = {
  EnvHttpProxyAgent: 'require("undici/lib/dispatcher/env-http-proxy-agent.js")',
  Pool: 'require("undici/lib/dispatcher/pool.js")',
};

/** As undici's own `index.js` gives it to every dispatcher. */
const CONNECT =
  'require("undici/lib/dispatcher/dispatcher.js").prototype.connect = require("undici/lib/api/api-connect.js");';

const assigned = (parts: Record<string, string>) =>
  Object.entries(parts)
    .map(([name, part]) => `exports.${name} = ${part};`)
    .join('\n');

/**
 * Leaves out of undici what nobody uses: the whole is a quarter of all that is read at the start. Fails if
 * something is used that is not among the parts.
 */
const leanUndici: Plugin = {
  name: 'lean-undici',
  enforce: 'pre',
  resolveId(id, importer = '') {
    if (id !== 'undici') return undefined;
    return importer.endsWith('/http/proxied.ts') ? '\0undici-proxy' : '\0undici';
  },
  load(id) {
    if (id === '\0undici') return assigned(PARTS);
    return id === '\0undici-proxy' ? `${assigned(PROXY_PARTS)}\n${CONNECT}` : undefined;
  },
  generateBundle(_, files) {
    for (const file of Object.values(files)) {
      const used =
        file.type === 'chunk'
          ? file.code.matchAll(/\b(?:undici_\d+|import__undici\w*)\.(\w+)/g)
          : [];
      for (const [, name = ''] of used) {
        if (!(name in PARTS) && !(name in PROXY_PARTS))
          this.error(`undici's ${name} is used, but is not among the parts`);
      }
    }
  },
};

/**
 * Leaves out the letter tables of East Asian encodings, in which nobody writes to the product: body-parser's
 * iconv-lite reads each only when a request names it.
 */
const withoutLetterTables: Plugin = {
  name: 'without-letter-tables',
  enforce: 'pre',
  resolveId: (id, importer = '') =>
    id.startsWith('./tables/') && importer.endsWith('iconv-lite/encodings/dbcs-data.js')
      ? { id: `iconv-lite/encodings/${id.slice(2)}`, external: true }
      : undefined,
};

/**
 * The product in one file, behind tsc: it starts in little more than half the time. Left out is what is loaded only
 * when it is needed (`import()`), each in a file beside it. Nothing is minified, so that a stack can be read.
 */
export default defineConfig({
  publicDir: false,
  plugins: [leanUndici, withoutLetterTables, ascii],
  logLevel: 'error',
  ssr: { noExternal: true },
  build: {
    ssr: 'main.ts',
    outDir: '../dist',
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    // Most licenses ask that they go with the code.
    license: { fileName: 'THIRD-PARTY.md' },
    rollupOptions: {
      // What both use stays in `main.js`, which is then not to be awaited by what it loads.
      preserveEntrySignatures: 'allow-extension',
      output: {
        entryFileNames: 'main.js',
        chunkFileNames: '[name].js',
        comments: { legal: true, annotation: false, jsdoc: false },
      },
    },
  },
});
