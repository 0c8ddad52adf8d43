import { z } from 'zod';
import type { CallOptions, ReasonOf, Refusals, SendRequest } from './api-call.ts';
import { HardwareToken } from './hardware-tokens.ts';
import { orNothing } from './users.ts';
import { flag, id, list, moment, name, text } from './wire.ts';

const Device = z.object({
  id: text,
  name,
  /** In RSA's words, such as `iOS 18.1` or `Chrome 131.0`. */
  deviceType: text,
  registeredDate: moment,
  /** Comma-separated, such as `FCAM,BCAM,ACC,FINGERPRINT`; empty for browsers. */
  capabilities: text,
  browser: flag,
});

const FidoToken = z.object({
  id: text,
  name,
  deviceType: text,
  registeredDate: moment,
  /** `Enabled` or `Disabled`. */
  status: text,
});

/** RSA does not say whether an empty family may be left out. */
const AuthenticatorsV2 = z.object({
  devices: list(Device),
  sidTokens: list(HardwareToken),
  fidoTokens: list(FidoToken),
});

const AuthenticatorsV1 = list(
  z.object({
    id,
    name,
    osType: text,
    registeredDate: moment,
    capabilities: text,
  }),
);

/** An answer that leaves the devices out is no proof that one is gone. */
const Listed = z
  .unknown()
  .refine((devices): boolean => typeof devices === 'object' && devices !== null);
const ProofV2 = z.looseObject({ devices: Listed }).pipe(AuthenticatorsV2);
const ProofV1 = Listed.pipe(AuthenticatorsV1);

export type Device = z.output<typeof Device>;
export type FidoToken = z.output<typeof FidoToken>;

/** A user's authenticators in RSA's three families. */
export type Authenticators = z.output<typeof AuthenticatorsV2>;

export type AuthenticatorsQuery = CallOptions & {
  /** Always sent, because the defaults differ: version 1 includes browsers, version 2 does not. */
  includeBrowsers: boolean;
  /** Whether the answer has to prove that a device is not registered: one without a list of devices is refused. */
  asProof?: boolean;
};

/** RSA's page lists no business reasons; 404 means that the user or the device no longer exists. */
const DELETE_REFUSALS = [[404, /^/, 'DEVICE_NOT_FOUND']] as const satisfies Refusals;

export type DeleteRefusal = ReasonOf<typeof DELETE_REFUSALS>;

export function createAuthenticators(request: SendRequest) {
  return {
    /**
     * Authenticator Details API, Version 2: `GET v2/users/{userId}/devices`.
     * `undefined` if no user has that id.
     * @param userId the `id` of the user details
     * @throws SecurIDError `INVALID_REQUEST`, `NOT_AUTHORIZED`, `RATE_LIMITED`, `UNAVAILABLE`,
     *   `UNEXPECTED_RESPONSE`
     * @see https://community.rsa.com/t5/securid-access-cloud/cloud-administration-authenticator-details-api-version-2/ta-p/629247
     */
    detailsV2(userId: string, query: AuthenticatorsQuery): Promise<Authenticators | undefined> {
      return orNothing(
        request(
          { ...devices('v2', userId, query), shape: query.asProof ? ProofV2 : AuthenticatorsV2 },
          query,
        ),
      );
    },

    /**
     * Authenticator Details API, Version 1: `GET v1/users/{userId}/devices`. Lists no
     * hardware tokens and does not mark browsers. `undefined` on 404, which means
     * either no such user or no authenticators.
     * @param userId the `id` of the user details
     * @throws SecurIDError as version 2
     * @see https://community.securid.com/s/article/Cloud-Administration-Authenticator-Details-API-Version-1-f2e8b32c
     */
    async detailsV1(
      userId: string,
      query: AuthenticatorsQuery,
    ): Promise<Authenticators | undefined> {
      const found = await orNothing(
        request(
          { ...devices('v1', userId, query), shape: query.asProof ? ProofV1 : AuthenticatorsV1 },
          query,
        ),
      );
      return found && inFamilies(found);
    },

    /**
     * Delete User Device API: `DELETE v1/users/{userId}/devices/{deviceId}`. Deletes a registered
     * device. Never retried once it may have been carried out. RSA documents no answer, so whatever
     * it says with 200 is a success.
     * @param userId the `id` of the user details
     * @param deviceId the `id` of one of the devices in the authenticator details
     * @throws SecurIDError `REFUSED` with a `DeleteRefusal`; `UNAVAILABLE` or
     *   `UNEXPECTED_RESPONSE`, where `sent` means that it may have been carried out;
     *   `INVALID_REQUEST`, `NOT_AUTHORIZED`, `RATE_LIMITED`
     * @see https://community.rsa.com/s/article/Cloud-Administration-Delete-User-Device-API-d80d6197
     */
    async deleteDevice(userId: string, deviceId: string, options?: CallOptions): Promise<void> {
      const [user, device] = [userId, deviceId].map(encodeURIComponent);
      await request(
        {
          api: 'DELETE v1/users/{userId}/devices/{deviceId}',
          method: 'DELETE',
          path: `v1/users/${user}/devices/${device}`,
          shape: z.unknown(),
          mayBeEmpty: true,
          changes: true,
          permission: 'rsa.authenticator.mobile.delete',
          refusals: DELETE_REFUSALS,
        },
        options,
      );
    },
  };
}

const devices = (
  version: 'v1' | 'v2',
  userId: string,
  { includeBrowsers }: AuthenticatorsQuery,
) => ({
  api: `GET ${version}/users/{userId}/devices` as const,
  method: 'GET' as const,
  path: `${version}/users/${encodeURIComponent(userId)}/devices?includeBrowsers=${includeBrowsers}`,
  permission: 'rsa.authenticator.mobile.read' as const,
});

function inFamilies(found: z.output<typeof AuthenticatorsV1>): Authenticators {
  const all = found.map(({ osType, ...rest }) => ({ ...rest, deviceType: osType }));
  const isFido = ({ deviceType }: { deviceType?: string | undefined }) =>
    /fido/i.test(deviceType ?? '');
  return {
    devices: all.filter((one) => !isFido(one)).map((one) => ({ ...one, browser: undefined })),
    sidTokens: [],
    fidoTokens: all.filter(isFido).map((one) => ({ ...one, status: undefined })),
  };
}
