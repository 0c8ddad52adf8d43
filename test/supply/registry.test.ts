import { describe, expect, it } from 'vitest';
import { project, runScript, startRegistry } from './registry.ts';

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9';

describe('npm run outdated', () => {
  it('lists what is behind, since when, and what is deprecated', async () => {
    const registry = await startRegistry({
      alpha: {
        '1.0.0': '2024-01-01',
        '1.0.10': '2024-02-01',
        '1.0.9': '2024-01-02',
        '2.1.0': '2025-03-04',
      },
      beta: { '3.1.2': '2025-01-01', '3.2.0': '2025-06-01' },
      gamma: { '1.0.0': ['2020-01-01', 'Use delta.'] },
      '@scope/delta': { '0.1.0': '2021-01-01' },
    });
    const folder = project({
      alpha: '1.0.0',
      beta: '3.1.2',
      gamma: '1.0.0',
      '@scope/delta': '0.1.0',
    });

    const { code, printed } = await runScript('outdated.mjs', folder, registry);
    expect(printed).toBe(`Package  Installed  released    Newest  released    Behind
alpha    1.0.0      2024-01-01  2.1.0   2025-03-04  major, 1.0.10 of 1
beta     3.1.2      2025-01-01  3.2.0   2025-06-01  minor

gamma 1.0.0 is deprecated: Use delta.
`);
    expect(code).toBe(0);
  });

  it('says so where nothing is behind', async () => {
    const registry = await startRegistry({ alpha: { '1.0.0': '2024-01-01' } });
    const { printed } = await runScript('outdated.mjs', project({ alpha: '1.0.0' }), registry);
    expect(printed).toBe('Nothing is behind.\n');
  });

  it.each([
    ['a registry that cannot be reached', async () => NOWHERE, 'ECONNREFUSED'],
    ['a registry that does not know a package', () => startRegistry({}), '405'],
  ])('says what is wrong with %s, and fails nothing', async (_, registry, reason) => {
    const { code, printed } = await runScript(
      'outdated.mjs',
      project({ alpha: '1.0.0' }),
      await registry(),
    );
    expect(printed).toContain('The package registry does not say what is behind: alpha: ');
    expect(printed).toContain(reason);
    expect(printed).toContain('Check the network and `npm config get registry`');
    expect(code).toBe(0);
  });
});

describe('.ci/advisories', () => {
  const packages = { alpha: { '1.0.0': '2024-01-01', '1.0.1': '2024-02-01' } };
  const found = {
    id: 1,
    title: 'Reads what it should not',
    url: 'https://github.com/advisories/GHSA-1',
    severity: 'high',
    vulnerable_versions: '<1.0.1',
  };

  it('fails with the advisory if a vulnerability is known in what ships', async () => {
    const registry = await startRegistry(packages, { alpha: [found] });
    const { code, printed } = await runScript('advisories', project({ alpha: '1.0.0' }), registry);
    expect(printed).toContain('https://github.com/advisories/GHSA-1');
    expect(code).toBe(1);
  });

  it('passes if none is known', async () => {
    const registry = await startRegistry(packages, {});
    const { code, printed } = await runScript('advisories', project({ alpha: '1.0.0' }), registry);
    expect(printed).toBe('No vulnerability is known in what ships.\n');
    expect(code).toBe(0);
  });

  it.each([
    ['keeps no advisories', () => startRegistry(packages)],
    ['cannot be reached', async () => NOWHERE],
  ])('goes on, and says so, where the registry %s', async (_, start) => {
    const registry = await start();
    const { code, printed } = await runScript('advisories', project({ alpha: '1.0.0' }), registry);
    expect(printed).toContain(`No advisories: ${registry} did not answer npm audit.`);
    expect(code).toBe(0);
  });
});
