import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/sources.ts';

/** The Nodes for which there is long-term support, or was when the product began. */
const MAJORS = ['20', '22', '24'];

/** Where `before.ts` installs them. */
export const BINARIES = join(ROOT, 'node_modules/.cache/nodes');

export type Node = {
  /** Its major version, or the whole version of the running one. */
  version: string;
  /** The path of its `node`. */
  binary: string;
  /** The path of the `npm-cli.js` that comes with it; without it, nothing can be installed. */
  npm?: string;
};

const at = (path: string) => {
  const whole = join(BINARIES, 'node_modules', path);
  return existsSync(whole) ? whole : undefined;
};

function ofMajor(major: string): Node[] {
  const runs = process.versions.node.startsWith(`${major}.`);
  const binary = runs
    ? process.execPath
    : at(`node-${major}-${process.platform}-${process.arch}/bin/node`);
  const npm = at(`npm-${major}/bin/npm-cli.js`) ?? process.env.npm_execpath;
  return binary ? [{ version: major, binary, ...(npm && { npm }) }] : [];
}

/** Every Node that is here, the running one among them. Fewer where there is no registry, or no package for the platform. */
export const nodes = (): Node[] => {
  const [running = ''] = process.versions.node.split('.');
  return [...new Set([...MAJORS, running])].flatMap(ofMajor);
};

/** Whether the package registry gave them: without it, a clone is not installed either. */
export const areInstalled = (): boolean => at('.package-lock.json') !== undefined;

/** The major versions that are not here. */
export const missing = (): string[] => MAJORS.filter((major) => ofMajor(major).length === 0);
