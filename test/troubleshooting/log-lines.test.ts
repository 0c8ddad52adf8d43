import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { sources } from '../support/sources.ts';

type Line = { path: string; text: string };

type Node = { type: string; start: number; end: number };

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** Each call that logs a warning or an error, as it is written. */
function linesIn({ path, text }: { path: string; text: string }): Line[] {
  const found: Line[] = [];
  function look(value: unknown): void {
    if (Array.isArray(value)) for (const one of value) look(one);
    if (!isNode(value)) return;
    const written = text.slice(value.start, value.end);
    if (value.type === 'CallExpression' && /^[\w.]*\blog\.(?:warn|error|fatal)\(/i.test(written)) {
      found.push({ path, text: written.replace(/\s+/g, ' ') });
    }
    for (const below of Object.values(value)) look(below);
  }
  look(parseAst(text, { lang: 'ts' }, path));
  return found;
}

const ALL = sources('.')
  .filter(({ path }) => path.endsWith('.ts') && !path.startsWith('src/playground/'))
  .flatMap(linesIn);

const hasPlace = ({ text }: Line) => /\bsee\b|\.\.\.place\b/.test(text);
/** The error says where its remedy stands, if there is one. */
const hasError = ({ text }: Line) => /\berr\b/.test(text);

/** Those that say neither, and why they need not: a part of each, as it is written. */
const NEED_NONE: Record<string, string[]> = {
  'has been put right': [
    'TAKEN_OVER',
    'STILL_OURS',
    'a new key signs the audit trail',
    'came twice is not answered again',
    'the oldest connections are closed',
    'were found in the audit trail',
  ],
  'tells people in Slack, who act': [
    'many agents look up one user',
    "'refused'",
    'not every instance knows of a block',
    'was reported as not asked for',
    'nothing can be lifted yet',
  ],
  'is over, and the next start or Slack shows what came of it': [
    'stopping without an answer',
    'stopping before Slack',
    'may come late',
  ],
  'takes its place from why it failed': ['reasonOf(error)'],
};

describe('a line of the log', () => {
  it('is found by this test', () => {
    const text = "if (a) log.warn({ err }, 'b');\nlog.info('c');\ncall.log.error(\n  'd',\n);";
    expect(linesIn({ path: 'a.ts', text }).map((line) => line.text)).toEqual([
      "log.warn({ err }, 'b')",
      "call.log.error( 'd', )",
    ]);
    expect(ALL.length).toBeGreaterThan(50);
  });

  it('links to the remedy, if its words name one', () => {
    const naming = ALL.filter(({ text }) =>
      /['`][^'`]*(?:[A-Z]{2,}_[A-Z]{2,}|\binvite|is the bot)/.test(text),
    );
    expect(naming.length).toBeGreaterThan(3);
    expect(naming.filter((line) => !hasPlace(line))).toEqual([]);
  });

  it('says so, or has an error that does, or needs no remedy', () => {
    const without = ALL.filter((line) => !hasPlace(line) && !hasError(line));
    const known = Object.values(NEED_NONE).flat();
    expect(without.filter(({ text }) => !known.some((part) => text.includes(part)))).toEqual([]);
    expect(known.filter((part) => !without.some(({ text }) => text.includes(part)))).toEqual([]);
  });
});
