import { z } from 'zod';
import { LONGEST_SERIAL } from '../securid/index.ts';
import { unescapeMrkdwn } from '../slack/mrkdwn.ts';

/** Longer than any command makes sense; Slack takes far more. */
const LONGEST_COMMAND = 500;

/**
 * The words of a slash command: what Slack put in angle brackets is one word.
 * @returns `undefined` for text that no command looks like
 */
export function splitWords(text: string): string[] | undefined {
  if (text.length > LONGEST_COMMAND) return undefined;
  if (/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text)) return undefined;
  return text.match(/<[^<>]*>|[^\s<]+|</g) ?? [];
}

/** Whom a command is about, before anybody was looked up. */
export const Who = z.union([
  z.object({ mention: z.string() }),
  z.object({ email: z.string() }),
  z.object({ username: z.string() }),
  z.object({ userId: z.string() }),
]);
export type Who = z.output<typeof Who>;

const MENTION = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/;
const MAIL_LINK = /^<mailto:([^|>]+)(?:\|[^>]*)?>$/;
const EMAIL = /^[\p{Script=Latin}\d.!#$%&'*+/=?^_{|}~-]{1,64}@[a-z\d-]+(?:\.[a-z\d-]+)*$/iu;
const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;
/** As directories have them: `jdoe`, `jane.doe`, `ACME\jdoe`, `o'brien`. */
const USERNAME = /^[\p{Script=Latin}\d][\p{Script=Latin}\d._+\-\\/$'’]{0,254}$/u;
const LONGEST_EMAIL = 254;

/** A Slack mention, an e-mail address, a SecurID user id or a user name; `undefined` for anything else. */
export function readWho(word: string): Who | undefined {
  const [, mention] = MENTION.exec(word) ?? [];
  if (mention) return { mention };

  const [, linked] = MAIL_LINK.exec(word) ?? [];
  const text = unescapeMrkdwn(linked ?? word);
  if (EMAIL.test(text) && text.length <= LONGEST_EMAIL) return { email: text };
  if (linked) return undefined;
  if (UUID.test(text)) return { userId: text.toLowerCase() };
  return USERNAME.test(text) ? { username: text } : undefined;
}

/**
 * A serial number as read off the back of a token: blanks and dashes go, leading zeros stay.
 * RSA takes at most 36 characters, and every serial number it documents is digits.
 */
export function readSerial(words: string[]): string | undefined {
  const serial = words.join('').replace(/[\s\u2010-\u2015-]/g, '');
  return /^\d+$/.test(serial) && serial.length <= LONGEST_SERIAL ? serial : undefined;
}
