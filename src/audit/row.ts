import { createHash } from 'node:crypto';
import { z } from 'zod';
import { eventsThat } from './events.ts';
import type { Signer } from './key.ts';

/** What a row says besides its place in the chain. No property holds a registration code. */
const Entry = z.object({
  event: z.enum(eventsThat(() => true)),
  /** Slack user id. */
  actor: z.string().optional(),
  /** Slack team id. */
  team: z.string().optional(),
  channel: z.string().optional(),
  operation: z.string().optional(),
  /** Whom or what it was about: a SecurID user id, what was typed to find one, a serial number, or when
   * something was due. */
  target: z.string().optional(),
  /** Why, in the words of whoever asked; for a refusal, why it was refused. */
  reason: z.string().optional(),
  /** What failed, by its code. */
  failure: z.string().optional(),
  ticket: z.string().optional(),
  /** How the agent verified the caller. */
  method: z.string().optional(),
  platform: z.string().optional(),
  /** Slack user id of the second person, where there was one. */
  approver: z.string().optional(),
  /** The card that was used for it, by its id: none is used twice. */
  card: z.string().optional(),
  /** The public key that signs from the next row on. */
  newKey: z.string().optional(),
  /** The same for everything that one request led to. */
  incident: z.string(),
});

export const Row = Entry.extend({
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

export type Entry = z.output<typeof Entry>;
export type Row = z.output<typeof Row>;

/** A place in the trail, for a later start to go on from. */
export const Position = z.object({
  /** The number of a row; 0 before the first. */
  seq: z.number().int().nonnegative(),
  /** SHA-256 of its line, in hex. */
  hash: z.string().regex(/^[\da-f]{64}$/),
  /** The number of the oldest intent that had no outcome then. */
  openSince: z.number().int().positive().optional(),
});

export type Position = z.output<typeof Position>;

export const FIRST_PREV = '0'.repeat(64);

/** The hash by which the next row holds this one fast. */
export const hashOf = (line: string) => createHash('sha256').update(line).digest('hex');

/** A row as it stands in the file; `undefined` if that is none. */
export function readRow(line: string): Row | undefined {
  try {
    return Row.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** The line of a row, signed. */
export function signedLine(row: Row, { key, sign }: Signer): string {
  const line = JSON.stringify({ ...row, key });
  return `${line.slice(0, -1)},"sig":"${sign(line)}"}`;
}

/** What of a line is signed, and the signature; `undefined` where it has none. */
export function signedPart(line: string): { line: string; signature: string } | undefined {
  const found = /,"sig":"([\w-]{86})"\}$/.exec(line);
  if (!found?.[1]) return undefined;
  return { line: `${line.slice(0, found.index)}}`, signature: found[1] };
}
