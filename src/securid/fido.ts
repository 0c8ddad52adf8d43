import { z } from 'zod';
import type { CallOptions, ReasonOf, Refusals, SendRequest } from './api-call.ts';
import type { FidoToken } from './authenticators.ts';
import { moment, text } from './wire.ts';

/** What RSA answers to a change: the new status, and by whom and when it was changed. */
const FidoStatus = z
  .object({
    /** A number of milliseconds since 1970, though the page says ISO 8601. */
    statusChangedAt: moment,
    statusChangedBy: text,
    status: text,
  })
  .optional()
  .catch(undefined)
  .transform((answer) => (answer?.status === undefined ? undefined : answer));

export type FidoStatus = z.output<typeof FidoStatus>;

/**
 * RSA's pages list no 404: a user or a credential that is not there is a wrong id, 400. 404 and 409 are
 * what RSA's other APIs answer.
 */
const REFUSALS = [
  [400, /^/, 'FIDO_NOT_FOUND'],
  [404, /^/, 'FIDO_NOT_FOUND'],
  [409, /^/, 'ALREADY_SO'],
] as const satisfies Refusals;

export type FidoRefusal = ReasonOf<typeof REFUSALS>;

/** A FIDO credential and its owner. */
export type OwnedFido = { userId: string; id: NonNullable<FidoToken['id']> };

export function createFido(request: SendRequest) {
  const change =
    (what: 'enable' | 'disable') =>
    ({ userId, id }: OwnedFido, options?: CallOptions): Promise<FidoStatus> =>
      request(
        {
          api: `PATCH v1/fido/{userId}/authenticators/{authenticatorId}/${what}`,
          method: 'PATCH',
          path: `v1/fido/${encodeURIComponent(userId)}/authenticators/${encodeURIComponent(id)}/${what}`,
          shape: FidoStatus,
          mayBeEmpty: true,
          changes: true,
          permission: 'rsa.authenticator.fido.manage',
          refusals: REFUSALS,
        },
        options,
      );

  return {
    /**
     * Enable FIDO Authenticator API: `PATCH v1/fido/{userId}/authenticators/{authenticatorId}/enable`, without
     * a body. Never retried once it may have been carried out.
     * @returns the status, or `undefined` if the answer does not tell it
     * @throws SecurIDError `REFUSED` with a `FidoRefusal`; `UNAVAILABLE` or `UNEXPECTED_RESPONSE`, where
     *   `sent` means that it may have been carried out; `NOT_AUTHORIZED`, `RATE_LIMITED`
     * @see https://community.rsa.com/s/article/Cloud-Administration-Enable-FIDO-Authenticator-API-d87bc7da
     */
    enable: change('enable'),

    /**
     * Disable FIDO Authenticator API: `PATCH v1/fido/{userId}/authenticators/{authenticatorId}/disable`,
     * likewise.
     * @see https://community.rsa.com/s/article/Cloud-Administration-Disable-FIDO-Authenticator-API-246f0978
     */
    disable: change('disable'),
  };
}
