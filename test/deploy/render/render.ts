import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { StatefulSet } from 'kubernetes-types/apps/v1.js';
import type { ConfigMap, PodSpec, Service } from 'kubernetes-types/core/v1.js';
import type { ObjectMeta } from 'kubernetes-types/meta/v1.js';
import type { Ingress, NetworkPolicy } from 'kubernetes-types/networking/v1.js';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1.js';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { ROOT } from '../../support/sources.ts';

const CHART = join(ROOT, 'deploy/helm/securid-desk');

/** The values that come with the chart, by name. */
export const EXAMPLES = readdirSync(join(CHART, 'ci')).map((file) => basename(file, '.yaml'));

/** Where Debian keeps the source of Go packages. */
const GOPATH = '/usr/share/gocode';
const PACKAGES = [
  'github.com/Masterminds/sprig',
  'github.com/xeipuuv/gojsonschema',
  'sigs.k8s.io/yaml',
];

export const canRender =
  PACKAGES.every((name) => existsSync(join(GOPATH, 'src', name))) &&
  spawnSync('go', ['version']).status === 0;
if (!canRender) {
  console.log(
    'Go or one of its packages (docs/development.md) is not installed: the Helm chart is not rendered',
  );
}

/** What is read of the kinds that the chart makes. */
type Kinds = {
  ConfigMap: ConfigMap;
  Ingress: Ingress;
  NetworkPolicy: NetworkPolicy;
  PodDisruptionBudget: PodDisruptionBudget;
  PrometheusRule: { spec: unknown };
  Service: Service;
  ServiceMonitor: {
    spec: { selector: { matchLabels: Record<string, string> }; endpoints: { port: string }[] };
  };
  StatefulSet: StatefulSet;
};

export type KubernetesObject = { apiVersion: string; kind: string; metadata: ObjectMeta };

export type Release = {
  objects: KubernetesObject[];
  notes: string;
  all<K extends keyof Kinds>(kind: K): (Kinds[K] & KubernetesObject)[];
  one<K extends keyof Kinds>(kind: K): Kinds[K] & KubernetesObject;
  pod: PodSpec;
};

/** Compiles the program beside this file; gives the path of the binary. */
function buildRenderer(folder: string): string {
  const binary = join(folder, 'render');
  const env = { ...process.env, GO111MODULE: 'off', CGO_ENABLED: '0', GOPATH };
  execFileSync('go', ['build', '-o', binary, './test/deploy/render'], { cwd: ROOT, env });
  return binary;
}

type Options = {
  /** Names in `ci/`, and values; later ones win. */
  values: (string | Record<string, unknown>)[];
  release?: string;
  kubernetes?: string;
};

/** @throws with the sentence in which the chart refuses the values */
function renderWith(binary: string, { values, release, kubernetes }: Options): Release {
  const folder = mkdtempSync(join(tmpdir(), 'values-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = values.map((one, index) => {
    if (typeof one === 'string') return join(CHART, `ci/${one}.yaml`);
    const file = join(folder, `${index}.yaml`);
    // JSON is YAML, in which no word is taken for a switch.
    writeFileSync(file, JSON.stringify(one));
    return file;
  });
  const args = [
    ...files.flatMap((file) => ['-values', file]),
    ...(release ? ['-release', release] : []),
    ...(kubernetes ? ['-kube', kubernetes] : []),
    CHART,
  ];
  const { status, stdout, stderr } = spawnSync(binary, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const { documents, notes } = JSON.parse(stdout) as {
    documents: { object: KubernetesObject }[];
    notes: string;
  };
  return releaseOf(
    documents.map(({ object }) => object),
    notes,
  );
}

function releaseOf(objects: KubernetesObject[], notes: string): Release {
  const all = <K extends keyof Kinds>(kind: K) =>
    // The kind says which type it is.
    objects.filter((object) => object.kind === kind) as (Kinds[K] & KubernetesObject)[];

  function one<K extends keyof Kinds>(kind: K) {
    const [found, ...more] = all(kind);
    if (!found || more.length > 0) throw new Error(`${more.length + 1} or no ${kind}`);
    return found;
  }

  const pod = one('StatefulSet').spec?.template.spec;
  if (!pod) throw new Error('no pod');
  return { objects, notes, all, one, pod };
}

/** Builds the renderer for the stories of one `describe`. @returns what renders, while they run */
export function useRenderer() {
  let folder: string;
  let binary: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'helm-'));
    binary = buildRenderer(folder);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true }));
  return (options: Parameters<typeof renderWith>[1]) => renderWith(binary, options);
}
