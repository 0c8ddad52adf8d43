import { UNTRUSTED } from './http/untrusted.ts';

/** What somebody who runs the app may see, by the anchors of the headings in `docs/troubleshooting.md`. */
export const SYMPTOMS = [
  'the-configuration-has-problems',
  'a-variable-is-not-read',
  'another-program-uses-the-port',
  'it-cannot-listen-there',
  'nobody-has-the-role',
  'nobody-can-approve',
  'the-oauth-key-has-no-kid',
  'the-configured-scope-lacks-a-permission',
  'redis-has-no-password',
  'slack-gives-no-socket',
  'requests-are-signed-with-another-secret',
  'requests-arrive-too-late',
  'requests-come-to-another-path',
  'slack-says-dispatch_failed',
  'slack-did-not-recognize-that-name',
  'slack-cannot-be-reached',
  'the-bot-token-lacks-a-scope',
  'slack-has-no-such-user-group',
  'the-slack-plan-has-no-user-groups',
  'the-app-is-not-in-that-workspace',
  'slack-does-not-say-in-which-workspace-somebody-is',
  'slack-does-not-accept-the-bot-token',
  'a-channel-does-not-accept-messages',
  'securid-refuses-this-apps-key',
  'the-oauth-client-lacks-a-permission',
  'securid-does-not-answer',
  'securid-sends-an-answer-that-is-not-understood',
  'securid-is-busy',
  'a-change-is-not-switched-on',
  'nobody-matches-in-slack-or-securid',
  'the-account-is-protected',
  'securid-does-not-take-the-request',
  'the-company-has-no-license-for-it',
  'an-emergency-code-would-live-too-long',
  'the-license-summary-was-not-posted',
  'the-audit-trail-cannot-be-written',
  'another-process-writes-the-audit-trail',
  'rows-of-the-audit-trail-are-missing',
  'a-new-key-signs-the-audit-trail',
  'others-can-read-a-file',
  'it-was-killed-before-it-had-stopped',
  'it-starts-in-lockdown',
  'the-state-file-cannot-be-written',
  'redis-is-away',
  'redis-does-not-accept-writes',
  'a-proxy-variable-has-no-effect',
  'the-proxy-asks-for-a-password',
  'the-proxy-refuses',
  'the-proxy-does-not-answer',
  'a-web-page-comes-in-place-of-an-answer',
  'a-certificate-is-not-trusted',
  'the-clock-is-wrong',
  'the-two-tokens-belong-to-different-apps',
  'the-audit-trail-is-broken',
  'redis-may-forget',
] as const;

export type Symptom = (typeof SYMPTOMS)[number];

/** Where the remedy stands: the field `see` of a log line, and the end of a sentence. */
export const see = (symptom: Symptom): string => `docs/troubleshooting.md#${symptom}`;

/** Slack's errors: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const OF_SLACK: Record<string, Symptom> = {
  missing_scope: 'the-bot-token-lacks-a-scope',
  no_such_subteam: 'slack-has-no-such-user-group',
  plan_upgrade_required: 'the-slack-plan-has-no-user-groups',
  account_inactive: 'slack-does-not-accept-the-bot-token',
  invalid_auth: 'slack-does-not-accept-the-bot-token',
  not_allowed_token_type: 'slack-does-not-accept-the-bot-token',
  not_authed: 'slack-does-not-accept-the-bot-token',
  token_expired: 'slack-does-not-accept-the-bot-token',
  token_revoked: 'slack-does-not-accept-the-bot-token',
  not_in_channel: 'a-channel-does-not-accept-messages',
  channel_not_found: 'a-channel-does-not-accept-messages',
  is_archived: 'a-channel-does-not-accept-messages',
};

const isSymptom = (name: unknown): name is Symptom => SYMPTOMS.some((one) => one === name);

/** What an error, or one behind it, is a symptom of: it says so itself, or Slack's code does. */
export function symptomOf(error: unknown): Symptom | undefined {
  for (let one = error, depth = 0; one instanceof Error && depth < 6; depth++) {
    if ('symptom' in one && isSymptom(one.symptom)) return one.symptom;
    if ('code' in one && UNTRUSTED.includes(String(one.code)))
      return 'a-certificate-is-not-trusted';
    const data = 'data' in one ? one.data : undefined;
    const code = data instanceof Object && 'error' in data ? String(data.error) : '';
    if (Object.hasOwn(OF_SLACK, code)) return OF_SLACK[code];
    // Slack's client keeps the error of a connection there.
    one = 'original' in one ? one.original : one.cause;
  }
  return undefined;
}

/** Where the remedy of an error stands, or what it most likely means here. */
export const seeFor = (error: unknown, otherwise: Symptom): string =>
  see(symptomOf(error) ?? otherwise);
