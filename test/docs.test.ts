import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COUNTED, eventsThat } from '../src/audit/index.ts';
import { Environment, VARIABLES } from '../src/config/environment.ts';
import { FOLLOW_UP } from '../src/desk/follow-up.ts';
import { createChanges, switchesOf } from '../src/guard/change/changes.ts';
import { RULE_LINES, RULES } from '../src/guard/gate/rules.ts';
import { CHANGES } from '../src/operations/changes.ts';
import { permissions } from '../src/playground/tenant/routes.ts';
import { ALL_SCOPES, scopesFor } from '../src/slack/scopes.ts';
import { keepBody, openHelpDesk } from './support/help-desk.ts';
import { ROOT } from './support/sources.ts';

const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** The entries of a folder; folders end with a slash. */
const entries = (folder: string) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).map(
    (entry) => `${folder}/${entry.name}${entry.isDirectory() ? '/' : ''}`,
  );

const below = (folder: string): string[] =>
  entries(folder).flatMap((one) => (one.endsWith('/') ? below(one.slice(0, -1)) : [one]));

/** Every command, including changes that are switched off, and without those that only buttons lead to. */
async function commands(): Promise<string[]> {
  const { names } = (await openHelpDesk()).app;
  const onlyButtons = CHANGES.flatMap(({ name, isTyped }) => (isTyped ? [] : [name]));
  return names.filter(
    (name) => names.includes(`${FOLLOW_UP}${name}`) && !onlyButtons.includes(name),
  );
}

const OURS = ['src', 'test', 'bench', 'docs', 'deploy', '.ci'].flatMap(below);

const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...entries('docs').filter((path) => path.endsWith('.md')),
].map((path) => ({ path, page: text(path) }));

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** A number in digits or as a word. */
const numberIn = (written: string) =>
  written === 'fourteen' || written === 'twenty'
    ? { fourteen: 14, twenty: 20 }[written]
    : WORDS.includes(written)
      ? WORDS.indexOf(written)
      : Number(written.replaceAll(',', ''));

const all = (pattern: RegExp, within: string) =>
  [...within.matchAll(pattern)].map(([, found = '']) => found);

/** The texts between backticks. */
const code = (within = '') => all(/`([^`\n]+)`/g, within);

/** The cells of each row of the table whose first column has that header. */
function table(path: string, head: string): string[][] {
  const lines = text(path)
    .split('\n')
    .map((line) => line.trim());
  const start = lines.findIndex((line) => line.startsWith(`| ${head} |`));
  expect(start, `the table "${head}" in ${path}`).toBeGreaterThanOrEqual(0);
  const rest = lines.slice(start + 2);
  return rest
    .slice(
      0,
      [...rest, ''].findIndex((line) => !line.startsWith('|')),
    )
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}

/** The anchors of a page's headings, as GitHub makes them. */
const anchors = (page: string) =>
  all(/^#+ (.+)$/gm, page).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe.each(PAGES)('$path', ({ path, page }) => {
  it('links to files and headings that exist', () => {
    const broken = all(/\]\(([^)\s]+)\)/g, page).filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [file = '', anchor] = link.split('#');
      const target = file ? relative(ROOT, join(ROOT, dirname(path), file)) : path;
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchors(text(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names files and folders that exist', () => {
    const names = new Set(OURS.map((one) => basename(one)));
    const missing = code(page).filter((one) => {
      if (/^(?:src|test|bench|docs|deploy|\.ci)\/[\w./-]*$/.test(one))
        return one !== 'bench/results.json' && !existsSync(join(ROOT, one));
      return /^[\w-]+\.tsx?$/.test(one) && !names.has(one);
    });
    expect(missing).toEqual([]);
  });

  it('names scripts that exist', () => {
    const { scripts } = JSON.parse(text('package.json'));
    const named = all(/npm run (?:--silent )?([\w:-]+)/g, page);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('names variables that are read', () => {
    const named = code(page).flatMap((one) => one.match(/\b[A-Z]+(?:_[A-Z]+)+\b/g) ?? []);
    const ours = named.filter((name) => /^(?:SLACK|SECURID|AUDIT|STATE|REDIS|LOG|OPS)_/.test(name));
    expect(ours.filter((name) => !VARIABLES.includes(name))).toEqual([]);
  });

  it('names commands that exist', async () => {
    // The example of the recipe for a new setting.
    const example = path === 'docs/development.md' ? ['source'] : [];
    const known = [...(await commands()), 'devices', 'licence', ...example];
    const named = code(page).flatMap((one) => all(/^\/securid (\w+)/g, one));
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe.each(['docs/agents.md', 'docs/changes.md', 'docs/license.md'])('%s', (path) => {
  it('names buttons by their labels', () => {
    const sources = below('src').map(text).join();
    const named = all(/(?<![*\w])\*([A-Z][^*\n]+)\*(?!\*)/g, text(path));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !sources.includes(name))).toEqual([]);
  });
});

describe('the README', () => {
  it('has at most 150 lines', () => {
    expect(text('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });

  it('names every command', async () => {
    const named = table('README.md', 'Command').flatMap(([first]) =>
      all(/`\/securid (\w+)/g, `${first}`),
    );
    expect(named.toSorted()).toEqual((await commands()).toSorted());
  });

  it('links to every other page', () => {
    const links = all(/\]\(([^)#\s]+)/g, text('README.md'));
    const others = PAGES.map(({ path }) => path).filter((path) => path !== 'README.md');
    expect(others.filter((path) => !links.includes(path))).toEqual([]);
  });
});

