import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Env, runCommand } from '../../support/process.ts';
import { carryOut, execForm, readDockerfile, type Step, stagesOf } from './dockerfile.ts';

/** What an engine does with each word of a command: needs root, and a kernel that lets it. */
const ISOLATED = `
root=$1 volume=$2 inside=$3 user=$4; shift 4
mount --bind "$root" "$root"
mount --bind "$volume" "$root$inside"
mount --bind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -o remount,bind,ro "$root"
exec chroot --userspec="$user" "$root" "$@"`;

const UNSHARE = ['--mount', '--pid', '--fork', '--kill-child'];

/** Whether a process can have a root folder, a user and a first process id of its own. */
export const canIsolate =
  process.getuid?.() === 0 && spawnSync('unshare', [...UNSHARE, 'true']).status === 0;

if (!canIsolate) {
  console.log(
    'not root, or no namespaces: the image runs as this user, on a root that it can write',
  );
}

/** What the Dockerfile makes, carried out in a plain folder. */
export function makeImage(folder: string) {
  const stages = stagesOf(readDockerfile());
  const root = carryOut(stages, folder);
  const steps = stages.at(-1)?.steps ?? [];
  const wordsOf = (name: string) => steps.find((step) => step.name === name)?.words ?? '';
  const volume = wordsOf('VOLUME');
  const env = Object.fromEntries(steps.filter(isNamed('ENV')).map(({ words }) => words.split('=')));
  addBase(root);

  /** As an engine makes one for each container. */
  function newVolume(): string {
    const made = mkdtempSync(join(folder, 'volume-'));
    cpSync(join(root, volume), made, { recursive: true });
    const isOwner = canIsolate && ownerOf(steps, volume);
    if (isOwner) execFileSync('chown', ['-R', isOwner, made]);
    chmodSync(made, 0o755);
    return made;
  }

  /** Runs a command in a container with that volume. */
  function container(given: Env, command: string[], on: string) {
    const all: Env = { ...env, ...given };
    if (canIsolate) {
      const place = [root, on, volume, wordsOf('USER')];
      return runCommand(all, 'unshare', [
        ...UNSHARE,
        'sh',
        '-euc',
        ISOLATED,
        'sh',
        ...place,
        ...command,
      ]);
    }
    const here = (path: string) =>
      path.startsWith(volume)
        ? on + path.slice(volume.length)
        : path.replace(/^\/app/, `${root}/app`);
    const placed = Object.entries(all).map(([name, value]) => [name, here(value)]);
    const [, ...words] = command;
    return runCommand(Object.fromEntries(placed), process.execPath, words.map(here));
  }

  const entrypoint = execForm(wordsOf('ENTRYPOINT'));
  const health = execForm(wordsOf('HEALTHCHECK').replace(/^.*?CMD /, ''));
  return {
    root,
    newVolume,
    run: (given: Env, args: string[] = [], on = newVolume()) =>
      container(given, [...entrypoint, ...args], on),
    checkHealth: (given: Env) => container(given, health, newVolume()).ended(),
    /** The first process of a container, as this machine numbers it. */
    firstProcess(pid: number): number {
      if (!canIsolate) return pid;
      return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
    },
  };
}

const isNamed = (name: string) => (step: Step) => step.name === name;

const ownerOf = (steps: Step[], path: string) =>
  steps.find(({ name, words }) => name === 'COPY' && words.endsWith(` ${path}`))?.flags.chown;

/** Node with its libraries and nothing else, as in a distroless image: no shell. */
function addBase(root: string): void {
  const node = join(root, 'nodejs/bin/node');
  for (const folder of ['dev', 'proc', 'nodejs/bin'])
    mkdirSync(join(root, folder), { recursive: true });
  cpSync(process.execPath, node, { dereference: true });
  if (!canIsolate) return;
  const linked = execFileSync('ldd', [node], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g);
  for (const [, library = ''] of linked) {
    mkdirSync(dirname(join(root, library)), { recursive: true });
    cpSync(library, join(root, library), { dereference: true });
  }
}
