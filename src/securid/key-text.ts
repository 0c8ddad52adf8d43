import { parseJson } from './failure.ts';

/** What is around a key that was pasted or saved: blanks, byte order marks, and what cannot be seen. */
const EDGES = /^[\s\p{Cc}\p{Cf}\ufffc]+|[\s\p{Cc}\p{Cf}\ufffc]+$/gu;

/** The JSON of a key. Undefined when it is none. */
export function parseKey(text: string): unknown {
  const json = text.replace(EDGES, '');
  const value = parseJson(json) ?? parseJson(`"${json}"`);
  // Copied out of a program or another file it is JSON in a string of JSON.
  return typeof value === 'string' ? parseJson(value) : value;
}

/** What a text that is no key looks like, told without the text. */
export function flawOfKey(text: string): string | undefined {
  const key = text.replace(EDGES, '');
  if (text.includes('\0') || text.startsWith('\ufffd')) return 'it is not saved as UTF-8';
  if (key === '') return 'it is empty';
  if (key.startsWith('-----BEGIN')) return 'it is PEM';
  if (key.startsWith('<')) return 'it is a page of HTML or XML';
  if (/^eyJ[\w+/=\s-]+$/.test(key) || /^ew[\w+/=\s-]+$/.test(key)) return 'it is Base64';
  if (/^[~./\\\w-]*[/\\][^{}"\n]*$/.test(key)) return 'it is the path of a file';
  if (key.startsWith('{') && !key.endsWith('}')) return 'its end is missing';
  return undefined;
}
