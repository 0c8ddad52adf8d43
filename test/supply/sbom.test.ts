import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../support/sources.ts';
import { locked } from './support.ts';

type Component = {
  name: string;
  version: string;
  licenses?: { license?: { id?: string } }[];
  hashes?: { alg: string; content: string }[];
};

it('names every package that ships, with its license and its hash, and no tool', () => {
  execFileSync('npm', ['run', 'sbom'], { cwd: ROOT });
  const sbom = JSON.parse(readFileSync(join(ROOT, 'dist/sbom.cdx.json'), 'utf8')) as {
    bomFormat: string;
    metadata: { component: { name: string; type: string } };
    components: Component[];
  };

  expect(sbom.bomFormat).toBe('CycloneDX');
  expect(sbom.metadata.component).toMatchObject({ name: 'securid-desk', type: 'application' });
  const listed = sbom.components.map(({ name, version, licenses, hashes }) => [
    `${name} ${version}`,
    licenses?.[0]?.license?.id,
    hashes?.map(({ alg, content }) => `${alg} ${content}`).join(),
  ]);
  const shipped = locked()
    .filter(({ dev }) => !dev)
    .map(({ name, version, license, integrity = '' }) => [
      `${name} ${version}`,
      license,
      `SHA-512 ${Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex')}`,
    ]);
  expect(listed.sort()).toEqual(shipped.sort());
});
