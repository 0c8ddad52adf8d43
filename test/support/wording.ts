import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shown, Workspace } from '../../src/playground/workspace/index.ts';
import { OUTPUT } from './printed.ts';

/** Set by `npm run wording`: the stories then keep every text that is shown. */
export const isWanted = Boolean(process.env.WORDING);

export const WORDING = 'wording-';

const FILE = join(OUTPUT, `${WORDING}${process.pid}-${process.env.VITEST_POOL_ID}.jsonl`);

/** The properties of blocks and views that contain text for people. */
const TEXTS = new Set(['text', 'title', 'fallback', 'alt_text']);

const kept = new Set<string>();

/** Keeps a text once. Names and codes in it are replaced when the texts are listed. */
export function keepText(text: string): void {
  if (!isWanted || kept.has(text)) return;
  kept.add(text);
  appendFileSync(FILE, `${JSON.stringify(text)}\n`);
}

/** Keeps everything that the workspace shows. */
export function keepWording(workspace: Pick<Workspace, 'watch'>): void {
  if (isWanted) workspace.watch((shown) => keepTexts(contentOf(shown)));
}

const contentOf = (shown: Shown): unknown =>
  shown.kind === 'view' ? shown.view : { text: shown.text, blocks: shown.blocks };

function keepTexts(value: unknown): void {
  if (!(value instanceof Object)) return;
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'string' && TEXTS.has(name)) keepText(inner);
    else keepTexts(inner);
  }
}
