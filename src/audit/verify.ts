import { existsSync } from 'node:fs';
import { type ChainState, createChain } from './chain.ts';
import { linesOf } from './lines.ts';

/** The rotated files behind a name, oldest first: `audit.jsonl.2`, `audit.jsonl.1`, `audit.jsonl`. */
export function withRotated(file: string): string[] {
  const files = [file];
  for (let number = 1; existsSync(`${file}.${number}`); number++) {
    files.unshift(`${file}.${number}`);
  }
  return files;
}

export type Verdict =
  | { ok: true; rows: number; hash: string }
  | { ok: false; where: string; problem: string };

/** Follows the chain through files in the order of their rows and names the first row that breaks it. */
export async function verify(files: string[]): Promise<Verdict> {
  let state: ChainState | undefined;
  for (const file of files) {
    const chain = createChain(state);
    for await (const line of linesOf(file)) {
      const broken = chain.follow(line);
      if (broken) return { ok: false, where: `${file}:${broken.line}`, problem: broken.problem };
    }
    state = chain.state();
  }
  return { ok: true, rows: state?.rows ?? 0, hash: state?.hash ?? '' };
}
