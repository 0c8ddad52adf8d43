import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionsIn } from './support/functions.ts';
import { filesBelow, sources } from './support/sources.ts';

const ROOMS = ['config', 'operations', 'guard', 'desk', 'audit', 'securid', 'slack', 'store'];

/** What the files at the top of `src` may import. */
const TOP_MAY_IMPORT: Record<string, string[]> = {
  'main.ts': [
    'app.ts',
    'clock.ts',
    'commands.ts',
    'config',
    'http',
    'log.ts',
    'monitoring',
    'secret-file.ts',
    'slack',
    'node:fs',
  ],
  'commands.ts': ['audit', 'doctor', 'manifest'],
  'app.ts': [...ROOMS, 'http', 'monitoring', 'clock.ts', 'log.ts', 'running.ts'],
  'cache.ts': ['clock.ts', 'lru-cache'],
  'clock.ts': [],
  'limiter.ts': ['node:async_hooks', 'bottleneck'],
  'log.ts': ['http', 'pino'],
  'running.ts': ['clock.ts'],
  'secret-file.ts': ['node:fs'],
  'troubleshooting.ts': ['http'],
  // Bundles the product into one file.
  'vite.config.ts': ['vite'],
};

/** What each folder may import: folders and files of `src`, packages, and Node's own modules. */
const MAY_IMPORT: Record<string, string[]> = {
  config: [
    'config',
    'http',
    'operations',
    'guard',
    'desk',
    'securid',
    'slack',
    'node:net',
    'node:path',
    'fastest-levenshtein',
    'zod',
  ],
  manifest: ['manifest', 'config', 'guard', 'desk', 'slack', 'node:util', 'yaml'],
  http: ['http', 'node:http', 'node:net', 'node:stream', 'node:v8', 'node:vm', 'undici'],
  audit: [
    'audit',
    'clock.ts',
    'log.ts',
    'node:crypto',
    'node:fs',
    'node:fs/promises',
    'node:net',
    'node:path',
    'node:stream',
    'node:util',
    'node:zlib',
    'zod',
  ],
  securid: [
    'securid',
    'store',
    'http',
    'clock.ts',
    'limiter.ts',
    'node:crypto',
    'node:url',
    'jose',
    'ofetch',
    'zod',
  ],
  slack: [
    'slack',
    'http',
    'cache.ts',
    'clock.ts',
    'limiter.ts',
    'log.ts',
    'running.ts',
    'node:crypto',
    'node:diagnostics_channel',
    'node:events',
    'node:http',
    'node:net',
    'node:stream',
    'node:tls',
    '@slack/bolt',
    '@slack/socket-mode',
    '@slack/web-api',
    'jose',
    'undici',
    'zod',
  ],
  monitoring: [
    'monitoring',
    'http',
    'cache.ts',
    'clock.ts',
    'log.ts',
    'node:events',
    'node:http',
    'prom-client',
  ],
  store: [
    'store',
    'clock.ts',
    'log.ts',
    'node:crypto',
    'node:fs',
    'node:fs/promises',
    'node:path',
    'ioredis',
    'zod',
  ],
  desk: [
    'desk',
    'monitoring',
    'audit',
    'securid',
    'slack',
    'store',
    'cache.ts',
    'clock.ts',
    'log.ts',
    'node:crypto',
    'node:url',
    '@slack/bolt',
    'fastest-levenshtein',
    'zod',
  ],
  guard: [
    'guard',
    'desk',
    'audit',
    'securid',
    'slack',
    'store',
    'cache.ts',
    'clock.ts',
    'log.ts',
    'node:crypto',
    'node:vm',
    '@slack/bolt',
    'zod',
  ],
  doctor: [
    'doctor',
    'config',
    'operations',
    'guard',
    'audit',
    'securid',
    'slack',
    'store',
    'http',
    'clock.ts',
    'log.ts',
    'node:crypto',
    'node:fs/promises',
    'node:net',
    'node:path',
    'node:util',
    '@slack/bolt',
    'zod',
  ],
  operations: [
    'operations',
    'guard',
    'desk',
    'monitoring',
    'audit',
    'securid',
    'slack',
    'store',
    'cache.ts',
    'clock.ts',
    'log.ts',
    'node:crypto',
    '@slack/bolt',
    'croner',
    'zod',
  ],
};

type Source = { path: string; text: string };

/** Every module that a file imports, types included; ours by path. */
const targets = ({ path, text }: Source) =>
  [...text.matchAll(/(?:from|import)\s*\(?'([^'\n]+)'/g)].map(([, target = '']) =>
    target.startsWith('.') ? join(dirname(path), target) : target,
  );

