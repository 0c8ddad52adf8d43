import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../../support/sources.ts';

/** An instruction of the Dockerfile, such as `RUN npm ci`. */
export type Step = { name: string; flags: Record<string, string>; words: string };

export type Stage = { name: string; image: string; steps: Step[] };

/** The instructions with their lines joined, and without comments. */
export function readDockerfile(): Step[] {
  const lines = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => {
      const [, name = '', given = '', words = ''] = /^(\w+)((?: --\S+)*) (.*)$/.exec(line) ?? [];
      const flags = [...given.matchAll(/--([\w-]+)=(\S+)/g)].map(([, flag, value]) => [
        flag,
        value,
      ]);
      return { name, flags: Object.fromEntries(flags), words };
    });
}

/** The stages, with the default of each ARG in place. */
export function stagesOf(all: Step[]): Stage[] {
  const stages: Stage[] = [];
  const args = new Map<string, string>();
  const filled = (text: string) =>
    text.replaceAll(/\$\{(\w+)\}/g, (_, name) => args.get(name) ?? '');
  for (const { name, flags, words } of all) {
    if (name === 'ARG') args.set(`${words.split('=')[0]}`, words.split('=').slice(1).join('='));
    if (name === 'FROM') {
      const [image = '', , as = ''] = filled(words).split(' ');
      stages.push({ name: as, image, steps: [] });
    } else stages.at(-1)?.steps.push({ name, flags, words: filled(words) });
  }
  return stages;
}

/** The words of an exec form. */
export const execForm = (words: string): string[] => JSON.parse(words);

/**
 * Carries out what makes files, each stage in a plain folder instead of an engine's own root. The engine's base images
 * are not there: a step finds Node, npm and a shell on this machine.
 * @returns the folder of the last stage
 */
export function carryOut(stages: Stage[], below: string): string {
  let root = below;
  for (const { name, steps } of stages) {
    root = join(below, name || 'image');
    let workdir = '/';
    for (const step of steps) {
      if (step.name === 'WORKDIR') workdir = step.words;
      mkdirSync(join(root, workdir), { recursive: true });
      if (step.name === 'RUN') {
        execFileSync('sh', ['-c', step.words], { cwd: join(root, workdir), stdio: 'pipe' });
      }
      if (step.name === 'COPY') copy(step, root, workdir, below);
    }
  }
  return root;
}

function copy({ flags, words }: Step, root: string, workdir: string, below: string): void {
  const from = flags.from ? join(below, flags.from) : ROOT;
  const sources = words.split(' ');
  const to = sources.pop() ?? '';
  const target = join(root, to.startsWith('/') ? to : join(workdir, to));
  for (const source of sources) {
    const isFolder = statSync(join(from, source)).isDirectory();
    const path =
      to.endsWith('/') && !isFolder ? join(target, `${source.split('/').at(-1)}`) : target;
    mkdirSync(dirname(path), { recursive: true });
    // What a plain copy keeps of a folder is its content, as in an image.
    cpSync(join(from, source), path, {
      recursive: true,
      filter: (one) => flags.from !== undefined || isInContext(one.slice(ROOT.length + 1)),
    });
  }
}

/** Whether `.dockerignore` lets a path of the repository into the build. The last line that matches decides. */
export function isInContext(path: string): boolean {
  if (path === '') return true;
  const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  let isIn = true;
  for (const line of lines.filter((one) => one !== '' && !one.startsWith('#'))) {
    const pattern = line.replace(/^!/, '');
    const matches = pattern === '*' || path === pattern || path.startsWith(`${pattern}/`);
    if (matches) isIn = line.startsWith('!');
  }
  return isIn;
}

export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });

export const bytesIn = (folder: string): number =>
  filesIn(folder).reduce((sum, file) => sum + statSync(file).size, 0);