describe('the settings', () => {
  const settings = () =>
    table('docs/configuration.md', 'Variable').flatMap(([names, , usual]) =>
      code(names).map((name, at) => ({ name, usual: code(usual)[at] })),
    );
  const example = all(/^([A-Z_]+=.*)$/gm, text('.env.example'));

  it('are all in the documentation and in .env.example, and no others', () => {
    const names = settings().map(({ name }) => name);
    expect(names.toSorted()).toEqual(VARIABLES.toSorted());
    expect(example.map((line) => line.split('=')[0]).toSorted()).toEqual(VARIABLES.toSorted());
  });

  it('name every change that can be switched on', () => {
    const row = table('docs/configuration.md', 'Variable').find(([names]) =>
      code(names).includes('SECURID_CHANGES'),
    );
    expect(code(row?.[1])).toEqual(switchesOf(CHANGES));
  });

  it('have the same defaults in both', () => {
    const defaults = Object.entries(Environment.parse({ SLACK_BOT_TOKEN: 'xoxb-1' })).filter(
      ([name, value]) => name !== 'SLACK_BOT_TOKEN' && /^(?:string|number)$/.test(typeof value),
    );
    const told = new Map(settings().map(({ name, usual }) => [name, usual]));
    expect(defaults.length).toBeGreaterThan(0);
    for (const [name, value] of defaults) {
      expect(example).toContain(`${name}=${value}`);
      expect(told.get(name), name).toBe(`${value}`);
    }
  });
});

describe('what is asked of Slack and RSA', () => {
  const first = (head: string) =>
    table('docs/install.md', head).flatMap(([cell]) => code(cell).slice(0, 1));

  it('has a reason for each scope', () => {
    expect(first('Scope').toSorted()).toEqual(ALL_SCOPES.toSorted());
  });

  it('says which scopes are needed always', () => {
    const always = table('docs/install.md', 'Scope').flatMap(([scope, , needed]) =>
      needed === 'always' ? code(scope) : [],
    );
    const least = scopesFor({ posts: false, uploads: false, groups: false });
    expect(always.toSorted()).toEqual(least.toSorted());
  });

  it('has a reason for each permission', () => {
    expect(first('Permission').toSorted()).toEqual(permissions.toSorted());
  });
});

