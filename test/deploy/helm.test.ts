import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Environment, fileOf, SECRETS, VARIABLES } from '../../src/config/environment.ts';
import { OUTCOMES } from '../../src/desk/progress.ts';
import { openHelpDesk } from '../support/help-desk.ts';
import { ROOT } from '../support/sources.ts';

const CHART = 'deploy/helm/securid-desk';
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const yaml = (path: string) => parse(text(`${CHART}/${path}`), { version: '1.1' });

type Schema = { properties?: Record<string, Schema>; additionalProperties?: boolean };
type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The values that the schema lists, with the names of those around them. */
const namedIn = ({ properties = {} }: Schema, before = ''): string[] =>
  Object.entries(properties).flatMap(([name, inner]) =>
    inner.properties ? namedIn(inner, `${before}${name}.`) : [`${before}${name}`],
  );

const values: Tree & { config: Tree; secretKeys: Tree } = yaml('values.yaml');
const schema: Schema = JSON.parse(text(`${CHART}/values.schema.json`));

describe('the values of the Helm chart', () => {
  const files = SECRETS.map(fileOf);

  it('have a place for every variable, and for none that is not read', () => {
    const named = [...Object.keys(values.config), ...Object.keys(values.secretKeys), ...files];
    expect(named.toSorted()).toEqual(VARIABLES.toSorted());
  });

  it('have no place for a secret, only for its key', () => {
    expect(Object.keys(values.secretKeys).toSorted()).toEqual([...SECRETS].toSorted());
    expect(values.secretKeys).toEqual(Object.fromEntries(SECRETS.map((name) => [name, name])));
  });

  it('begin with the app’s defaults, except for what a pod needs', () => {
    const lines = text('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm);
    const usual = Object.fromEntries([...lines].map(([, name = '', value]) => [name, value]));
    const others = Object.entries(values.config).flatMap(([name, value]) =>
      String(value) === usual[name] ? [] : [[name, value]],
    );
    expect(Object.fromEntries(others)).toEqual({
      AUDIT_FILE: '/var/lib/securid-desk/audit.jsonl',
      DRAIN_SECONDS: 15,
      OPS_HOST: '0.0.0.0',
      // The app's own default rises with the limit of codes.
      SECURID_CHANGES_PER_AGENT_HOUR: '',
    });
  });

  it('are there where the documentation names them', () => {
    const rows = text('docs/deploy.md').matchAll(/^\| (`[\w.]+`(?:, `[\w.]+`)*) \|/gm);
    const named = [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/[\w.]+/g)].map(String));
    const isThere = (name: string) =>
      name
        .split('.')
        .reduce((tree: unknown, part) => (isTree(tree) ? tree[part] : undefined), values) !==
      undefined;
    expect(named.length).toBeGreaterThan(9);
    expect(named.filter((name) => !isThere(name))).toEqual([]);
  });

  it('each have an effect, and are all that the templates ask for', () => {
    const templates = readdirSync(join(ROOT, CHART, 'templates'))
      .map((file) => text(`${CHART}/templates/${file}`))
      .join('\n');
    const asked = [...templates.matchAll(/\.Values\.([\w.]+\w)/g)].map(([, path = '']) => path);
    const listed = namedIn(schema).filter((name) => name !== 'global');
    const isPart = (whole: string, path: string) => `${path}.`.startsWith(`${whole}.`);
    expect(listed.filter((path) => !asked.some((one) => isPart(one, path)))).toEqual([]);
    const isListed = (one: string) => listed.some((path) => isPart(one, path) || isPart(path, one));
    expect(asked.filter((one) => !isListed(one))).toEqual([]);
  });

  it('are those of the schema', () => {
    const inValues = (tree: Tree, like: Schema, before = ''): string[] =>
      Object.entries(tree).flatMap(([name, value]) => {
        const inner = like.properties?.[name];
        return isTree(value) && inner?.properties
          ? inValues(value, inner, `${before}${name}.`)
          : [`${before}${name}`];
      });
    // Helm itself adds `global`.
    const listed = namedIn(schema).filter((name) => name !== 'global');
    expect(inValues(values, schema).toSorted()).toEqual(listed.toSorted());
  });
});

