/** Every API that the client calls, by its documented name. Errors, logs and metrics use it. */
export const APIS = [
  'POST /oauth/token',
  'POST v1/users/lookup',
  'POST v2/users/search',
  'POST v1/users/{userId}/sync',
  'PUT v1/users/{userId}/userStatus',
  'PATCH v1/users/{userId}/methods',
  'GET v1/users/{userId}/devices',
  'GET v2/users/{userId}/devices',
  'DELETE v1/users/{userId}/devices/{deviceId}',
  'POST v1/users/deviceRegistrationCode',
  'POST v1/sidTokens/lookup',
  'POST v1/ds100/lookup',
  'PATCH v1/users/{userId}/sidTokens/assign',
  'PATCH v1/users/{userId}/sidTokens/unassign',
  'PATCH v1/users/{userId}/sidTokens/enable',
  'PATCH v1/users/{userId}/sidTokens/disable',
  'PATCH v2/users/{userId}/sidTokens/clearPin',
  'PATCH v1/ds100/enable/otp',
  'PATCH v1/ds100/disable/otp',
  'PATCH v1/ds100/clearPin/otp',
  'PATCH v1/fido/{userId}/authenticators/{authenticatorId}/enable',
  'PATCH v1/fido/{userId}/authenticators/{authenticatorId}/disable',
  'GET v1/licenseusage',
  'GET v2/licenseusage',
] as const;

export type Api = (typeof APIS)[number];
