import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/sources.ts';

const PAGE = readFileSync(join(ROOT, 'docs/troubleshooting.md'), 'utf8');

type Cause = {
  name: string;
  /** Codes in brackets behind the name. One of them is seen. */
  codes: string[];
};

type Section = {
  /** The heading's anchor, as GitHub makes it. */
  anchor: string;
  /** The sentences by which it is found. */
  sentences: string[];
  /** What may be wrong, if several things may. */
  causes: Cause[];
  /** What stands below the sentences, without the causes. */
  prose: string;
};

const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/** The code at the beginning of a list item. */
const CODE = /^- (`+) ?(.+?) ?\1(?!`)/;

/** A list item that begins in italics, and what follows in brackets. */
const CAUSE = /^- \*(?!\*)(.+?)\*(?: \((.+?)\))?/;

function causeIn(line: string): Cause[] {
  const [found, name = '', codes = ''] = CAUSE.exec(line) ?? [];
  return found
    ? [{ name, codes: [...codes.matchAll(/`(.+?)`/g)].map(([, code = '']) => code) }]
    : [];
}

/** The symptoms on the page: what stands below each heading of the third level. */
export const SECTIONS: Section[] = PAGE.split(/^### /m)
  .slice(1)
  .map((text) => {
    const [heading = '', ...lines] = text.split('\n');
    const end = lines.findIndex((line) => /^(?:\*\*|## )/.test(line));
    const sentences = lines.slice(0, end).flatMap((line) => CODE.exec(line)?.[2] ?? []);
    const prose = lines.slice(end).filter((line) => !CAUSE.test(line));
    return {
      anchor: anchorOf(heading),
      sentences,
      causes: lines.flatMap(causeIn),
      prose: prose.join('\n'),
    };
  });
