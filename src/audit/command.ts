import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Anchor } from './chain.ts';
import { withRotated } from './files.ts';
import { fingerprint, readPublicKeys } from './key.ts';
import { publicOf } from './key-file.ts';
import { Position } from './row.ts';
import { type Verdict, verify } from './verify.ts';

const USAGE = `npm run audit:verify -- FILE [FILE …] [--key FILE] [--anchor NUMBER:HASH] [--anchors FILE]
or node dist/main.js audit FILE …

Checks an audit trail, and changes nothing.

  FILE       the trail; the rotated files behind its name are found. Or several files, in any order.
  --key      a public key in PEM; may be given several times
  --anchor   the number and hash of a row, kept elsewhere; may be given several times
  --anchors  a text that has anchors in it, such as the log; may be given several times

Exit code: 0 if nothing is wrong, 1 if something is, 2 if the trail could not be checked.`;

const ANCHOR = /(?<!\d)(\d{1,15}):([\da-f]{64})(?![\da-f])/g;

async function check(args: string[]): Promise<number> {
  const { values, positionals: files } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      key: { type: 'string', multiple: true, default: [] },
      anchor: { type: 'string', multiple: true, default: [] },
      anchors: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [only] = files;
  if (only === undefined) throw new Error('Name the file of the audit trail.');
  const [beside] = files.flatMap(keyBeside);
  const local = files.flatMap(positionBeside);
  const trusted = values.key.flatMap((file) =>
    someOf(readPublicKeys(read(file)), `${file}: no Ed25519 public key in it`),
  );
  const anchors = [
    ...values.anchor.flatMap((text) => someOf(anchorsIn(text), `${text}: no NUMBER:HASH`)),
    ...values.anchors.flatMap((file) => someOf(anchorsIn(read(file)), `${file}: no anchor in it`)),
  ];
  const verdict = await verify(files.length === 1 ? withRotated(only) : files, {
    trusted,
    anchors: [...anchors, ...local],
    last: trusted.length === 0 ? beside : undefined,
  });
  for (const { where, problem } of verdict.breaks) console.log(`${where}: ${problem}`);
  const { rows, seq, hash, ok } = verdict;
  if (ok) console.log(`${rows} rows, unbroken. SHA-256 of the last: ${hash}`);
  else console.log(`${rows} rows, broken in ${count(verdict.breaks.length, 'place')}.`);
  if (rows > 0) console.log(`Anchor of the last: ${seq}:${hash}`);
  if (verdict.begins > 1)
    console.log(`Begins at row ${verdict.begins}, which follows a row that has an anchor.`);
  for (const line of trustWords(verdict, trusted.length > 0)) console.log(line);
  if (anchors.length > 0) console.log(`${count(anchors.length, 'anchor')} compared.`);
  else
    console.log('No anchor was given: nobody can tell whether rows are missing at the very end.');
  return ok ? 0 : 1;
}

/** The key beside the trail, where the app keeps it by default. */
function keyBeside(file: string): string[] {
  const beside = publicOf(`${file}.key`);
  return existsSync(beside) ? readPublicKeys(read(beside)) : [];
}

/** The app's last position in the trail, from the state beside it. */
function positionBeside(file: string): Anchor[] {
  try {
    const { parts } = State.parse(JSON.parse(read(`${file}.state`)));
    return parts.trail.seq > 0 ? [parts.trail] : [];
  } catch {
    return [];
  }
}

const State = z.object({ parts: z.object({ trail: Position }) });

function trustWords({ keys, unsigned, rows }: Verdict, given: boolean): string[] {
  if (keys.length === 0) return ['No row is signed: only the chain was checked.'];
  const lines = keys.map(
    ({ key, from: row, trust }) =>
      `From row ${row} signed by ${fingerprint(key)}, ${TRUST[trust]}.`,
  );
  if (unsigned > 0)
    lines.unshift(`${unsigned} of ${rows} rows are not signed: only the chain was checked.`);
  if (!given) lines.push(NO_KEY);
  return lines;
}

const TRUST = {
  given: 'which was given',
  'named by a row': 'which the key before it names',
  unknown: 'which the file itself names',
};
const NO_KEY =
  'No key was given: whoever can write the file could have signed it with a key of their own. Compare the fingerprint, or give --key.';

const anchorsIn = (text: string): Anchor[] =>
  [...text.matchAll(ANCHOR)].map(([, seq, hash = '']) => ({ seq: Number(seq), hash }));

function someOf<T>(all: T[], otherwise: string): T[] {
  if (all.length === 0) throw new Error(otherwise);
  return all;
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;

/** Behind it, Node explains its own rules. */
function firstSentence(message: string): string {
  const [first = ''] = message.split(/\. |\n/);
  return `${first.replace(/\.$/, '')}.`;
}

/** Checks a trail, and prints what it finds. Returns the exit code. */
export async function checkTrail(args: readonly string[]): Promise<number> {
  try {
    return await check([...args]);
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    if (code !== undefined && !code.startsWith('ERR_PARSE_ARGS')) {
      console.error(`${path ?? message}: cannot be read (${code})`);
      return 2;
    }
    console.error(`${code ? firstSentence(message) : message}\n\n${USAGE}`);
    return 2;
  }
}
