import { z } from 'zod';
import type { CallOptions, ReasonOf, Refusals, SendRequest } from './api-call.ts';
import type { Api } from './apis.ts';
import type { Permission } from './permissions.ts';
import { flag, moment, text } from './wire.ts';

/** What an answer to a change says about the token. */
const TokenState = z.object({
  userId: text,
  tokenSerialNumber: text,
  tokenState: text,
  tokenStatus: text,
  tokenStatusChangedAt: moment,
  tokenStatusChangedBy: text,
  pinSet: flag,
});

export type TokenState = z.output<typeof TokenState>;

/** A token and its owner, or for `assign` its owner to be. */
export type OwnedToken = { userId: string; tokenSerialNumber: string };

/** A SecurID DS100: its OTP credential, and the number on its back. */
export type OwnedDs100 = OwnedToken & { deviceSerialNumber: string };

/**
 * RSA's pages list 404 and 409 without their texts. "User … not found" is told from a token that is gone.
 */
const REFUSALS = [
  [404, /^\W*user\b(?!.*\btoken\b)/i, 'USER_NOT_FOUND'],
  [404, /^/, 'TOKEN_NOT_FOUND'],
  [409, /^/, 'ALREADY_SO'],
] as const satisfies Refusals;

/** For a path that is on none of RSA's pages: a tenant that does not have it answers 404 or 405. */
const INFERRED_REFUSALS = [
  ['no such path', /^/, 'NOT_OFFERED'],
  [405, /^/, 'NOT_OFFERED'],
  ...REFUSALS,
] as const satisfies Refusals;

export type TokenRefusal = ReasonOf<typeof INFERRED_REFUSALS>;

type Property = 'tokenState' | 'tokenStatus' | 'pinSet';

/**
 * The state of this token, or `undefined` if the answer does not tell it. The DS100's APIs answer with a
 * list of what is on the device.
 */
const stateOf = ({ userId, tokenSerialNumber }: OwnedToken, tells: Property) => {
  const isIt = (one: unknown) =>
    TokenState.safeParse(one).data?.tokenSerialNumber === tokenSerialNumber;
  return z
    .preprocess(
      (answer) => (Array.isArray(answer) ? answer.find(isIt) : answer),
      TokenState.optional().catch(undefined),
    )
    .superRefine((answer, context) => {
      const isTheirs = (answer?.userId ?? userId).toLowerCase() === userId.toLowerCase();
      if (isTheirs) return;
      context.addIssue({ code: 'custom', path: ['userId'], message: 'is another person' });
    })
    .transform((answer): TokenState | undefined => {
      const isOther = (answer?.tokenSerialNumber ?? tokenSerialNumber) !== tokenSerialNumber;
      return isOther || answer?.[tells] === undefined ? undefined : answer;
    });
};

type Asked<T> = {
  api: Api;
  permission: Permission;
  path(token: T): string;
  body(token: T): Record<string, string>;
  /** What the answer has to tell. */
  tells: Property;
  refusals?: Refusals;
};

/** A method that sends one change of a token. */
const changing =
  <T extends OwnedToken>(
    request: SendRequest,
    { tells, refusals = REFUSALS, ...asked }: Asked<T>,
  ) =>
  (token: T, options?: CallOptions): Promise<TokenState | undefined> =>
    request(
      {
        ...asked,
        method: 'PATCH',
        path: asked.path(token),
        body: asked.body(token),
        shape: stateOf(token, tells),
        mayBeEmpty: true,
        changes: true,
        refusals,
      },
      options,
    );

type SidChange = 'assign' | 'unassign' | 'enable' | 'disable' | 'clearPin';

/**
 * Changes of SecurID 700 tokens. None is retried once it may have been carried out. All return the state that
 * RSA answers, or `undefined` if the answer does not tell what was changed.
 */
