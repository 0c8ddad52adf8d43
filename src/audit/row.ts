import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Event, meaningOf, type ReadEvent, readEvent } from './events.ts';
import type { Signer } from './key.ts';

/** What a row says besides its event and its place in the chain. No property holds what a change answered, such as a registration code. */
const Details = z.object({
  /** Slack user id. */
  actor: z.string().optional(),
  /** Slack team id. */
  team: z.string().optional(),
  channel: z.string().optional(),
  /** What was asked for: a change by its name, anything else by its command, or its button's `action_id`. */
  operation: z.string().optional(),
  /** Whom or what it was about: a SecurID user id, what was typed to find one, a serial number, or when
   * something was due. */
  target: z.string().optional(),
  /** Why, in the agent's words; for a refusal, why it was refused. */
  reason: z.string().optional(),
  /** Why an approver denied it, in their words. Earlier versions did not ask. */
  denial: z.string().optional(),
  /** The code of what failed. */
  failure: z.string().optional(),
  ticket: z.string().optional(),
  /** How the agent verified the caller. */
  method: z.string().optional(),
  /** If they had verified the caller for an earlier change: its incident number, and how many seconds before. */
  verified: z.object({ incident: z.string(), age: z.number() }).optional(),
  /** The change's input, such as the platform of a registration code. */
  input: z.record(z.string(), z.string()).optional(),
  /** Slack user id of the approver, if there was one. */
  approver: z.string().optional(),
  /** The id of the card that was used. No card is used twice. */
  card: z.string().optional(),
  /** The public key that signs from the next row on. */
  newKey: z.string().optional(),
});

/** A row as it stands in the file, whichever version wrote it. */
const Link = z.object({
  event: z.string(),
  /** The same for everything that follows from one request. */
  incident: z.string(),
  time: z.string(),
  /** From 1, without gaps. */
  seq: z.number().int().positive(),
  /** SHA-256 of the line before, in hex; zeros in the first row. */
  prev: z.string().regex(/^[\da-f]{64}$/),
  /** The public key of the signature (Ed25519, 32 bytes in base64url); none in rows of older versions. */
  key: z.string().optional(),
  /** The signature of the line without this property, in base64url. */
  sig: z.string().optional(),
});

type Details = z.output<typeof Details>;
type Link = z.output<typeof Link>;

export type Entry = Details & Pick<Link, 'incident'> & { event: Event };
export type Row = Details & Omit<Link, 'event'> & { event: ReadEvent };

/** The change that a row begins or ends: one incident may have several, such as what a report ends by itself. */
export const changeIn = ({ incident, operation = '' }: Pick<Row, 'incident' | 'operation'>) =>
  `${incident} ${operation}`;

/** A place in the trail from which a later start continues. */
export const Position = z.object({
  /** The number of a row; 0 before the first. */
  seq: z.number().int().nonnegative(),
  /** SHA-256 of its line, in hex. */
  hash: z.string().regex(/^[\da-f]{64}$/),
  /** The number of the oldest intent without an outcome then. */
  openSince: z.number().int().positive().optional(),
});

export type Position = z.output<typeof Position>;

export const FIRST_PREV = '0'.repeat(64);

/** The hash that the next row carries. */
export const hashOf = (line: string) => createHash('sha256').update(line).digest('hex');

/**
 * Reads a row; `undefined` if the line is not one. A row of a newer version that this one does not understand
 * is a row without meaning.
 */
export function readRow(line: string): Row | undefined {
  try {
    const written: unknown = JSON.parse(line);
    const { event, ...link } = Link.parse(written);
    const { data } = Earlier.safeParse(written);
    if (!data) return { ...link, event: readEvent('') };
    return { ...inOurWords(readEvent(event), data), ...link };
  } catch {
    return undefined;
  }
}

/** In earlier versions `platform` was a property of its own. */
const Earlier = Details.extend({ platform: z.string().optional() });

/** They had one change, and named the button or the form that asked for it. No change has such a name. */
const isOfCode = (event: ReadEvent, operation = '') =>
  meaningOf(event).change ? operation.includes(':') : /^registration-code:/.test(operation);

function inOurWords(event: ReadEvent, read: z.output<typeof Earlier>) {
  const { platform, ...details } = read;
  return {
    event,
    ...details,
    ...(event !== 'refusal' && isOfCode(event, details.operation) && { operation: 'code' }),
    ...(platform !== undefined && { input: { platform, ...details.input } }),
  };
}

/** A row as a signed line. */
export function signedLine(
  row: Omit<Row, 'event'> & { event: string },
  { key, sign }: Signer,
): string {
  const line = JSON.stringify({ ...row, key });
  return `${line.slice(0, -1)},"sig":"${sign(line)}"}`;
}

/** The signed part of a line and its signature; `undefined` if it has none. */
export function signedPart(line: string): { line: string; signature: string } | undefined {
  const found = /,"sig":"([\w-]{86})"\}$/.exec(line);
  if (!found?.[1]) return undefined;
  return { line: `${line.slice(0, found.index)}}`, signature: found[1] };
}
