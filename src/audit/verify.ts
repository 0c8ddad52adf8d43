import { type Anchor, type Break, createChain, type KeyUse } from './chain.ts';
import { inOrder } from './files.ts';
import { linesOf } from './lines.ts';

export type Verdict = {
  ok: boolean;
  rows: number;
  /** The number of the first row, if it is not 1 and an anchor of the row before was given. */
  begins: number;
  /** The number of the last row, and the hash that the next row would carry. */
  seq: number;
  hash: string;
  /** Everything that is wrong, in the order of the rows. */
  breaks: Break[];
  /** How many rows are unsigned, from earlier versions: only the chain protects them. */
  unsigned: number;
  keys: KeyUse[];
};

type Options = {
  /** Public keys known from elsewhere. */
  trusted?: string[];
  anchors?: Anchor[];
  /** The public key that must have signed the last row, if known. */
  last?: string | undefined;
};

/** Checks a trail's files, given in any order, and names everything that is wrong. */
export async function verify(
  files: string[],
  { trusted = [], anchors = [], last }: Options = {},
): Promise<Verdict> {
  const chain = createChain({ trusted, anchors, last });
  for (const file of await inOrder(files)) {
    let line = 0;
    try {
      for await (const text of linesOf(file)) {
        line += 1;
        chain.follow(text, `${file}:${line}`);
      }
    } catch (error) {
      if (!isDamaged(error)) throw error;
      chain.damaged(`${file}:${line + 1}`);
    }
  }
  const end = chain.end();
  return { ok: end.breaks.length === 0, ...end };
}

/** Whether a packed file is damaged. */
const isDamaged = (error: unknown) =>
  error instanceof Error && 'code' in error && /^Z_/.test(String(error.code));
