/** What somebody who runs the app may see, by the anchors of the headings in `docs/troubleshooting.md`. */
export const SYMPTOMS = [
  'the-configuration-has-problems',
  'another-program-listens-there',
  'slack-gives-no-socket',
  'the-bot-token-lacks-a-scope',
  'slack-has-no-such-user-group',
  'slack-does-not-accept-the-bot-token',
] as const;

export type Symptom = (typeof SYMPTOMS)[number];

/** Where the remedy stands: the field `see` of a log line, and the end of a sentence. */
export const see = (symptom: Symptom): string => `docs/troubleshooting.md#${symptom}`;
