import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ROOT } from '../support/sources.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A package's releases: version → the day, or the day and why it is deprecated. */
type Releases = Record<string, string | [day: string, deprecated: string]>;

/** One package of the registry in memory, as npm asks for it. */
function document(name: string, releases: Releases) {
  const versions = Object.entries(releases).map(([version, about]) => {
    const [day, deprecated] = [about].flat();
    const one = { name, version, dist: { tarball: 'http://127.0.0.1/none' }, deprecated };
    return { version, day, one };
  });
  return {
    name,
    'dist-tags': { latest: versions.at(-1)?.version },
    time: Object.fromEntries(versions.map(({ version, day }) => [version, `${day}T00:00:00.000Z`])),
    versions: Object.fromEntries(versions.map(({ version, one }) => [version, one])),
  };
}

/** A package registry in memory. Without `advisories`, it refuses to be asked for them, as mirrors do. */
export async function startRegistry(
  packages: Record<string, Releases>,
  advisories?: Record<string, object[]>,
): Promise<string> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    const found =
      path === '-/npm/v1/security/advisories/bulk'
        ? advisories
        : packages[path] && document(path, packages[path]);
    response.statusCode = found ? 200 : 405;
    response.end(JSON.stringify(found ?? {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A project with those dependencies. */
export function project(dependencies: Record<string, string>): string {
  const folder = tempFolder();
  const installed = Object.entries(dependencies).map(([name, version]) => [
    `node_modules/${name}`,
    { version },
  ]);
  const files = {
    'package.json': { name: 'project', dependencies },
    'package-lock.json': {
      name: 'project',
      lockfileVersion: 3,
      requires: true,
      packages: { '': { name: 'project', dependencies }, ...Object.fromEntries(installed) },
    },
  };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), JSON.stringify(content));
  }
  return folder;
}

/** Runs a script of `.ci` in a project, with that registry. */
export function runScript(script: string, cwd: string, registry: string) {
  const env = {
    ...process.env,
    npm_config_registry: registry,
    npm_config_cache: tempFolder(),
    // On a machine behind a proxy, too.
    npm_config_noproxy: '127.0.0.1',
  };
  return new Promise<{ code: number; printed: string }>((resolve) => {
    execFile(join(ROOT, '.ci', script), [cwd], { cwd, env }, (error, stdout) => {
      resolve({ code: Number(error?.code ?? 0), printed: stdout });
    });
  });
}
