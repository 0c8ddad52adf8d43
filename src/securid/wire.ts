import { z } from 'zod';

// The answers of the Cloud Administration API, read leniently because
// RSA's documents and examples disagree.

const missing = (text: string) => text === '' || text === 'null';

/**
 * A string, also sent as a number. Blank, `null` and the documented `" null"` become `undefined`.
 */
export const text = z
  .union([z.string(), z.number()])
  .nullish()
  .catch(undefined)
  .transform((value) => {
    const trimmed = value === null || value === undefined ? '' : String(value).trim();
    return missing(trimmed) ? undefined : trimmed;
  });

/** A required string, also sent as a number. */
export const id = z
  .union([z.string().min(1), z.number()])
  .transform((value) => String(value).trim())
  .refine((value) => !missing(value), 'is empty');

/** As long as a part of a path may be. RSA's own ids have 36 characters. */
const LONGEST_ID = 255;

/** The id of a record. One that no path could carry is none. */
export const recordId = id.refine(
  (value) => !/\p{Cs}/u.test(value) && encodeURIComponent(value).length <= LONGEST_ID,
  'is too long, or no text',
);

/** A name, which Authenticator Details v1 percent-encodes (`'s%20FIDO%20token`). */
export const name = text
  .transform((value) => value?.replace(/(?:%[0-9a-f]{2})+/gi, decoded).trim())
  .transform((value) => value || undefined);

function decoded(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** A boolean, also sent as `"true"`, `"True"`, `"false"` or `"False"`. */
export const flag = z
  .unknown()
  .optional()
  .transform((value) => {
    if (typeof value === 'boolean') return value;
    const word = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
    return word === 'true' ? true : word === 'false' ? false : undefined;
  });

/**
 * A point in time: ISO 8601, the same with ` UTC` instead of `Z`, or milliseconds since 1970, also sent as a
 * string.
 */
export const moment = z
  .unknown()
  .optional()
  .transform((value) => {
    const date = new Date(
      typeof value === 'number' ? value : (milliseconds(value) ?? zoned(value)),
    );
    return Number.isNaN(date.getTime()) ? undefined : date;
  });

/** Shorter numbers are no times of today. */
const milliseconds = (value: unknown) =>
  typeof value === 'string' && /^\s*\d{12,14}\s*$/.test(value) ? Number(value) : undefined;

/** `Date` also accepts "in 5 minutes" as a day in May, and reads a time without a zone in ours. */
function zoned(value: unknown): string {
  const written = typeof value === 'string' ? value.trim().replace(/\s*UTC$/i, 'Z') : '';
  if (!/^\d{4}-\d\d-\d\d/.test(written)) return '';
  return /[T ][\d:.]+$/.test(written) ? `${written}Z` : written;
}

/** A non-negative integer, also sent as a string. */
export const count = z.unknown().transform((value, context) => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  context.addIssue({ code: 'custom', message: 'is not a whole number' });
  return z.NEVER;
});

/** A list. A single value becomes a list of one, a missing one an empty list. */
export const list = <S extends z.ZodType>(item: S) =>
  z.preprocess((value) => {
    const items = Array.isArray(value) ? value : [value];
    return items.filter((entry) => entry !== null && entry !== undefined);
  }, z.array(item));
