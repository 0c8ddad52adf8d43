import { SecurIDError } from '../securid/index.ts';
import { type Finding, failed, warning } from './finding.ts';
import { causeIn, onTheWay, remedyFor } from './network.ts';
import type { SecurIDAccess } from './securid-access.ts';

export const LACKING = {
  remedy: 'Add it to the client in the Cloud Administration Console, and publish.',
  symptom: 'the-oauth-client-lacks-a-permission',
} as const;

/** Why SecurID did not do what was asked, in a line. */
export function atSecurID(
  name: string,
  error: unknown,
  at: Pick<SecurIDAccess, 'host' | 'issuer'>,
): Finding {
  if (!(error instanceof SecurIDError)) throw error;
  const network = onTheWay(name, error);
  if (network) return network;
  const { code, permission, toCover, status } = error;
  const host = (isForToken(error) && at.issuer) || at.host;
  if (permission) {
    return failed(name, `the OAuth client lacks the permission ${permission}`, LACKING);
  }
  if (toCover) {
    return failed(name, `the key’s role does not cover ${toCover}`, {
      remedy: 'Give the key the role Help Desk Administrator, or one that covers it.',
      symptom: 'securid-refuses-this-apps-key',
    });
  }
  if (code === 'NOT_AUTHORIZED') return notAuthorized(name, error);
  if (code === 'RATE_LIMITED') {
    return warning(name, 'SecurID is busy, and was not asked again', {
      remedy: 'Run the doctor again in a minute.',
      symptom: 'securid-is-busy',
    });
  }
  if (code === 'UNAVAILABLE') {
    const cause = /\(([A-Z][A-Z\d_]+)\)/.exec(error.message)?.[1];
    const why = status ? `it answered with status ${status}` : causeIn(cause);
    return failed(name, `no answer from ${host} (${why})`, {
      remedy: remedyFor(cause, host),
      symptom: 'securid-does-not-answer',
    });
  }
  return failed(name, `SecurID answered in a way that this app does not know (${status ?? code})`, {
    remedy: `Check that ${host} is the tenant’s, and that its license has this API.`,
    symptom: 'securid-sends-an-answer-that-is-not-understood',
  });
}

/** Whether it was a token that was asked for. */
export const isForToken = ({ message }: Error) => message.startsWith('POST /oauth/token');

/** RSA's clock tolerance: Authentication for the Cloud Administration APIs. */
function notAuthorized(name: string, { message }: SecurIDError): Finding {
  const oauth = /^POST \/oauth\/token: \d+ ([a-z_]+)/.exec(message)?.[1];
  if (oauth === 'invalid_scope') {
    return failed(name, 'SecurID gives no token: the OAuth client lacks a permission', {
      remedy: 'Add what SECURID_OAUTH_SCOPE names to the client, and publish.',
      symptom: LACKING.symptom,
    });
  }
  if (oauth) {
    return failed(name, `SecurID gives no token (${oauth})`, {
      remedy: 'Compare the client’s id, key and issuer URL with the console, and publish.',
      symptom: 'securid-refuses-this-apps-key',
    });
  }
  return failed(name, 'SecurID does not accept this app’s key', {
    remedy: 'Check the key, the Admin API license and this machine’s clock.',
    symptom: 'securid-refuses-this-apps-key',
  });
}
