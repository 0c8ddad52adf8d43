import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/sources.ts';
import { type Locked, locked } from './support.ts';

describe.each(['.', 'test/nodes/support/binaries'])('package-lock.json in %s', (folder) => {
  const packages = locked(folder);
  const namesOf = (wrong: (one: Locked) => boolean) =>
    packages.filter(wrong).map(({ path }) => path);

  it('lists the packages of every platform, so that npm ci works on each', () => {
    const paths = new Set(packages.map(({ path }) => path));
    const missing = packages.flatMap(({ optionalDependencies = {}, inBundle }) =>
      inBundle
        ? []
        : Object.keys(optionalDependencies).filter((name) => !paths.has(`node_modules/${name}`)),
    );
    expect(missing).toEqual([]);
  });

  it('says by a hash what each package is, the packages within packages by that of the outer', () => {
    expect(
      namesOf(({ integrity = '', inBundle }) => !inBundle && !integrity.startsWith('sha512-')),
    ).toEqual([]);
  });

  it('names no registry, no folder and no repository, so that only the configured registry serves', () => {
    expect(namesOf(({ resolved, link }) => resolved !== undefined || link === true)).toEqual([]);
  });

  it('has no package that runs a script at its installation: npm ci --ignore-scripts leaves out nothing', () => {
    expect(namesOf(({ hasInstallScript }) => hasInstallScript === true)).toEqual([]);
  });

  it('has no deprecated package', () => {
    expect(namesOf(({ deprecated }) => deprecated !== undefined)).toEqual([]);
  });

  it('belongs to a package.json with exact versions', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      readFileSync(join(ROOT, folder, 'package.json'), 'utf8'),
    ) as Record<string, Record<string, string> | undefined>;
    const asked = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(([, version]) => !/^(?:npm:[^@]+@)?\d+\.\d+\.\d+$/.test(version))).toEqual(
      [],
    );
  });
});
