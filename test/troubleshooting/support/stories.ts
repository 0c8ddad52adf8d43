import { expect, it } from 'vitest';
import { type Symptom, see } from '../../../src/troubleshooting.ts';
import { eventually, type HelpDesk, keepBody, type Shown } from '../../support/help-desk.ts';
import { SECTIONS } from './page.ts';

/** Brings a misconfiguration about, and returns everything that the product says. */
type Story = () => Promise<string>;

/**
 * The stories of a symptom, by what is wrong. Where the page lists its causes, in the same words; what differs between
 * stories of one cause follows a colon.
 */
export type Stories = Partial<Record<Symptom, Record<string, Story>>>;

/** The cause of which a story tells. */
export const causeOf = (story: string): string => story.split(': ')[0] ?? story;

/** What can be read in one line of the log; other lines stay as they are. */
function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  const { msg, reason, refusal, status, cause, unknown, err = {}, see: place } = JSON.parse(line);
  const { message, code, cause: below, needed } = err;
  return [msg, reason, refusal, status, cause, unknown, message, code, below, needed, place]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** What a process printed. */
export const printedText = (printed: string): string =>
  printed.split('\n').map(readable).join('\n');

/** Waits until the log says it. */
export const says = ({ printed }: HelpDesk, words: string): Promise<unknown> =>
  eventually(() => printed.join('').includes(words));

/** What the log and `/readyz` say, and what people were shown. */
export async function heard(desk: HelpDesk, ...shown: Shown[]): Promise<string> {
  const ready = await keepBody(await fetch(`${desk.ops}/readyz`));
  const screens = shown.map(desk.screen);
  for (const one of screens.filter((text) => /your SecurID Desk administrator/i.test(text))) {
    expect(one).toContain('docs/troubleshooting.md#');
  }
  return [printedText(desk.printed.join('')), ready, ...screens].join('\n');
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

const plain = (text: string) => text.replaceAll('`', '').replace(/\s+/g, ' ');

/** A sentence of the page, in which “…” stands for anything on the line. */
const patternOf = (sentence: string) =>
  new RegExp(plain(sentence).split('…').map(escaped).join('.{0,200}?'));

/** Nobody can tell these from a slip of whoever types, or nothing arrives that could be logged. */
const WITHOUT_LINK: ReadonlySet<string> = new Set<Symptom>([
  'slack-says-dispatch_failed',
  'slack-did-not-recognize-that-name',
]);

/**
 * Tests that each story finds a sentence of its symptom on the page, the link to it and a code of its cause, and
 * that the stories of a symptom together find every sentence.
 */
export function tell(stories: Stories): void {
  for (const { anchor, sentences, causes } of SECTIONS) {
    const own = Object.entries(stories[anchor as Symptom] ?? {});
    if (own.length === 0) continue;
    const found = new Set<string>();
    it.each(own)(`${anchor}: %s`, async (name, story) => {
      const said = await story();
      const here = sentences.filter((one) => patternOf(one).test(plain(said)));
      for (const one of here) found.add(one);
      expect(here, said).not.toEqual([]);
      const { codes = [] } = causes.find((cause) => cause.name === causeOf(name)) ?? {};
      if (codes.length > 0) expect(said).toMatch(new RegExp(codes.map(escaped).join('|')));
      if (!WITHOUT_LINK.has(anchor)) expect(said).toContain(see(anchor as Symptom));
    });
    it(`${anchor}: has no sentence that nobody reads`, () => {
      expect(sentences.filter((one) => !found.has(one))).toEqual([]);
    });
  }
}
