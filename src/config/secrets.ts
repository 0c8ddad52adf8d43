import { fileOf, SECRETS } from './environment.ts';
import { bare } from './values.ts';

/** One per line, without values. */
export type Problems = string[];
export type ReadFile = (path: string) => string;

type Values = Record<string, string>;

export type Secrets = {
  /** The environment, with the text of each file as the value of its secret. */
  values: Values;
  /** The variable that a secret was set by: its own, or the one that names its file. */
  nameOf: (name: string) => string;
  /** Whether one of these was given as a file that could not be used, which is among the problems. */
  areLost: (...names: string[]) => boolean;
};

/**
 * Reads the secrets that are given as files, such as Docker's, Kubernetes' and systemd's; adds to the problems.
 * @param given what is set, by name
 */
export function readSecrets(given: Values, readFile: ReadFile, problems: Problems): Secrets {
  const values = { ...given };
  const names = new Map<string, string>();
  const lost = new Set<string>();
  for (const name of SECRETS) {
    const variable = fileOf(name);
    const path = given[variable];
    delete values[variable];
    if (path === undefined) continue;
    if (given[name] !== undefined) {
      problems.push(`${name} and ${variable}: only one of the two can be used`);
      continue;
    }
    const read = textOf(path, readFile);
    if ('flaw' in read) {
      problems.push(`${variable}: ${read.flaw}`);
      lost.add(name);
    } else {
      values[name] = read.text;
      names.set(name, variable);
    }
  }
  return {
    values,
    nameOf: (name) => names.get(name) ?? name,
    areLost: (...all) => all.some((name) => lost.has(name)),
  };
}

function textOf(path: string, readFile: ReadFile): { text: string } | { flaw: string } {
  try {
    const text = bare(readFile(path));
    if (text === '') return { flaw: 'the file is empty' };
    // PowerShell's `>` writes UTF-16.
    return NOT_UTF8.test(text) ? { flaw: 'the file is not saved as UTF-8' } : { text };
  } catch (error) {
    const why = WHY_NOT_READ[String(error instanceof Error && 'code' in error && error.code)];
    return { flaw: `the file cannot be read${why ?? ''}` };
  }
}

/** What decoding as UTF-8 leaves of anything else. */
const NOT_UTF8 = /[\0\ufffd]/;

const WHY_NOT_READ: Record<string, string> = {
  ENOENT: ': there is no such file',
  EACCES: ': this user may not read it',
  EPERM: ': this user may not read it',
  // Docker creates a folder if a file to mount is missing.
  EISDIR: ': it is a folder',
  DEVICE: ': it is a device',
  SILENT: ': it is a pipe, and no text came out of it in time',
  TOO_LARGE: ': it is larger than any secret',
};
