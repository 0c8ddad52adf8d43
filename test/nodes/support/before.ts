import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../../support/process.ts';
import { ROOT } from '../../support/sources.ts';
import { BINARIES, missing } from './nodes.ts';

const LISTED = join(ROOT, 'test/nodes/support/binaries');
const INSTALLED = join(BINARIES, 'node_modules/.package-lock.json');

/** Builds what the tests run, and installs the other Nodes from the package registry. */
export default function before(): void {
  build();
  install();
  for (const major of missing()) {
    console.log(`Node ${major} is not here: what runs under it is skipped`);
  }
}

/** Does nothing if all are there already. */
function install(): void {
  if (existsSync(INSTALLED) && isListed()) return;
  mkdirSync(BINARIES, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) {
    cpSync(join(LISTED, name), join(BINARIES, name));
  }
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  try {
    execFileSync('npm', ['ci', ...flags, '--fetch-retries=1'], { cwd: BINARIES, stdio: 'pipe' });
  } catch (error) {
    console.log(`The other Nodes could not be installed: ${(error as Error).message}`);
  }
}

const isListed = () =>
  readFileSync(join(BINARIES, 'package-lock.json'), 'utf8') ===
  readFileSync(join(LISTED, 'package-lock.json'), 'utf8');
