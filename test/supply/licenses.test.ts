import { expect, it } from 'vitest';
import { type Locked, locked } from './support.ts';

/** They ask for no more than that their text goes with the code: `dist/THIRD-PARTY.md`, which the build writes. */
const ALLOWED = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
];

/** Of tools, which nobody receives from us. */
const ALLOWED_IN_DEVELOPMENT = [
  ...ALLOWED,
  // A choice.
  'MIT OR Apache-2.0',
  // Binds whoever changes its files: lightningcss, which Vite uses for the playground's page.
  'MPL-2.0',
];

const REMEDY = 'use another package, or allow its license here with the reason';

const problem = ({ name, version, license = 'no license', dev }: Locked) =>
  (dev ? ALLOWED_IN_DEVELOPMENT : ALLOWED).includes(license)
    ? []
    : [`${name} ${version} (${dev ? 'development' : 'shipped'}): ${license}`];

it('lets in only packages under permissive licenses', () => {
  expect(locked().flatMap(problem), REMEDY).toEqual([]);
});

it.each([
  [{ license: 'GPL-3.0-only' }, 'left-pad 1.0.0 (shipped): GPL-3.0-only'],
  [{ license: 'MIT AND GPL-2.0-only' }, 'left-pad 1.0.0 (shipped): MIT AND GPL-2.0-only'],
  [{ license: 'MPL-2.0' }, 'left-pad 1.0.0 (shipped): MPL-2.0'],
  [{ license: 'SEE LICENSE IN LICENSE.md' }, 'left-pad 1.0.0 (shipped): SEE LICENSE IN LICENSE.md'],
  [{}, 'left-pad 1.0.0 (shipped): no license'],
  [{ dev: true }, 'left-pad 1.0.0 (development): no license'],
])('names a package with %j', (traits, expected) => {
  const one = { path: 'node_modules/left-pad', name: 'left-pad', version: '1.0.0', ...traits };
  expect(problem(one)).toEqual([expected]);
});
