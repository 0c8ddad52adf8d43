import { beforeAll, describe, expect, it } from 'vitest';
import * as company from '../../src/playground/company.ts';
import { build, run, standIns } from '../support/process.ts';
import { readDashboard } from './support/dashboard.ts';

const { panels, variables, queries } = readDashboard();

/** What Prometheus adds to each series. */
const ADDED = ['instance', 'job'];

/** The metrics of a page, each with its labels. */
function metricsOf(page: string): Map<string, Set<string>> {
  const metrics = new Map<string, Set<string>>();
  for (const [, name = '', inside = ''] of page.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const labels = [...inside.matchAll(/(\w+)="/g)].map(([, label = '']) => label);
    metrics.set(name, new Set([...(metrics.get(name) ?? []), ...labels]));
  }
  return metrics;
}

/** The metrics that a query names. */
const namedIn = (expr: string) =>
  [...expr.matchAll(/\b((?:securid_desk|process|nodejs)_\w+)/g)].map(([, name = '']) => name);

/** The labels that a query or its legend names. */
function labelsIn(expr: string, legend: string): string[] {
  const grouped = [...expr.matchAll(/\bby \(([^)]+)\)/g)].flatMap(([, all = '']) =>
    all.split(', '),
  );
  const matched = [...expr.matchAll(/[{,] ?(\w+)(?:=~|!=|!~|=)/g)].map(([, label = '']) => label);
  const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
  return [...grouped, ...matched, ...shown];
}

beforeAll(build);

/** The metrics of a bot that has answered. */
async function scrape() {
  const { workspace, env } = await standIns();
  const bot = run(env);
  const opsPort = await bot.says('"opsPort":(\\d+)');
  workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);
  const asked = await workspace.person(company.JONAS).types('/securid user grace@acme.test');
  await asked.answer();
  return metricsOf(await (await fetch(`http://127.0.0.1:${opsPort}/metrics`)).text());
}

/** A histogram is several series. */
const familyOf = (name: string) => name.replace(/_(?:bucket|sum|count)$/, '');

describe('the Grafana dashboard', () => {
  it('asks for metrics and labels that the app has', async () => {
    const metrics = await scrape();
    for (const { title, expr, legend } of queries) {
      const named = namedIn(expr);
      expect(named, title).not.toEqual([]);
      expect(
        named.filter((name) => !metrics.has(name)),
        title,
      ).toEqual([]);
      const labels = named.flatMap((name) => [...(metrics.get(name) ?? [])]).concat(ADDED);
      expect(
        labelsIn(expr, legend).filter((label) => !labels.includes(label)),
        title,
      ).toEqual([]);
    }
  });

  it('shows every metric of the app', async () => {
    const own = [...(await scrape()).keys()].filter((name) => name.startsWith('securid_desk_'));
    const named = queries.flatMap(({ expr }) => namedIn(expr).map(familyOf));
    expect([...new Set(own.map(familyOf))].filter((name) => !named.includes(name))).toEqual([]);
  });

  it.each(queries)('shows the chosen instances alone: $title', ({ expr }) => {
    expect(expr.match(/instance=~"\$instance"/g)).toHaveLength(namedIn(expr).length);
  });

  it('asks whichever Prometheus is chosen', () => {
    expect(variables.map(({ name, type }) => [name, type])).toEqual([
      ['datasource', 'datasource'],
      ['instance', 'query'],
    ]);
    const asked = panels.flatMap(({ datasource, targets = [] }) => [
      ...(datasource ? [datasource] : []),
      ...targets.map((one) => one.datasource),
    ]);
    expect(asked.filter(({ uid }) => uid !== `\${datasource}`)).toEqual([]);
  });

  it('says what each panel means, and lays them side by side', () => {
    const shown = panels.filter(({ type }) => type !== 'row');
    expect(shown.filter(({ description = '' }) => description === '')).toEqual([]);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });
});
