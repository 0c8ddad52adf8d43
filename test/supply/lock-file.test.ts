import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/sources.ts';

type Package = { optionalDependencies?: Record<string, string>; resolved?: string };

describe('package-lock.json', () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Package>;
  };

  it('lists the packages of every platform, so that npm ci works on each', () => {
    const missing = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies).filter((name) => !packages[`node_modules/${name}`]),
    );
    expect(missing).toEqual([]);
  });

  it('names no registry of its own', () => {
    const hosts = Object.values(packages).flatMap(({ resolved }) =>
      resolved && !resolved.startsWith('https://registry.npmjs.org/') ? [resolved] : [],
    );
    expect(hosts).toEqual([]);
  });
});
