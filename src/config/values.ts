/**
 * What may surround a value: blanks, line ends and invisible characters, such as editors' byte order mark and
 * the U+FFFC and U+200B of web pages and chats.
 */
const EDGE = '[\\s\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}\\ufffc]';
const EDGES = new RegExp(`^${EDGE}+|${EDGE}+$`, 'gu');

const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}\ufffc]/gu;

/** Straight quotes, and those that word processors make of them. */
const PAIRS = ['""', "''", '``', '“”', '‘’', '„“', '«»'];

const trimmed = (text: string) => text.replace(EDGES, '');

/**
 * Trims a value and removes one pair of quotes.
 * @see https://github.com/docker/cli/issues/3630 why quotes arrive
 */
export function bare(text: string): string {
  const value = trimmed(text);
  const isQuoted = value.length > 1 && PAIRS.includes(`${value.at(0)}${value.at(-1)}`);
  return isQuoted ? trimmed(value.slice(1, -1)) : value;
}

/** The items of a comma-separated list. Each may have quotes, of which trimming removed the outermost. */
export const listed = (text: string): string[] =>
  text
    .split(',')
    .map((item) => bare(withoutOddQuote(bare(item))))
    .filter(Boolean);

function withoutOddQuote(item: string): string {
  const [quote] = /["'`]/.exec(item) ?? [];
  if (quote === undefined || item.split(quote).length % 2 === 1) return item;
  return item.startsWith(quote) ? item.slice(1) : item.endsWith(quote) ? item.slice(0, -1) : item;
}

/** A value without invisible characters, such as a token. */
export const seen = (text: string): string => text.replace(UNSEEN, '');

/** What is visibly wrong with a one-word value, without showing it. */
export function flawOf(text: string): string | undefined {
  if (/[\r\n]/.test(text)) return 'has a line break in it';
  if (/\s/.test(text)) return 'has a space in it';
  if (/["'`“”‘’„«»]/.test(text)) return 'has a quotation mark in it';
  if (/^[A-Z][A-Z_]+=/.test(text)) return 'begins with the name of a variable';
  if (/[^\x21-\x7e]/.test(text)) return 'has a character in it that is not ASCII';
  return undefined;
}

/** Whether what is percent-encoded in it can be decoded, as in the user and the password of a URL. */
export function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
