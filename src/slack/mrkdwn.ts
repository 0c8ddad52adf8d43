import { visible } from './visible.ts';

// mrkdwn holds our own words, ids and dates. What others wrote goes into plain text, where Slack reads no
// markup. Two exceptions: a message's fallback text, where it is escaped, and facts whose value is harmless.

/** @see https://docs.slack.dev/messaging/formatting-message-text#escaping */
export const escapeMrkdwn = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * Whether a text may be shown otherwise than it is written, once it is escaped: asterisks, backticks, tildes,
 * underscores around words, emoji names.
 */
export const mayHoldMarkup = (text: string) =>
  /[*`~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|:[^\s:]+:/u.test(text);

export const unescapeMrkdwn = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/**
 * One line of text that others wrote, at most `length` characters; empty if nothing in it is visible. Slack
 * does not say whether an emoji counts as one or two: here two, and none is cut in half.
 */
export function oneLine(text: string, length: number): string {
  const line = visible(text).replace(/\s+/g, ' ').trim();
  if (line.length <= length) return line;
  const kept = line.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '');
  return `${kept}…`;
}

/**
 * One style for all dates: of Slack's formats only `{date_num}` reads the same in every language, and the same
 * as our own fallback.
 * @see https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
const DATE_FORMATS = {
  day: '{date_num}',
  moment: '{date_num} {time}',
  time: '{time_secs}',
};

/** The end of the year 9999. */
const LATEST = Date.UTC(10_000, 0) - 1;

/** A point in time in the reader's own time zone, with UTC for clients that cannot tell. */
export function dateTime(date: Date, format: keyof typeof DATE_FORMATS): string {
  const utc = `${date.toISOString().slice(0, -8).replace('T', ' ')} UTC`;
  // Slack takes seconds since 1970 only, and a tenant may send anything.
  if (date.getTime() < 0 || date.getTime() > LATEST) return utc;
  return `<!date^${Math.floor(date.getTime() / 1000)}^${DATE_FORMATS[format]}|${utc}>`;
}

/** `2025-02-03`, in UTC. */
export const day = (date: Date) => date.toISOString().replace(/T.*/, '');

export const mentionUser = (userId: string) => `<@${userId}>`;
export const mentionGroup = (groupId: string) => `<!subteam^${groupId}>`;
