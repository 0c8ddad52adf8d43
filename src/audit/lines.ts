import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

const NEWLINE = 10;
const CHUNK = 64 * 1024;

export const isZipped = (file: string) => file.endsWith('.gz');

/** Reads a file line by line, since a trail may be larger than memory. Unpacks `.gz`. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const bytes = createReadStream(file);
  // The loop below throws the stream's errors.
  const unpacked = isZipped(file) ? pipeline(bytes, createGunzip(), () => {}) : bytes;
  let rest = '';
  for await (const chunk of unpacked.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest) yield rest;
}

/**
 * Reads a file's lines from last to first. A packed file must be read from its beginning and gives its last
 * lines, at least `most` of them.
 */
export async function* linesFromEnd(file: string, most: number): AsyncGenerator<string> {
  if (isZipped(file)) {
    const lines: string[] = [];
    for await (const line of linesOf(file)) {
      lines.push(line);
      if (lines.length > 2 * most) lines.splice(0, most);
    }
    yield* lines.reverse();
    return;
  }
  const handle = await open(file, 'r');
  try {
    yield* backwards(handle);
  } finally {
    await handle.close();
  }
}

async function* backwards(handle: FileHandle): AsyncGenerator<string> {
  let { size: until } = await handle.stat();
  /** Pieces of the current line, last piece first. */
  let pieces: Buffer[] = [];
  const line = () => {
    const whole = Buffer.concat(pieces.reverse()).toString('utf8');
    pieces = [];
    return whole;
  };
  while (until > 0) {
    const from = Math.max(until - CHUNK, 0);
    const chunk = Buffer.alloc(until - from);
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, from);
    let end = bytesRead;
    for (let at = before(chunk, end); at >= 0; at = before(chunk, end)) {
      pieces.push(chunk.subarray(at + 1, end));
      const text = line();
      if (text) yield text;
      end = at;
    }
    pieces.push(chunk.subarray(0, end));
    until = from;
  }
  const first = line();
  if (first) yield first;
}

/** The position of the last line break before `end`; -1 if there is none. */
const before = (chunk: Buffer, end: number) =>
  end === 0 ? -1 : chunk.lastIndexOf(NEWLINE, end - 1);

/** A file's length, and the length of its complete lines. */
export async function measure(file: string): Promise<{ size: number; whole: number }> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const chunk = Buffer.alloc(CHUNK);
    // A file that cannot be read may look empty.
    await handle.read(chunk, 0, 1, 0);
    for (let until = size; until > 0; until -= CHUNK) {
      const from = Math.max(until - CHUNK, 0);
      const { bytesRead } = await handle.read(chunk, 0, until - from, from);
      const newline = chunk.subarray(0, bytesRead).lastIndexOf(NEWLINE);
      if (newline >= 0) return { size, whole: from + newline + 1 };
    }
    return { size, whole: 0 };
  } finally {
    await handle.close();
  }
}

/** Pipes have no history. */
export async function isFile(path: string): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  return there?.isFile() ?? false;
}
