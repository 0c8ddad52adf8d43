import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/sources.ts';

/** A package as a lock file describes it (https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json). */
export type Locked = {
  /** Where it is installed. */
  path: string;
  name: string;
  version: string;
  license?: string;
  integrity?: string;
  resolved?: string;
  /** Only the tools use it. */
  dev?: boolean;
  /** It comes within another package. */
  inBundle?: boolean;
  link?: boolean;
  hasInstallScript?: boolean;
  deprecated?: string;
  optionalDependencies?: Record<string, string>;
};

/** Every package that the lock file of a folder names. */
export function locked(folder = '.'): Locked[] {
  const { packages } = JSON.parse(
    readFileSync(join(ROOT, folder, 'package-lock.json'), 'utf8'),
  ) as {
    packages: Record<string, Omit<Locked, 'path' | 'name'> & { name?: string }>;
  };
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, one]) => ({
      ...one,
      path,
      // Given only where the folder has another.
      name: one.name ?? path.replace(/^.*node_modules\//, ''),
    }));
}