describe('the metrics', () => {
  it('are all in the documentation, and no others', async () => {
    const { ops } = await openHelpDesk();
    const scraped = await keepBody(await fetch(`${ops}/metrics`));
    const told = table('docs/operations.md', 'Metric, after `securid_desk_`').flatMap(([names]) =>
      code(names),
    );
    const known = all(/^# TYPE securid_desk_(\w+)/gm, scraped);
    expect(told.toSorted()).toEqual(known.toSorted());
    const used = PAGES.flatMap(({ page }) => all(/securid_desk_(\w+?)(?:_bucket)?\b/g, page));
    expect(used.filter((name) => !known.includes(name) && name !== '')).toEqual([]);
  });
});

describe('the recipes', () => {
  it('name what a change declares', () => {
    const declared = ['declaration.ts', 'guarded.ts'].map((name) =>
      text(`src/guard/change/${name}`),
    );
    const told = table('docs/development.md', 'Property').flatMap(([names]) => code(names));
    expect(told.length).toBeGreaterThan(0);
    for (const name of told) expect(declared.join()).toMatch(new RegExp(`^  ${name}\\??[:(]`, 'm'));
    const [type = ''] = /^type Declared.*?^};/ms.exec(declared.join('\n')) ?? [];
    expect(all(/^ {2}(\w+)\??[:(]/gm, type).filter((name) => !told.includes(name))).toEqual([]);
  });

  it('import what exists', () => {
    const imports = [
      ...text('docs/development.md').matchAll(/import (?:type )?\{([^}]+)\} from '([^']+\.ts)';/g),
    ].filter(([, , file = '']) => file.startsWith('../'));
    expect(imports.length).toBeGreaterThan(0);
    for (const [whole, names = '', file = ''] of imports) {
      const below = file.startsWith('../support/') ? 'test/operations' : 'src/operations/name';
      const source = text(join(below, file));
      for (const name of names.split(',').map((one) => one.replace('type ', '').trim())) {
        expect(source, whole).toMatch(new RegExp(`export [^;=]*\\b${name}\\b`));
      }
    }
  });
});

describe('the audit trail', () => {
  it('has each event in the documentation, and no others', () => {
    const told = table('docs/operations.md', 'Event').flatMap(([events]) => code(events));
    expect(told.toSorted()).toEqual(eventsThat(() => true).toSorted());
  });

  it('counts towards the outcomes in the documentation', () => {
    const outcomes = (metric: string) =>
      code(
        table('docs/operations.md', 'Metric, after `securid_desk_`')
          .find(([names]) => names === `\`${metric}\``)
          ?.at(2),
      );
    const counted = Object.entries(COUNTED);
    const of = (metric: 'approval' | 'notice') => [
      ...new Set(
        counted.flatMap(([, counts]) =>
          counts.as === metric ? [counts.outcome, ...Object.values(counts.because ?? {})] : [],
        ),
      ),
    ];

    expect(outcomes('approvals_total')).toEqual(of('approval'));
    expect(outcomes('notices_total').toSorted()).toEqual(of('notice').toSorted());
    expect(outcomes('changes_total').slice(1)).toEqual(
      counted.flatMap(([event, { as }]) => (as === 'change' ? [event] : [])),
    );
  });
});

describe('the rules', () => {
  const told = new Map(
    table('docs/changes.md', 'Rule').map(([name, binds]) => [code(name)[0], binds]),
  );

  it('are all in the documentation, and no others', () => {
    const limits = createChanges(CHANGES, []).limits.map(({ rule }) => rule);
    expect([...told.keys()].toSorted()).toEqual([...RULE_LINES.keys(), ...limits].toSorted());
  });

  it('bind the risks in the documentation', () => {
    for (const { name, binds } of RULES.filter((rule) => told.has(rule.name))) {
      expect(told.get(name), name).toBe(binds.join(', '));
    }
  });
});

describe('the map of the code', () => {
  it('has every file and folder of src, and every folder of its rooms', () => {
    const told = table('docs/development.md', 'Path').flatMap(([paths]) => code(paths));
    const rooms = entries('src').filter((path) => path.endsWith('/'));
    const inner = rooms
      .filter((path) => path !== 'src/playground/')
      .flatMap((path) => entries(path.slice(0, -1)))
      .filter((path) => path.endsWith('/'));
    const there = [...entries('src'), ...inner];
    expect(there.filter((path) => !told.includes(path))).toEqual([]);
  });
});

