import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

/** In bytes. No secret is that large. */
const LARGEST = 1_000_000;

/** In milliseconds. */
const PATIENCE = {
  /** Until somebody writes to a pipe. */
  first: 1000,
  /** Until whoever writes to it has finished; programs such as `vault` ask a server first. */
  rest: 10_000,
  /** Between two looks. */
  look: 10,
};

/** A file that is no place for a secret. */
class Unsuitable extends Error {
  readonly code: 'DEVICE' | 'SILENT' | 'TOO_LARGE';

  constructor(code: Unsuitable['code']) {
    super(code);
    this.code = code;
  }
}

/**
 * The text of a file that holds a secret, as UTF-8. It may be a pipe, such as a shell's `<(…)`. Neither a pipe that
 * nobody writes to nor a file without an end holds up the start.
 * @throws Node's error, or one with the code `DEVICE`, `SILENT` (a pipe) or `TOO_LARGE`
 */
export function readSecretFile(path: string): string {
  // Otherwise, opening a pipe would wait for somebody to write to it.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const kind = fstatSync(file);
    if (kind.isCharacterDevice() || kind.isBlockDevice()) throw new Unsuitable('DEVICE');
    return textOf(file, kind);
  } finally {
    closeSync(file);
  }
}

function textOf(file: number, kind: Stats): string {
  const chunks: Buffer[] = [];
  let size = 0;
  let waited = 0;
  let hasWriter = !kind.isFIFO();
  for (;;) {
    const chunk = nextOf(file);
    const isEnd = chunk?.length === 0;
    hasWriter ||= !isEnd;
    if (isEnd && hasWriter) return Buffer.concat(chunks).toString('utf8');
    if (chunk && !isEnd) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > LARGEST) throw new Unsuitable('TOO_LARGE');
      continue;
    }
    if (waited >= (hasWriter ? PATIENCE.rest : PATIENCE.first)) throw new Unsuitable('SILENT');
    sleep(PATIENCE.look);
    waited += PATIENCE.look;
  }
}

/** Empty at the end, and in a pipe that nobody has opened yet; `undefined` while somebody is about to write. */
function nextOf(file: number): Buffer | undefined {
  const chunk = Buffer.alloc(65_536);
  try {
    return chunk.subarray(0, readSync(file, chunk));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return undefined;
    throw error;
  }
}

const sleep = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
