import { type DestinationStream, type Logger, pino } from 'pino';
import { causeOf } from './http/cause.ts';
import { networkDetails } from './http/trouble.ts';
import { see, symptomOf } from './troubleshooting.ts';

export type Log = Logger;

/** Patterns of secrets in a JSON line; removing them keeps it valid. */
const SECRETS = new RegExp(
  [
    /xox[a-z]-[\w-]+|xapp-[\w-]+/, // Slack's tokens
    /eyJ[\w-]+(?:\.[\w-]*)+/, // JWTs, signed or encrypted
    /-----BEGIN[^-"]*PRIVATE KEY-----(?:[\w+/=\s]|\\+[nrt])*(?:-----END[^-"]*-----)?/,
    /(?<=\/\/hooks\.[\w.-]+\/)[\w/-]+/, // response URLs
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/** A text without what looks like a secret. */
export const withoutSecrets = (text: string): string => text.replaceAll(SECRETS, '[redacted]');

/** Logs JSON lines. Errors are written without the objects attached to them, and `see` tells where their remedy stands. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describe },
    formatters: { log: withPlace },
    hooks: { streamWrite: withoutSecrets },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** The proxy or the certificate that an error is about, and where the remedy stands unless the line says so itself. */
function withPlace(line: Record<string, unknown>) {
  const symptom = 'see' in line ? undefined : symptomOf(line.err);
  return { ...line, ...(symptom && { see: see(symptom) }), ...networkDetails(line.err) };
}

function describe(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack } = error;
  const code = 'code' in error ? error.code : undefined;
  return {
    type: name,
    message,
    code,
    cause: causeOf(error.cause).code,
    needed: neededIn(error),
    stack,
  };
}

/** The scope, permission or role that is lacking; `undefined` for other errors. */
function neededIn(error: Error): unknown {
  if ('permission' in error && error.permission) return error.permission;
  if ('toCover' in error && error.toCover) return error.toCover;
  const data = 'data' in error ? error.data : undefined;
  return data instanceof Object && 'needed' in data ? data.needed : undefined;
}