/** The same, with ours by their folder below `src`, or by file name. */
const imports = (file: Source) =>
  targets(file).map((target) => {
    const [top, ours = ''] = target.split('/');
    return top === 'src' ? ours : target.replace(/^jose\/.*/, 'jose');
  });

/** The files in an import cycle, or on a path between two cycles. */
function inCircles(files: Source[]): string[] {
  const paths = files.map(({ path }) => path);
  const imported = new Set(files.flatMap(targets));
  const left = files.filter(
    (file) => imported.has(file.path) && targets(file).some((target) => paths.includes(target)),
  );
  return left.length === files.length ? paths : inCircles(left);
}

/** Every file may say where a remedy stands. */
const EVERYWHERE = ['troubleshooting.ts'];

describe.each(Object.entries(MAY_IMPORT))('src/%s', (folder, own) => {
  const allowed = [...own, ...EVERYWHERE];

  it.each(sources(folder))('$path imports nothing it must not know', (file) => {
    expect(imports(file).filter((target) => !allowed.includes(target))).toEqual([]);
  });
});

describe('the top of src', () => {
  const top = sources('.').filter(({ path }) => dirname(path) === 'src');

  it('contains the process, the app, and what every room needs', () => {
    expect(top.map(({ path }) => basename(path)).sort()).toEqual(
      Object.keys(TOP_MAY_IMPORT).sort(),
    );
  });

  it.each(top)('$path imports only what it may', (file) => {
    const allowed = [...(TOP_MAY_IMPORT[basename(file.path)] ?? []), ...EVERYWHERE];
    expect(imports(file).filter((target) => !allowed.includes(target))).toEqual([]);
  });
});

describe('src', () => {
  const all = sources('.');
  const product = all.filter(({ path }) => !path.startsWith('src/playground/'));
  const named = (pattern: RegExp, files: typeof all) =>
    files.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

  it('has no import cycle, types included', () => {
    const circle = [
      { path: 'src/a/one.ts', text: "import type { Two } from '../two.ts';" },
      { path: 'src/two.ts', text: "export { one } from './a/one.ts';" },
      { path: 'src/user.ts', text: "import { two } from './two.ts';" },
    ];
    expect(inCircles(circle)).toEqual(['src/a/one.ts', 'src/two.ts']);
    expect(inCircles(all)).toEqual([]);
    expect(inCircles([...all, ...filesBelow('bench'), ...filesBelow('test')])).toEqual([]);
  });

  it('has no function of more than 80 lines', () => {
    const three = { path: 'src/a.ts', text: 'const a = () => {\n  b();\n};' };
    expect(functionsIn(three)).toEqual([{ name: 'a', lines: 3 }]);

    const long = product.flatMap((file) =>
      functionsIn(file)
        .filter(({ lines }) => lines > 80)
        .map(({ name, lines }) => `${file.path} ${name}: ${lines}`),
    );
    expect(long).toEqual([]);
  });

  it('reads the environment in main.ts alone', () => {
    expect(named(/process\.env/, all)).toEqual(['src/main.ts']);
  });

  it('takes the time from the clock that it is given', () => {
    expect(
      named(/Date\.now\(|new Date\(\)|performance\.|hrtime|setTimeout|setInterval/, product),
    ).toEqual(['src/clock.ts']);
  });

  it('takes fetch from its caller', () => {
    const calling = product.filter(({ text }) => /(?<![.\w])fetch\(/.test(text));
    expect(calling.length).toBeGreaterThan(0);
    expect(calling.filter(({ text }) => !text.includes('fetch: typeof globalThis.fetch'))).toEqual(
      [],
    );
    expect(named(/globalThis\.fetch\(/, product)).toEqual([]);
  });

  it('keeps no state in a module', () => {
    expect(
      named(/^(?:export )?let |^(?:export )?const \w+ = new (?:Map|Set)\(\)/m, product),
    ).toEqual([]);
  });

  it('does not build the playground into the product', () => {
    expect(product.flatMap(imports)).not.toContain('playground');
  });

  it.each(product.filter(({ path }) => /[/-]view\.ts$/.test(path)))(
    '$path takes data and awaits nothing',
    ({ text }) => {
      expect(text).not.toMatch(/\bawait\b|\basync\b/);
    },
  );
});

describe('test', () => {
  it('waits longer than the second that Vitest waits by default', () => {
    const waits = ({ path, text }: Source) =>
      [...text.matchAll(/vi\.wait(?:For|Until)\([\s\S]*?\);?\n/g)].map(([call]) => [path, call]);
    const all = filesBelow('test').flatMap(waits);
    expect(all.length).toBeGreaterThan(0);
    expect(all.filter(([, call = '']) => !/PATIENCE|timeout: \d/.test(call))).toEqual([]);
  });
});
