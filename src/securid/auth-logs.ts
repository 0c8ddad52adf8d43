import { z } from 'zod';
import type { CallOptions, SendRequest } from './api-call.ts';
import { orNothing } from './users.ts';
import { moment, name, text } from './wire.ts';

const code = text.transform((written) => {
  const number = Number(written ?? Number.NaN);
  return Number.isSafeInteger(number) ? number : undefined;
});

/** RSA's page shows no example; the names are those of its public clients. */
const AuthEvent = z
  .object({
    eventLogDate: moment,
    /** What happened, by RSA's number. RSA changes the description, and keeps the number. */
    eventCode: code,
    eventDescription: text,
    /** `notice` or `error`. */
    eventLevel: text,
    /** What the user signed in to. */
    application: text,
    /** RSA's name of the method, such as `SecurID OTP`. */
    method: text,
    deviceName: name,
    sourceIPAddress: text,
  })
  .refine(
    ({ eventCode, eventDescription }) => eventCode !== undefined || eventDescription !== undefined,
  );

export type AuthEvent = z.output<typeof AuthEvent>;

export type AuthLog = {
  /** Newest first; those without a time come last. */
  events: AuthEvent[];
  /** How many others could not be read. */
  unreadable: number;
};

/** RSA returns no more than the newest 100 events, and has no pages. */
export const MOST_AUTH_EVENTS = 100;

/** One event that cannot be read must not hide the others. */
const AuthLog = z
  .array(z.unknown())
  .optional()
  .transform((entries = []): AuthLog => {
    const read = entries.map((entry) => AuthEvent.safeParse(entry).data);
    const events = read.filter((event) => event !== undefined);
    const time = ({ eventLogDate }: AuthEvent) => eventLogDate?.getTime() ?? 0;
    return {
      events: events.toSorted((a, b) => time(b) - time(a)),
      unreadable: read.length - events.length,
    };
  });

export function createAuthLogs(request: SendRequest) {
  return {
    /**
     * Retrieve Authentication Audit Logs API: `GET v1/users/{userId}/authlogs/`. A user's newest
     * sign-in events, at most `MOST_AUTH_EVENTS`. `undefined` if no user has that id.
     * @param userId the `id` of the user details
     * @throws SecurIDError `INVALID_REQUEST`, `NOT_AUTHORIZED`, `RATE_LIMITED`, `UNAVAILABLE`,
     *   `UNEXPECTED_RESPONSE`
     * @see https://community.securid.com/s/article/Cloud-Administration-Retrieve-Authentication-Audit-Logs-API-20632d14
     */
    of(userId: string, options?: CallOptions): Promise<AuthLog | undefined> {
      return orNothing(
        request(
          {
            api: 'GET v1/users/{userId}/authlogs/',
            method: 'GET',
            path: `v1/users/${encodeURIComponent(userId)}/authlogs/`,
            permission: 'rsa.audit.user',
            shape: AuthLog,
            mayBeEmpty: true,
          },
          options,
        ),
      );
    },
  };
}
