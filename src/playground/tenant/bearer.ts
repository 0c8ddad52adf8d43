import { randomBytes } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { Clock } from '../../clock.ts';
import { type Answer, forbidden } from './answer.ts';
import { apiKeyPublic } from './keys.ts';
import { isAudience, type Traits } from './traits.ts';

export const TOKEN_LIFETIME = 3600;
export const CLOCK_SKEW = 60;

/** Admits callers with the API key, or with an access token issued here. */
export function createBearerCheck(options: {
  clock: Clock;
  accessID: string;
  audience: string;
  traits: Traits;
}) {
  const { clock, accessID, audience, traits } = options;
  const grants = new Map<string, { permissions: string[]; until: number }>();
  const seen = new Set<string>();
  const revoked = new Map<string, 401 | 403>();
  let keyRefused = false;

  async function signedWithTheKey(token: string): Promise<boolean> {
    try {
      const { payload } = await jwtVerify(token, apiKeyPublic, {
        algorithms: ['RS256'],
        subject: accessID,
        currentDate: new Date(clock.now()),
        clockTolerance: CLOCK_SKEW,
        maxTokenAge: TOKEN_LIFETIME,
        requiredClaims: ['iat', 'exp'],
      });
      const { iat = 0, exp = Number.POSITIVE_INFINITY, aud } = payload;
      return isAudience(aud, audience, traits) && exp - iat <= TOKEN_LIFETIME;
    } catch {
      return false;
    }
  }

  return {
    tokens: (): string[] => [...seen],

    note(token: string): void {
      seen.add(token);
    },

    grant(permissions: string[]): string {
      const token = randomBytes(32).toString('base64url');
      grants.set(token, { permissions, until: clock.now() + TOKEN_LIFETIME * 1000 });
      seen.add(token);
      return token;
    },

    async refusal(
      token: string | undefined,
      permission: string,
      path: string,
    ): Promise<Answer | undefined> {
      const unknown = 'Server failed to process provided access token';
      const refuse = (message: string) => forbidden(clock.now(), message, path);
      if (!token || keyRefused) return refuse(unknown);

      const withdrawn = revoked.get(token);
      if (withdrawn === 401) return { status: 401, headers: {}, body: '' };
      if (withdrawn === 403) return refuse(unknown);

      const grant = grants.get(token);
      if (!grant) return (await signedWithTheKey(token)) ? undefined : refuse(unknown);
      if (clock.now() >= grant.until) return refuse(unknown);
      return grant.permissions.includes(permission) ? undefined : refuse('Access is denied');
    },

    setKeyRefused(refused: boolean): void {
      keyRefused = refused;
    },

    revoke(as: 401 | 403): void {
      for (const token of seen) revoked.set(token, as);
    },
  };
}

export type BearerCheck = ReturnType<typeof createBearerCheck>;

/** The token of an `Authorization` header. */
export function bearerToken(authorization = ''): string | undefined {
  return /^Bearer (\S+)$/.exec(authorization)?.[1];
}
