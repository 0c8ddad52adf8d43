import { type NetworkTrouble, SYMPTOM_OF } from '../http/trouble.ts';
import type { Symptom } from '../troubleshooting.ts';

/** What went wrong, named by what one can do about it. */
export type SecurIDErrorCode =
  | 'INVALID_REQUEST'
  | 'NOT_AUTHORIZED'
  | 'REFUSED'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE'
  | 'UNEXPECTED_RESPONSE';

const SYMPTOMS: Partial<Record<SecurIDErrorCode, Symptom>> = {
  NOT_AUTHORIZED: 'securid-refuses-this-apps-key',
  RATE_LIMITED: 'securid-is-busy',
  UNAVAILABLE: 'securid-does-not-answer',
  UNEXPECTED_RESPONSE: 'securid-sends-an-answer-that-is-not-understood',
};

const OF_REASONS: Record<string, Symptom> = {
  NOT_LICENSED: 'the-company-has-no-license-for-it',
  EXPIRY_REFUSED: 'an-emergency-code-would-live-too-long',
};

function symptomOf(
  code: SecurIDErrorCode,
  { permission, network, reason = '' }: Details,
): Symptom | undefined {
  if (permission) return 'the-oauth-client-lacks-a-permission';
  return network ? SYMPTOM_OF[network.kind] : (OF_REASONS[reason] ?? SYMPTOMS[code]);
}

type Details = {
  status?: number | undefined;
  reason?: string | undefined;
  retryAfter?: number | undefined;
  sent?: boolean;
  tokenRefused?: boolean;
  permission?: string | undefined;
  toCover?: string | undefined;
  network?: NetworkTrouble | undefined;
};

/**
 * The only error that this client throws. Switch on `code`; the message is for logs and may change.
 * It carries neither the request, whose headers hold the bearer token, nor the text of the answer.
 */
export class SecurIDError extends Error {
  override readonly name = 'SecurIDError';
  readonly code: SecurIDErrorCode;
  /** The HTTP status of the answer, if there was one. */
  readonly status: number | undefined;
  /** Set with `REFUSED`: one of the API's documented reasons. */
  readonly reason: string | undefined;
  /** Set with `RATE_LIMITED`, if known: how long to wait, in milliseconds. */
  readonly retryAfter: number | undefined;
  /** False if the request certainly never reached the tenant, so that nothing can have changed. */
  readonly sent: boolean;
  /** The tenant, or somebody in its place, refused this token, and a new one may be accepted. */
  readonly tokenRefused: boolean;
  /** Set with `NOT_AUTHORIZED`, if known: the OAuth permission that the app may lack. */
  readonly permission: string | undefined;
  /** The same for an API key: the permission that its role has to cover. */
  readonly toCover: string | undefined;
  /** Where the administrator finds the remedy, if there is one. */
  readonly symptom: Symptom | undefined;
  /** Set if the network between is why: a proxy, or an unknown certificate. */
  readonly network: NetworkTrouble | undefined;

  constructor(code: SecurIDErrorCode, message: string, details: Details = {}) {
    super(message);
    this.code = code;
    this.status = details.status;
    this.reason = details.reason;
    this.retryAfter = details.retryAfter;
    this.sent = details.sent ?? true;
    this.tokenRefused = details.tokenRefused ?? false;
    this.permission = details.permission;
    this.toCover = details.toCover;
    this.network = details.network;
    this.symptom = symptomOf(code, details);
  }
}