describe('the dependencies', () => {
  it('each have a reason', () => {
    const { dependencies, devDependencies } = JSON.parse(text('package.json'));
    const told = all(/^\| ([@\w/-]+(?:, [@\w/-]+)*) \|/gm, text('docs/development.md'))
      .flatMap((names) => names.split(', '))
      .filter((name) => name !== 'Package' && name !== 'Path' && name !== 'Command');
    const known = Object.keys({ ...dependencies, ...devDependencies });
    expect(told.toSorted()).toEqual(known.toSorted());
  });
});

describe('the figures', () => {
  const main = text('bench/main.ts');

  /** The source of a part of the benchmark. */
  function part(name: string): string {
    const [run = name] = all(new RegExp(`'?${name}'?: (\\w+)`, 'g'), main);
    const [file] = all(
      new RegExp(`import \\{[^}]*\\b${run}\\b[^}]*\\} from '\\./(.*)'`, 'g'),
      main,
    );
    return text(`bench/${file}`).replaceAll('_', '');
  }

  it.each(table('docs/numbers.md', 'Row'))('%s: %s holds by what the benchmark asks', (...row) => {
    const [, , must = '', , name] = row;
    const source = part(`${code(name)[0]}`);
    for (const [, digits = '', percent] of must.matchAll(/[≤≥] ([\d.,]+)( %)?/g)) {
      const number = Number(digits.replaceAll(',', '')) / (percent ? 100 : 1);
      expect(source).toMatch(new RegExp(`(?<![\\d.])${`${number}`.replace('.', '\\.')}(?![\\d.])`));
    }
  });
});

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS: Record<string, number> = { SECOND, MINUTE, HOUR, DAY };

/** The values of the constants with that name in a room's files. */
const given = (room: string, name: string): number[] =>
  OURS.filter((one) => one.startsWith(`src/${room}`))
    .flatMap((path) => all(new RegExp(`\\b${name}(?: =|:) ([\\w. *]+)`, 'g'), text(path)))
    .map((product) =>
      product
        .split('*')
        .map((factor) => factor.trim())
        .reduce((total, one) => total * (UNITS[one] ?? Number(one.replaceAll('_', ''))), 1),
    );

describe('the size of a help desk', () => {
  const numberIn = (cell = '') => Number(/[\d.]+/.exec(cell)?.[0]);
  const [costs, example] = ['For each', 'What | Formula | Here'].map(
    (head) =>
      new Map(table('docs/operations.md', head).map(([what = '', ...cells]) => [what, cells])),
  );
  const costsOf = (what: string) => costs?.get(what)?.map(numberIn) ?? [];
  const [requests, commands, cpu] = [
    'requests to SecurID',
    'commands of Redis',
    'CPU of an instance',
  ].map(costsOf);

  it('is what the benchmark measured', () => {
    const rows = /^\| an? (?:approved )?(?:look-up|code): .*?\| ([\d.]+ ms); ([\d.]+); [\d,]+ \|/gm;
    const measured = [...text('docs/numbers.md').matchAll(rows)];
    expect(measured.map(([, time]) => numberIn(time))).toEqual(cpu);
    expect(measured.map(([, , count]) => numberIn(count))).toEqual(commands);
  });

  it.each([
    ['SecurID', requests],
    ['CPU of all instances', cpu],
    ['Redis', commands],
  ])('goes into the formula for %s', (what, [lookUp, code] = []) => {
    const [formula = ''] = example?.get(what) ?? [];
    expect(formula.replaceAll(' ms', '')).toContain(`${lookUp} × look-ups + ${code} × codes`);
  });

  it('adds up in the example', () => {
    const [lookUps, codes, instances] = [40_000, 800, 3];
    const aSecond = ([lookUp = 0, code = 0] = [] as number[]) =>
      (lookUp * lookUps + code * codes) / 3600;
    // Each code is on a screen for five minutes.
    const redis = aSecond(commands) + 2.2 * instances + codes / 12;
    const here = (what: string) => numberIn(example?.get(what)?.[1]);
    expect(here('SecurID')).toBe(Math.round(aSecond(requests)));
    expect(here('Redis')).toBe(Math.round(redis / 10) * 10);
    // A fifth of a core.
    expect((aSecond(cpu) + 7 * instances) / 1000).toBeCloseTo(0.2, 1);
  });
});

