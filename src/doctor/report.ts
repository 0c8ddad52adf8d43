import { styleText } from 'node:util';
import { AREAS, type Finding } from './finding.ts';
import type { Result } from './run-checks.ts';

/** The width of a plain terminal. */
const WIDTH = 80;

const SIGNS = { ok: '✓', warning: '!', failed: '✗' } as const;
const COLORS = { ok: 'green', warning: 'yellow', failed: 'red' } as const;

type Style = 'bold' | 'dim' | (typeof COLORS)[keyof typeof COLORS];

type Look = {
  colors: boolean;
  /** How long it all took, in milliseconds. */
  took: number;
};

/** For programs: one document. */
export function asJson(results: readonly Result[]): string {
  const checks = inOrder(results).flatMap(({ findings }) => findings);
  return `${JSON.stringify({ ok: isOk(checks), checks }, undefined, 2)}\n`;
}

/** For people: a line for each finding, under headings. */
export function asText(results: readonly Result[], { colors, took }: Look): string {
  const paint = (style: Style, text: string) =>
    colors ? styleText(style, text, { validateStream: false }) : text;
  const all = results.flatMap(({ findings }) => findings);
  const wide = Math.max(...all.map(({ name }) => name.length));
  const name = Math.min(wide, WIDEST_NAME);

  function lines(finding: Finding): string[] {
    const { result, says, remedy, see } = finding;
    const [first = '', ...others] = wrapped(says, WIDTH - name - 6);
    const indent = ' '.repeat(name + 6);
    const begin = `${paint(COLORS[result], SIGNS[result])} ${finding.name.padEnd(name)}`;
    const isShort = finding.name.length <= name;
    return [
      ...(isShort ? [`  ${begin}  ${first}`] : [`  ${begin}`, `${indent}${first}`]),
      ...others.map((line) => `${indent}${line}`),
      ...(remedy ? wrapped(remedy, WIDTH - name - 8) : []).map(
        (line, at) => `${indent}${at === 0 ? '→' : ' '} ${line}`,
      ),
      ...(see ? [`${' '.repeat(Math.min(name + 8, WIDTH - see.length))}${paint('dim', see)}`] : []),
    ];
  }

  const parts = AREAS.flatMap((area) => {
    const findings = results.filter(({ check }) => check.area === area);
    const found = findings.flatMap((one) => one.findings);
    return found.length > 0 ? [[paint('bold', area), ...found.flatMap(lines)].join('\n')] : [];
  });
  return `${[...parts, summary(all, took)].join('\n\n')}\n`;
}

/** Beyond it, a name has a line of its own. */
const WIDEST_NAME = 24;

export const isOk = (findings: readonly Finding[]): boolean =>
  findings.every(({ result }) => result !== 'failed');

const inOrder = (results: readonly Result[]) =>
  AREAS.flatMap((area) => results.filter(({ check }) => check.area === area));

function summary(findings: readonly Finding[], took: number): string {
  const count = (result: Finding['result']) =>
    findings.filter((finding) => finding.result === result).length;
  const told = [
    counted(count('failed'), 'problem'),
    counted(count('warning'), 'warning'),
    `${count('ok')} fine`,
  ];
  const [first = ''] = told;
  told[0] = `${first.charAt(0).toUpperCase()}${first.slice(1)}`;
  return `${told.join(', ')}. Nothing was changed. (${(took / 1000).toFixed(1)} s)`;
}

const counted = (number: number, what: string) =>
  `${number === 0 ? 'no' : number} ${what}${number === 1 ? '' : 's'}`;

/** Breaks a text between its words. */
function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
