import { decodeProtectedHeader, jwtVerify } from 'jose';
import type { Clock } from '../../clock.ts';
import { type Answer, json } from './answer.ts';
import { type BearerCheck, CLOCK_SKEW, TOKEN_LIFETIME } from './bearer.ts';
import { type ClientKey, clientKeys } from './keys.ts';
import { isAudience, type Traits } from './traits.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** OAuth 2.0 client credentials with a signed assertion: RFC 6749, 7521 and 7523. */
export function createTokenEndpoint(options: {
  clock: Clock;
  clientId: string;
  audience: string;
  permissions: string[];
  bearer: BearerCheck;
  traits: Traits;
}) {
  const { clock, clientId, audience, permissions, bearer, traits } = options;
  const usedIds = new Set<string>();

  async function isClient(assertion: string): Promise<boolean> {
    try {
      const { kid = '' } = decodeProtectedHeader(assertion);
      const key: ClientKey | undefined = Object.entries(clientKeys).find(([id]) => id === kid)?.[1];
      if (!key) return false;
      const { payload } = await jwtVerify(assertion, key.publicKey, {
        algorithms: [key.alg],
        issuer: clientId,
        subject: clientId,
        currentDate: new Date(clock.now()),
        clockTolerance: CLOCK_SKEW,
        requiredClaims: ['exp', 'jti'],
      });
      const { jti, aud } = payload;
      if (!isAudience(aud, audience, traits)) return false;
      if (typeof jti !== 'string' || !jti || usedIds.has(jti)) return false;
      usedIds.add(jti);
      return true;
    } catch {
      return false;
    }
  }

  return async (form: URLSearchParams | undefined): Promise<Answer> => {
    if (!form) return refused(400, 'invalid_request', 'The body is not form-encoded.');
    const names = [...form.keys()];
    if (new Set(names).size !== names.length) {
      return refused(400, 'invalid_request', 'A parameter is repeated.');
    }

    const grantType = form.get('grant_type');
    if (!grantType) return refused(400, 'invalid_request', 'grant_type is missing.');
    if (grantType !== 'client_credentials') {
      return refused(400, 'unsupported_grant_type', 'Only client_credentials is supported.');
    }

    const authenticated =
      form.get('client_assertion_type') === JWT_BEARER &&
      (form.get('client_id') ?? clientId) === clientId &&
      (await isClient(form.get('client_assertion') ?? ''));
    if (!authenticated) return refused(401, 'invalid_client', 'Client authentication failed.');

    const scope = form.get('scope') ?? '';
    const asked = scope.split(' ');
    if (!asked.every((permission) => permissions.includes(permission))) {
      return refused(400, 'invalid_scope', `The client may not ask for "${scope}".`);
    }

    const answer = {
      access_token: bearer.grant(asked),
      token_type: 'Bearer',
      expires_in: TOKEN_LIFETIME,
    };
    return json(200, answer, { 'cache-control': 'no-store' });
  };
}

function refused(status: 400 | 401, error: string, description: string): Answer {
  return json(status, { error, error_description: description }, { 'cache-control': 'no-store' });
}
