import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/sources.ts';

type Panel = {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: { type: string; uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; legendFormat: string; datasource: { uid: string } }[];
};

type Dashboard = {
  panels: Panel[];
  templating: { list: { name: string; type: string; definition?: string }[] };
  annotations: { list: { expr: string }[] };
};

export function readDashboard() {
  const dashboard: Dashboard = JSON.parse(
    readFileSync(join(ROOT, 'deploy/grafana/securid-desk.json'), 'utf8'),
  );
  const { panels, templating, annotations } = dashboard;
  const queries = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({ title, expr, legend: legendFormat })),
  );
  const starts = annotations.list.map(({ expr }) => ({ title: 'starts', expr, legend: '' }));
  return { panels, variables: templating.list, queries: [...queries, ...starts] };
}
