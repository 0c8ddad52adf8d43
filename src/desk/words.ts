import { z } from 'zod';
import { LONGEST_SERIAL } from '../securid/index.ts';
import { asTyped } from '../slack/typed.ts';

/** Longer than any sensible command. */
const LONGEST_COMMAND = 500;
/** The same before pasted extras are removed. */
const LONGEST_TEXT = 4000;

/** Separates list items: a word of its own. */
export const COMMA = ',';
const COMMAS = /[,;،؛、]/gu;

/** Quote characters to straighten, before NFKC, which turns `´` into a blank. */
const APOSTROPHES =
  /[\u2018-\u201b\u275b\u275c\u2032\u2035\u2039\u203a\u02b9\u02bb\u02bc`´\uff07\uff40]/g;
const QUOTES = /[\u201c-\u201f\u2033\u2036«»\u275d\u275e\u301d-\u301f\uff02]/g;

/** Dashes that word processors make of a hyphen. */
const DASHES = /[\u2010-\u2015\u2212\u02d7\u2043\ufe58\ufe63\uff0d]/g;

/** Characters without width, and the placeholder for a pasted picture. */
const INVISIBLE = /[\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\ufffc]/gu;
const BLANKS = /[\s\p{White_Space}\u2800]+/u;

const EDGE = '\\p{Ps}\\p{Pe}\\p{Pi}\\p{Pf}<>"\'*,;:|·•';
/** Also list marks and arrows. */
const LEADING = new RegExp(`^[${EDGE}‣◦●▪→⇒]+`, 'u');
/** Also what ends a sentence, in any script. */
const TRAILING = new RegExp(`[${EDGE}\\p{Sentence_Terminal}]+$`, 'u');
const BRACKETED = /^[<([{].*[>)\]}][,;:.]*$/;
const READABLE = /[\p{L}\p{N}]/u;

/** Labels of an address or a user name in address books, ticket systems and directories. */
const LABELS =
  'e-?mail|mail|upn|user-?principal-?name|login|logon|user|user-?name|user-?id|uid|sam-?account-?name|account|to|from|cc|bcc|caller|contact|reporter|requester';
/** A link's scheme, or a label. */
const SCHEME = new RegExp(`^(?:mailto|smtp|sip|tel|${LABELS}):(?=.)`, 'i');
/** A word that is a label, a list number, or joins a label to what follows. */
export const LABEL = new RegExp(`^(?:${LABELS}|of|for|address|name|id|\\d{1,2})$`, 'i');
/** A person, a group, a channel, or a link that misleads. */
const SLACKS = /^<(?:[@#!][^<>]*)?>$/;

/**
 * The words of a slash command or a field, without what pasting adds: letters normalized, nothing invisible,
 * no quotes, brackets or punctuation around them, nothing without letters and digits unless it stands alone.
 * What Slack put in angle brackets is one word. An address in brackets, or a user name in brackets after a
 * name, becomes `<…>`. A comma or semicolon between words becomes the word `,`.
 * @returns `undefined` for text that cannot be a command
 */
export function splitWords(text: string): string[] | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const plain = withoutDress(asTyped(text));
  if (plain.length > LONGEST_COMMAND) return undefined;
  const parts = plain.replace(COMMAS, ` ${COMMA} `).split(BLANKS);
  if (parts.some((part) => /\p{Cc}/u.test(part))) return undefined;
  const words: string[] = [];
  const marks: string[] = [];
  for (const part of parts) {
    const [word] = trimmed(part);
    if (word === undefined || (word === COMMA && words.length === 0)) continue;
    if (!READABLE.test(word) && word !== COMMA && !SLACKS.test(word)) marks.push(word);
    else words.push(isBehindName(part, word, words) ? `<${word}>` : word);
  }
  const all = words.slice(0, words.findLastIndex((word) => word !== COMMA) + 1);
  return all.length > 0 ? all : marks;
}

const withoutDress = (text: string) =>
  text
    .replace(APOSTROPHES, "'")
    .replace(QUOTES, '"')
    .replace(DASHES, '-')
    .replace(INVISIBLE, '')
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replaceAll('](', '] (')
    .replaceAll('<', ' <')
    .replaceAll('>', '> ');

/** Text that is read as a whole, such as a ticket number, without what pasting adds around and inside it. */
export const undressed = (text: string) =>
  withoutDress(text)
    .split(BLANKS)
    .join(' ')
    .replace(new RegExp(`^[${EDGE}# ]+|[${EDGE}. ]+$`, 'gu'), '');

/** No word if nothing remains. */
function trimmed(part: string): string[] {
  if (part === COMMA || SLACKS.test(part)) return [part];
  const inside = part.replace(LEADING, '').replace(TRAILING, '').replace(SCHEME, '');
  const word = asAddress(inside.replace(LEADING, ''));
  // Alone, `?` is a command.
  if (word === '') return part.includes('?') ? ['?'] : [];
  return [BRACKETED.test(part) && EMAIL.test(word) ? `<${word}>` : word];
}

/** A user name in brackets, as address books write it: `Grace Hopper (ghopper)`. */
const isBehindName = (part: string, word: string, words: string[]) =>
  BRACKETED.test(part) &&
  USERNAME.test(word) &&
  words.filter((one) => one !== COMMA).length > 1 &&
  CAPITAL.test(words.at(-1) ?? '');

/**
 * An address without a leading @, a mailto query, `!`, and Slack's markup for italics and strikethrough.
 */
function asAddress(word: string): string {
  const address = word
    .replace(/^@(?=[^@]+@)/, '')
    .replace(/(?<=@[^@?!]+)[?!].*$/, '')
    .replace(/^([_~])([^@]+@[^@]+)\1$/, '$2');
  return EMAIL.test(address) ? address : word;
}

/** The items of a list. */
export function splitList(words: string[]): string[][] {
  const items: string[][] = [[]];
  for (const word of words) {
    if (word === COMMA) items.push([]);
    else items.at(-1)?.push(word);
  }
  return items.filter((item) => item.length > 0);
}

/** The person that a command is about, before any look-up. */
export const Who = z.union([
  z.object({ mention: z.string() }),
  z.object({ email: z.string() }),
  z.object({ username: z.string() }),
  z.object({ userId: z.string() }),
]);
export type Who = z.output<typeof Who>;

const MENTION = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/;
const EMAIL =
  /^[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_{|}~·-]{1,64}@[\p{L}\p{M}\p{N}-]+(?:[.。][\p{L}\p{M}\p{N}-]+)*$/u;
const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;
/** User names, in any script: `jdoe`, `jane.doe`, `ACME\jdoe`, `_svc`, `o'brien`. */
const USERNAME = /^[\p{L}\p{N}_$][\p{L}\p{M}\p{N}._+\-\\/$'&!#%~^=·׳״・]{0,253}$/u;
/** In characters. */
export const LONGEST_EMAIL = 254;
/** A capital letter, or a letter of a script without capitals. */
export const CAPITAL = /^(?!\p{Ll})\p{L}/u;

/** A Slack mention, an e-mail address, a SecurID user id or a user name; `undefined` for anything else. */
export function readWho(text: string): Who | undefined {
  const [word = '', ...more] = splitList(splitWords(text) ?? []).flat();
  if (more.length > 0) return undefined;
  const [, mention] = MENTION.exec(word) ?? [];
  if (mention) return { mention };
  if (SLACKS.test(word)) return undefined;

  const plain = isBracketed(word) ? word.slice(1, -1) : word;
  if (EMAIL.test(plain) && plain.length <= LONGEST_EMAIL) {
    return { email: plain.replaceAll('。', '.') };
  }
  if (UUID.test(plain)) return { userId: plain.toLowerCase() };
  return USERNAME.test(plain) ? { username: plain } : undefined;
}

/** Whether a word is in brackets, like an address after a name. */
export const isBracketed = (word: string) => word.startsWith('<') && !SLACKS.test(word);

/** A word that only looks like a Slack mention. */
export function readNobody(word: string): 'a group' | 'a name' | 'an id' | undefined {
  if (word.startsWith('<!subteam^')) return 'a group';
  if (/^@[\p{L}\p{N}]/u.test(word)) return 'a name';
  return looksLikeId(word) && word.startsWith('0', 1) ? 'an id' : undefined;
}

/** Slack ids mix capitals and digits; user names may, too. */
export const looksLikeId = (word: string) => /^[UW](?=.*[A-Z])(?=.*\d)[A-Z\d]{6,}$/.test(word);

/** Separators within a serial number. */
const BETWEEN = /[\s\p{Pd}.·•∙⋅․_/\\'"=#:()[\]<>*+°!?~]/gu;
/** Labels before a serial number. */
const BEFORE =
  /^(?:rsa|(?:securid|sid)(?:700(?=\d{12}$|\D))?|ds100|hardware|otp|token|device|serien|serial|s[eé]rie|ser|de|nummer|number|n[uú]m[eé]ro|num|no|s?nr?)+(?=\d)/i;

/**
 * Reads a serial number: drops blanks, dashes, dots, `#` and `SN:`, keeps leading zeros.
 * RSA takes at most 36 characters, and every serial number it documents is digits.
 */
export function readSerial(words: string[]): string | undefined {
  const [item = [], ...more] = splitList(splitWords(words.join(' ')) ?? []);
  if (more.length > 0) return undefined;
  const serial = item.join('').replace(BETWEEN, '').replace(BEFORE, '');
  return /^\d+$/.test(serial) && serial.length <= LONGEST_SERIAL ? serial : undefined;
}

/** The shortest serial number as printed. Nobody splits one and writes a part that long. */
const SHORTEST_PRINTED = 9;

/** The shortest without its leading zeros. */
const SHORTEST_ALONE = 5;

/** What may be a serial number, and what is hardly anything else. */
export function looksLikeSerial(word: string): 'perhaps' | 'hardly anything else' | undefined {
  const { length } = readSerial([word]) ?? '';
  if (length < SHORTEST_ALONE) return undefined;
  return length < SHORTEST_PRINTED ? 'perhaps' : 'hardly anything else';
}

const printedIn = (parts: string[]) =>
  parts
    .map((part) => readSerial([part]) ?? '')
    .filter((serial) => serial.length >= SHORTEST_PRINTED);

/** A list number. */
const NUMBER = /^[1-9]\d?$/;

/** Several serial numbers, in a list or a column. A single one may be written in parts. */
export function readSerials(words: string[]): string[] {
  const typed = splitWords(words.join(' ')) ?? [];
  const [number = '', one = '', ...others] = typed;
  const isPrinted = (readSerial([one])?.length ?? 0) >= SHORTEST_PRINTED;
  const isListed = NUMBER.test(number) && isPrinted && others.length === 0;
  const plain = isListed ? [one] : typed;
  const printed = plain.flatMap((word) => {
    const parts = printedIn(word.split(BETWEEN));
    return parts.length > 1 ? parts : printedIn([word]);
  });
  if (printed.length > 1) return printed;
  const items = splitList(plain).map(readSerial);
  if (items.every((item) => item && item.length < SHORTEST_ALONE)) {
    const whole = readSerial(plain.filter((word) => word !== COMMA));
    return whole === undefined ? [] : [whole];
  }
  return items.every((item) => item !== undefined) ? items : [];
}
