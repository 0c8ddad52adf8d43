import { type ChainState, createChain } from './chain.ts';
import { linesOf } from './lines.ts';

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
