import { randomBytes } from 'node:crypto';
import { AuditError } from '../audit/index.ts';
import { networkTroubleIn, SecurIDError, type SecurIDErrorCode } from '../securid/index.ts';
import { context, type Message, paragraph, sentence } from '../slack/blocks.ts';
import { isPlatformError, isSlackFailure } from '../slack/errors.ts';
import { troubleOf } from '../slack/trouble.ts';
import { StoreError } from '../store/index.ts';
import { type Symptom, symptomOf } from '../troubleshooting.ts';
import { networkSentence } from './network-trouble.ts';
import { placeOf } from './place-of.ts';
import { slackTrouble } from './slack-trouble.ts';

const SENTENCES: Record<SecurIDErrorCode, (error: SecurIDError) => string> = {
  INVALID_REQUEST: () => 'SecurID did not accept that. Check what you typed and try again.',
  NOT_AUTHORIZED: notAuthorized,
  REFUSED: () => 'SecurID refused this. Please ask the SecurID administrators.',
  NOT_FOUND: () => 'SecurID could not find that.',
  CONFLICT: () => 'The record has changed in SecurID since. Look again before you go on.',
  RATE_LIMITED: ({ retryAfter }) => `SecurID is busy. Try again in ${seconds(retryAfter)}.`,
  UNAVAILABLE: () => 'SecurID did not answer. Try again in a minute.',
  UNEXPECTED_RESPONSE: () =>
    'SecurID sent an answer that this app does not understand. Please give the incident number to your SecurID Desk administrator.',
};

function notAuthorized({ permission, toCover }: SecurIDError): string {
  if (permission) {
    return `SecurID does not let this app do that. Please tell the SecurID administrators: its OAuth client needs the permission \`${permission}\`, and the company a license for the Admin API.`;
  }
  const role = toCover ? `role, which has to cover \`${toCover}\`` : 'role and permissions';
  return `SecurID refused this app's key. Please ask the SecurID administrators to check the key's ${role}, the Admin API license and this server's clock.`;
}

/** The change's own sentence for RSA's reason, or a general one. */
export const whyRefused = (error: SecurIDError, sentences: Readonly<Record<string, string>>) =>
  sentences[error.reason ?? ''] ?? SENTENCES.REFUSED(error);

const seconds = (ms: number | undefined) =>
  ms === undefined ? 'a few seconds' : `${Math.max(Math.ceil(ms / 1000), 1)} s`;

/** Eight characters to read out on the phone, without I, L, O and U. */
export function newIncident(): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const letters = [...randomBytes(8)].map((byte) => alphabet[byte % alphabet.length]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

const INCIDENT = /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;
const NAMED = /^(?:the )?incidents?(?: ?(?:number|no|nr|id|#))?[ #]*/i;

/**
 * Reads an incident number, alone or after the word “incident”. There it may be in any case, and without its
 * hyphen; O, I and L are what was heard for 0 and 1: https://www.crockford.com/base32.html
 */
export function readIncident(words: string[]): string | undefined {
  const text = words.join(' ');
  const named = NAMED.test(text);
  const incident = named
    ? spoken(text.replace(NAMED, ''))
    : text.replace(/^#/, '').replace(/^(.{4}) (.{4})$/, '$1-$2');
  return INCIDENT.test(incident) && (named || /\d/.test(incident)) ? incident : undefined;
}

const spoken = (text: string) =>
  text
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
    .replace(/[ -]/g, '')
    .replace(/(?<=^.{4})(?=.{4}$)/, '-');

/** Whether it could be an incident number in small letters, as people note it down. */
export const looksLikeIncident = (word: string) =>
  /\d/.test(word) && word.includes('-') && INCIDENT.test(spoken(word));

/** Explains a failure: the outcome if given, why, what to do next if given, and the incident number. */
export function explanation(
  error: unknown,
  incident: string,
  outcome?: string,
  next?: string,
): Message {
  const sentence = [outcome, why(error), next].filter(Boolean).join(' ');
  return withIncident(sentence, incident, isToPassOn(error) ? symptomOf(error) : undefined);
}

/** What trying again cannot fix. */
const isToPassOn = (error: unknown) =>
  error instanceof AuditError ||
  troubleOf(error) !== undefined ||
  networkTroubleIn(error) !== undefined ||
  (error instanceof SecurIDError && ['NOT_AUTHORIZED', 'UNEXPECTED_RESPONSE'].includes(error.code));

/** A repeat would give the same answer. */
const FINAL: ReadonlySet<SecurIDErrorCode> = new Set(['INVALID_REQUEST', 'REFUSED']);

/** Whether trying again may help. */
export const mayHelp = (error: unknown) =>
  !(error instanceof SecurIDError && FINAL.has(error.code));

function why(error: unknown): string {
  const network = networkTroubleIn(error);
  if (error instanceof SecurIDError) {
    return network ? networkSentence(network, 'SecurID') : SENTENCES[error.code](error);
  }
  if (error instanceof AuditError) {
    return 'The audit trail cannot be written. Please tell your SecurID Desk administrator.';
  }
  if (error instanceof StoreError) {
    return 'SecurID Desk cannot reach its store right now. Try again in a minute.';
  }
  if (isPlatformError(error, 'expired_trigger_id', 'exchanged_trigger_id')) {
    return 'That took too long for Slack to open the form. Press the button again.';
  }
  const trouble = troubleOf(error);
  if (trouble) return slackTrouble(trouble);
  if (network) return networkSentence(network, 'Slack');
  if (isSlackFailure(error)) return 'Slack did not answer. Try again in a minute.';
  return 'Something went wrong in SecurID Desk. Nothing was changed; try again.';
}

/** @param symptom where the administrator finds the remedy */
export const withIncident = (sentence: string, incident: string, symptom?: Symptom): Message => ({
  text: `${sentence} Incident ${incident}.`,
  blocks: [
    paragraph(`:warning: ${sentence}`),
    context(`Incident \`${incident}\``),
    ...(symptom ? [placeOf(symptom)] : []),
  ],
});

export const FORM_TOO_OLD = 'This form has expired. Close it and type the command again.';

export const TOO_OLD = sentence(
  'This button has expired. Type the command again; `/securid help` lists them all.',
);