describe('the schema of the values', () => {
  type Limits = { minimum?: number; maximum?: number; enum?: (string | number)[] };
  const variables: Record<string, Limits> = JSON.parse(text(`${CHART}/values.schema.json`))
    .properties.config.properties;
  const known = Object.entries(Environment.shape);
  const takes = (name: string, value: unknown) =>
    known.find(([variable]) => variable === name)?.[1].safeParse(String(value)).success;
  const limited = Object.entries(variables).flatMap(([name, { minimum, maximum }]) =>
    minimum === undefined || maximum === undefined ? [] : [{ name, minimum, maximum }],
  );

  it.each(limited)('lets $name be what the app takes', ({ name, minimum, maximum }) => {
    const found = [minimum - 1, minimum, maximum, maximum + 1].map((value) => takes(name, value));
    // Below 1024, a port takes a privilege.
    const below = name.endsWith('PORT');
    expect(found).toEqual([below, true, true, false]);
  });

  it('has a choice wherever the app has one, with the same words', () => {
    const chosen = Object.entries(variables).flatMap(([name, { enum: words = [] }]) =>
      words.filter((word) => word !== '').map((word) => [name, takes(name, word)]),
    );
    expect(chosen.length).toBeGreaterThan(10);
    expect(chosen.filter(([, isTaken]) => !isTaken)).toEqual([]);
  });
});

describe('the image', () => {
  const dockerfile = text('Dockerfile');

  it('runs as the user that the chart names', () => {
    const [, user, group] = /^USER (\d+):(\d+)$/m.exec(dockerfile) ?? [];
    expect(values.podSecurityContext).toMatchObject({
      runAsUser: Number(user),
      runAsGroup: Number(group),
      fsGroup: Number(group),
    });
  });

  it('has Node and the app where the chart says', () => {
    const [, entry = '[]'] = /^ENTRYPOINT (.*)$/m.exec(dockerfile) ?? [];
    const [node, ...others] = parse(entry);
    const command = `${node} ${others.at(-1)} doctor`;
    expect(text(`${CHART}/templates/NOTES.txt`)).toContain(command);
    expect(text('docs/deploy.md')).toContain(command);
  });

  it('keeps the trail where the chart puts the volume', () => {
    const [, volume = 'no volume'] = /^VOLUME (.*)$/m.exec(dockerfile) ?? [];
    expect(text(`${CHART}/templates/statefulset.yaml`)).toContain(`mountPath: ${volume}\n`);
  });
});

describe('Chart.yaml', () => {
  it('has the version of the app', () => {
    const { version } = JSON.parse(text('package.json'));
    expect(yaml('Chart.yaml')).toMatchObject({ version, appVersion: version });
  });

  it('has the icon of the app, as a URL that needs no host', () => {
    const icon = readFileSync(join(ROOT, 'docs/icon.svg')).toString('base64');
    expect(yaml('Chart.yaml').icon).toBe(`data:image/svg+xml;base64,${icon}`);
  });
});

describe('the alerts', () => {
  type Rule = { alert: string; annotations?: { summary: string }; labels?: unknown };
  const rules: Rule[] = yaml('files/alerts.yaml').groups[0].rules;
  const [, page = ''] = /```yaml\n(- alert:.*?)```/s.exec(text('docs/operations.md')) ?? [];

  it('are those of the documentation, with what each means', () => {
    const listed = rules.map(({ annotations: _, labels: __, ...rule }) => rule);
    expect(listed).toEqual(parse(page));
    const comments = [...page.matchAll(/^- alert: \w+ # (.*)$/gm)].map(([, words]) => words);
    const summaries = rules.map(({ annotations }) => annotations?.summary ?? '');
    const lower = summaries.map((summary) =>
      summary.replace(/^(?!Prometheus|Slack)./, (first) => first.toLowerCase()),
    );
    expect(lower).toEqual(comments);
  });

  it('go by metrics that are there', async () => {
    const { ops } = await openHelpDesk();
    const metrics = await (await fetch(`${ops}/metrics`)).text();
    const known = [...metrics.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name, type]) =>
      type === 'histogram' ? [`${name}_bucket`] : [name],
    );
    const asked = [...page.matchAll(/securid_desk_\w+/g)].map(([name]) => name);
    expect(asked.length).toBeGreaterThanOrEqual(rules.length);
    expect(asked.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('go by labels that are there, with words that they have', () => {
    const matched = [...page.matchAll(/securid_desk_(\w+)\{(\w+)=~"([^"]+)"\}/g)];
    expect(matched.map(([, name, label]) => [name, label])).toEqual([
      ['requests_total', 'outcome'],
    ]);
    const words = matched.flatMap(([, , , all = '']) => all.split('|'));
    expect(words.filter((word) => !OUTCOMES.some((outcome) => outcome === word))).toEqual([]);
  });
});

describe('the files of the chart', () => {
  it('are named by a template where the chart needs them', () => {
    const templates = readdirSync(join(ROOT, CHART, 'templates'))
      .map((file) => text(`${CHART}/templates/${file}`))
      .join('\n');
    const named = [...templates.matchAll(/\.Files\.Get "([^"]+)"/g)].map(([, path]) => path);
    const there = readdirSync(join(ROOT, CHART, 'files')).map((file) => `files/${file}`);
    expect(named).toEqual(there);
  });
});