export function createTokenChanges(request: SendRequest) {
  const sid = (
    version: 'v1' | 'v2',
    change: SidChange,
    asked: Pick<Asked<OwnedToken>, 'api' | 'tells'>,
  ) =>
    changing<OwnedToken>(request, {
      ...asked,
      permission: 'rsa.authenticator.sidtoken.manage',
      path: ({ userId }) => `${version}/users/${encodeURIComponent(userId)}/sidTokens/${change}`,
      body: ({ tokenSerialNumber }) => ({ tokenSerialNumber }),
    });

  return {
    /**
     * Assign Hardware Token API: `PATCH v1/users/{userId}/sidTokens/assign`. The token's name becomes its
     * serial number. Its user then activates it on My Page.
     * @throws SecurIDError `REFUSED` with a `TokenRefusal`; `UNAVAILABLE` or `UNEXPECTED_RESPONSE`, where
     *   `sent` means that it may have been carried out; `INVALID_REQUEST`, `NOT_AUTHORIZED`, `RATE_LIMITED`
     * @see https://community.rsa.com/s/article/Cloud-Administration-Assign-Hardware-Token-API-71dc9f25
     */
    assign: sid('v1', 'assign', {
      api: 'PATCH v1/users/{userId}/sidTokens/assign',
      tells: 'tokenState',
    }),

    /**
     * Unassign Hardware Token API: `PATCH v1/users/{userId}/sidTokens/unassign`.
     * @throws SecurIDError as `assign`
     * @see https://community.securid.com/s/article/Cloud-Administration-Unassign-Hardware-Token-API-bf720107
     */
    unassign: sid('v1', 'unassign', {
      api: 'PATCH v1/users/{userId}/sidTokens/unassign',
      tells: 'tokenState',
    }),

    /**
     * Enable Hardware Token API: `PATCH v1/users/{userId}/sidTokens/enable`. Only for an assigned token.
     * @throws SecurIDError as `assign`
     * @see https://community.securid.com/s/article/Cloud-Administration-Enable-Hardware-Token-API-fa983808
     */
    enable: sid('v1', 'enable', {
      api: 'PATCH v1/users/{userId}/sidTokens/enable',
      tells: 'tokenStatus',
    }),

    /**
     * Disable Hardware Token API: `PATCH v1/users/{userId}/sidTokens/disable`. Nobody can sign in with the
     * token until it is enabled.
     * @throws SecurIDError as `assign`
     * @see https://community.securid.com/s/article/Cloud-Administration-Disable-Hardware-Token-API-709bf296
     */
    disable: sid('v1', 'disable', {
      api: 'PATCH v1/users/{userId}/sidTokens/disable',
      tells: 'tokenStatus',
    }),

    /**
     * Clear PIN for Hardware Token API: `PATCH v2/users/{userId}/sidTokens/clearPin`. The user then sets a
     * new PIN. RSA answers `pinSet` as the text `"false"`.
     * @throws SecurIDError as `assign`
     * @see https://community.rsa.com/s/article/Cloud-Administration-Clear-PIN-for-Hardware-Token-API-dcd11ae0
     */
    clearPin: sid('v2', 'clearPin', {
      api: 'PATCH v2/users/{userId}/sidTokens/clearPin',
      tells: 'pinSet',
    }),
  };
}

/** The same for the SecurID DS100, which has APIs of its own. */
export function createDs100Changes(request: SendRequest) {
  const permission = 'rsa.authenticator.ds100.manage';
  const onDevice = ({ deviceSerialNumber, userId }: OwnedDs100) => ({ deviceSerialNumber, userId });

  return {
    /**
     * Enable SecurID DS100 OTP Credential API: `PATCH v1/ds100/enable/otp`.
     * @throws SecurIDError as `assign`
     * @see https://community.rsa.com/s/article/Cloud-Administration-Enable-SecurID-DS100-OTP-Credential-API-b929e4dc
     */
    enableDs100: changing<OwnedDs100>(request, {
      permission,
      api: 'PATCH v1/ds100/enable/otp',
      path: () => 'v1/ds100/enable/otp',
      body: onDevice,
      tells: 'tokenStatus',
    }),

    /**
     * `PATCH v1/ds100/disable/otp`, which is on none of RSA's pages: inferred from `enable`, because the
     * permission `rsa.authenticator.ds100.manage` covers both.
     * @throws SecurIDError as `assign`; `REFUSED` with `NOT_OFFERED` if the tenant has no such path
     */
    disableDs100: changing<OwnedDs100>(request, {
      permission,
      api: 'PATCH v1/ds100/disable/otp',
      path: () => 'v1/ds100/disable/otp',
      body: onDevice,
      tells: 'tokenStatus',
      refusals: INFERRED_REFUSALS,
    }),

    /**
     * Clear PIN for RSA DS100 OTP Credential API: `PATCH v1/ds100/clearPin/otp`. RSA's example answers with
     * another serial number than it was asked about, which counts as an answer that does not tell.
     * @throws SecurIDError as `assign`
     * @see https://community.rsa.com/s/article/Cloud-Administration-Clear-PIN-RSA-DS100-OTP-Credential-API-0f4bb43f
     */
    clearPinDs100: changing<OwnedToken>(request, {
      permission,
      api: 'PATCH v1/ds100/clearPin/otp',
      path: () => 'v1/ds100/clearPin/otp',
      body: ({ tokenSerialNumber, userId }) => ({ tokenSerialNumber, userId }),
      tells: 'pinSet',
    }),
  };
}
