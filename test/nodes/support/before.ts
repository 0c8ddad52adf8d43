import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../../support/process.ts';
import { ROOT } from '../../support/sources.ts';
import { areInstalled, BINARIES, missing } from './nodes.ts';

const LISTED = join(ROOT, 'test/nodes/support/binaries');

/** Builds what the tests run, and installs the other Nodes from the package registry. */
export default async function before(): Promise<void> {
  await build();
  install();
  for (const major of missing()) {
    console.log(`Node ${major} is not here: what runs under it is skipped`);
  }
}

/** Does nothing if all are there already. */
function install(): void {
  if (areInstalled() && isListed()) return;
  mkdirSync(BINARIES, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) {
    cpSync(join(LISTED, name), join(BINARIES, name));
  }
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  try {
    execFileSync('npm', ['ci', ...flags, '--fetch-retries=1'], { cwd: BINARIES, stdio: 'pipe' });
  } catch (error) {
    const [reason = 'npm did not say why'] = /npm error .*/.exec(String(error)) ?? [];
    console.log(`The package registry gave no Nodes, so that no clone is installed: ${reason}`);
  }
}

const isListed = () =>
  readFileSync(join(BINARIES, 'package-lock.json'), 'utf8') ===
  readFileSync(join(LISTED, 'package-lock.json'), 'utf8');
