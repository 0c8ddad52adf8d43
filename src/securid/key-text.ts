import { parseJson } from './failure.ts';

/** Whitespace, byte order marks and invisible characters around a pasted or saved key. */
const EDGES = /^[\s\p{Cc}\p{Cf}\ufffc]+|[\s\p{Cc}\p{Cf}\ufffc]+$/gu;

/** Parses a key's JSON. `undefined` if it is not JSON. */
export function parseKey(text: string): unknown {
  const json = text.replace(EDGES, '');
  const value = parseJson(json) ?? parseJson(`"${json}"`);
  // A key copied out of a program or another file is JSON in a JSON string.
  return typeof value === 'string' ? parseJson(value) : value;
}

/** Says what a text that is not a key looks like, without quoting it. */
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
