import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/sources.ts';
import type { KubernetesObject } from './render.ts';

/** Where the type of each kind of Kubernetes' own is. */
const TYPES: Record<string, string> = {
  ConfigMap: 'core/v1',
  Ingress: 'networking/v1',
  NetworkPolicy: 'networking/v1',
  PodDisruptionBudget: 'policy/v1',
  Service: 'core/v1',
  ServiceAccount: 'core/v1',
  StatefulSet: 'apps/v1',
};

/** Objects of the Prometheus Operator, whose types are not Kubernetes'. */
const OTHERS = ['ServiceMonitor', 'PrometheusRule'];

/**
 * Lets the compiler compare objects with the types of Kubernetes' API: each field is one of them, none that is required
 * is missing.
 * @returns the compiler's complaints
 */
export function complaintsAbout(objects: KubernetesObject[]): string {
  const lines = objects.flatMap((object, index) => {
    const { kind } = object;
    if (OTHERS.includes(kind)) return [];
    const type = `import('kubernetes-types/${TYPES[kind]}.js').${kind}`;
    return [`export const object${index}: ${type} = ${JSON.stringify(object, null, 2)};`];
  });
  // Below the project, so that the compiler finds the types.
  const folder = mkdtempSync(join(ROOT, 'node_modules/.fields-'));
  try {
    writeFileSync(join(folder, 'objects.ts'), lines.join('\n'));
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--ignoreConfig'];
    const { status, stdout, stderr } = spawnSync(tsc, [...options, 'objects.ts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return status === 0 ? '' : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
