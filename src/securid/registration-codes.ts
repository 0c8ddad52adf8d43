import { domainToASCII } from 'node:url';
import { z } from 'zod';
import type { CallOptions, ReasonOf, Refusals, SendRequest } from './api-call.ts';
import type { UserDetails, UserKey } from './users.ts';
import { id, moment, text } from './wire.ts';

const RegistrationCode = z
  .object({
    /** RSA's example has `companyID`, its table `companyId`. */
    companyID: text,
    companyId: text,
    /**
     * "Numeric registration code", nine digits in the example. A string, because a code may begin
     * with 0. Anything else must not be read out to a caller.
     */
    deviceRegistrationCode: id.refine((code) => /^\d{6,12}$/.test(code), 'is no code'),
    expirationDate: moment,
    /** RSA answers with one of the two. */
    email: text,
    username: text,
    /** Undocumented in this answer. */
    id: text,
    userId: text,
  })
  .transform(({ companyId, companyID, ...rest }) => ({
    ...rest,
    companyId: companyId ?? companyID,
  }));

export type RegistrationCode = Pick<
  z.output<typeof RegistrationCode>,
  'companyId' | 'deviceRegistrationCode' | 'expirationDate'
>;

/** The names by which an answer may identify the user. */
type Named = Pick<UserDetails, 'id' | 'emailAddress' | 'principalUsername' | 'alternateUsername'>;

export type CodeOptions = CallOptions & {
  /** The user's record, if known: RSA may answer with another of their addresses. */
  user?: Named | undefined;
};

/** Accepts only an answer about the user who was asked for. */
const answerAbout = (key: UserKey, user: Named | undefined) =>
  RegistrationCode.superRefine((answer, context) => {
    const userNames = [user?.principalUsername, user?.alternateUsername].filter(Boolean);
    const names = [...Object.values(key), user?.emailAddress, ...userNames];
    const spelt = names.flatMap((name) => (name ? [spelling(name)] : []));
    const about = {
      email: 'email' in key || user ? answer.email : undefined,
      // The record need not hold the user name that RSA has beside the address.
      username: 'username' in key || userNames.length > 0 ? answer.username : undefined,
    };
    for (const [path, name] of Object.entries(about)) {
      const isSame = path === 'email' ? isSameAddress : isSameUserName;
      if (name && !spelt.some((one) => isSame(one, spelling(name)))) {
        context.addIssue({ code: 'custom', path: [path], message: 'is another person' });
      }
    }
    for (const path of ['id', 'userId'] as const) {
      if (user && answer[path] && answer[path].toLowerCase() !== user.id.toLowerCase()) {
        context.addIssue({ code: 'custom', path: [path], message: 'is another person' });
      }
    }
  }).transform(
    ({ companyId, deviceRegistrationCode, expirationDate }): RegistrationCode => ({
      companyId,
      deviceRegistrationCode,
      expirationDate,
    }),
  );

/** Normalizes an address or user name for comparison: lower case, domain in ASCII. */
function spelling(name: string): string {
  const [, local = '', domain = ''] = /^(.*?)(?:@([^@]*))?$/s.exec(name.normalize('NFKC')) ?? [];
  const ascii = domainToASCII(domain.replace(/\.$/, '')) || domain;
  return `${local}@${ascii}`.trim().toLowerCase();
}

const isSameAddress = (one: string, other: string) => one === other;

/**
 * `alan`, `ACME\\alan` and `alan@acme.example` may be the same
 * user. Two different domains never match.
 */
const isSameUserName = (one: string, other: string) =>
  one === other || ([one, other].some((name) => name.endsWith('@')) && bare(one) === bare(other));

const bare = (spelt: string) => spelt.replace(/^.*\\|@.*$/gs, '');

export type Platform = 'ios' | 'android' | 'windows' | 'macos';

/** The RSA Authenticator app for iOS and Android. For Windows and macOS, RSA's page says "N/A". */
const APP_ID = '1f00c62b-a5c0-49d3-9ffb-92314d717187';

/**
 * "User <email> not found." comes first, because the address may
 * contain the words of the other reasons.
 */
const REFUSALS = [
  [403, /^user .*not found/i, 'USER_NOT_FOUND'],
  [403, /not licensed/i, 'NOT_LICENSED'],
  [
    403,
    /already (has|have) a (registered )?device|device (already )?registered/i,
    'DEVICE_ALREADY_REGISTERED',
  ],
  [403, /disabled/i, 'USER_DISABLED'],
] as const satisfies Refusals;

/** RSA's four documented reasons for not issuing a code. */
export type CodeRefusal = ReasonOf<typeof REFUSALS>;

export function createRegistrationCodes(request: SendRequest) {
  return {
    /**
     * Device Registration Code API: `POST v1/users/deviceRegistrationCode`. Issues a code. Never
     * retried once it may have been carried out.
     * @param key the user; exactly one of the two, because RSA counts the properties of the body
     * @throws SecurIDError `REFUSED` with the reason; `UNAVAILABLE` or `UNEXPECTED_RESPONSE`, where
     *   `sent` means that a code may have been issued, also if the answer names another user;
     *   `INVALID_REQUEST`, `NOT_AUTHORIZED`, `RATE_LIMITED`
     * @see https://community.securid.com/s/article/Cloud-Administration-Retrieve-Device-Registration-Code-API-10a77771
     */
    issue(key: UserKey, platform: Platform, options: CodeOptions = {}): Promise<RegistrationCode> {
      const mobile = platform === 'ios' || platform === 'android';
      return request(
        {
          api: 'POST v1/users/deviceRegistrationCode',
          method: 'POST',
          path: 'v1/users/deviceRegistrationCode',
          body: mobile ? { ...key, appId: APP_ID } : key,
          shape: answerAbout(key, options.user),
          changes: true,
          permission: 'rsa.authenticator.mobile.manage',
          refusals: REFUSALS,
        },
        options,
      );
    },
  };
}