describe('the limits in the documentation', () => {
  it.each<[page: string, said: RegExp, room: string, name: string, unit: number]>([
    ['install', /counts for (\w+) minutes/, 'slack', 'LIFETIME', MINUTE],
    ['install', /at most (\w+)\s+seconds old/, 'slack', 'FRESH', SECOND],
    ['changes', /asked for it, for (\w+) minutes/, 'guard', 'CARD_LIFETIME', MINUTE],
    ['changes', /lapses after (\w+) minutes/, 'guard', 'APPROVAL_LIFETIME', MINUTE],
    ['changes', /buttons work for\s+(\w+)\s+days/, 'guard/notice', 'LIFETIME', DAY],
    ['changes', /trying for (\w+) more minutes/, 'slack', 'patience', MINUTE],
    ['changes', /More than (\w+) agents/, 'desk', 'USUAL', 1],
    ['changes', /After (\d+)\s+searches/, 'desk', 'SEARCHES', 1],
    ['changes', /can make (\d+) of them/, 'operations/sync', 'MOST', 1],
    ['changes', /been away for (\w+) seconds/, 'store', 'BOARD_LEASE', SECOND],
    ['changes', /are more than ([\d,]+)/, 'audit', 'after', 1],
    ['security', /users \(at most ([\d,]+)\)/, 'guard', 'UNSIGNED', 1],
    ['license', /again every (\w+) minutes/, 'operations', 'PAUSE', MINUTE],
    ['license', /for (\w+) hours/, 'operations', 'TRY_FOR', HOUR],
    ['operations', /takes (\w+) seconds at most/, 'monitoring', 'CHECK_TIMEOUT', SECOND],
    ['operations', /more often than every (\w+)/, 'monitoring', 'REMEMBERED', SECOND],
    ['operations', /after (\d+) to 30 s/, 'slack', 'FIRST_PAUSE', SECOND],
    ['operations', /after 1 to (\d+) s/, 'slack', 'LAST_PAUSE', SECOND],
    ['operations', /refused for (\w+) minutes/, 'slack', 'REPLACED_WITHIN', MINUTE],
    ['operations', /finish for (\w+) seconds/, 'app.ts', 'GRACE', SECOND],
    ['operations', /up to (\w+) seconds on/, 'app.ts', 'LAST_POSTS', SECOND],
    ['operations', /\((\w+) minutes at most/, 'securid', 'LONGEST_ASKED', MINUTE],
    ['operations', /larger than (\d+) MB/, 'http', 'LARGEST_ANSWER', 1_000_000],
    ['operations', /the ([\d,]+) characters/, 'slack', 'tableLetters', 1],
    ['operations', /above ([\d,]+) connections/, 'slack', 'CONNECTIONS', 1],
    ['operations', /or (\d+) MB of bodies/, 'slack', 'BYTES', 1_000_000],
    ['operations', /(\w+) seconds to arrive/, 'http', 'requestTimeout', SECOND],
    ['operations', /begins with (\d+) requests/, 'securid', 'FIRST_RATE', 1],
    ['operations', /At most ([\d,]+) requests wait/, 'securid', 'queue', 1],
    ['operations', /share of (\d+) % of the rate/, 'securid', 'TOGETHER', 0.01],
  ])('%s: %s', (page, said, room, name, unit) => {
    const [written = ''] = all(new RegExp(said, 'g'), text(`docs/${page}.md`));
    expect(given(room, name)).toContain(numberIn(written) * unit);
  });
});
