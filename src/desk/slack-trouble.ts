import { type Message, sentence } from '../slack/blocks.ts';
import { escapeMrkdwn } from '../slack/mrkdwn.ts';
import type { Trouble } from '../slack/trouble.ts';
import type { Symptom } from '../troubleshooting.ts';
import { withPlace } from './place-of.ts';

/** What the asker reads if a retry would not help. */
export function slackTrouble(trouble: Trouble): string {
  return `${what(trouble)} Please tell your SecurID Desk administrator.`;
}

/** The same as a whole message, with the place of the remedy. */
export function aboutTrouble(trouble: Trouble): Message {
  return withPlace(sentence(slackTrouble(trouble)), symptomOfTrouble(trouble));
}

export const symptomOfTrouble = ({ kind }: Trouble): Symptom => SYMPTOMS[kind];

const SYMPTOMS: Record<Trouble['kind'], Symptom> = {
  scope: 'the-bot-token-lacks-a-scope',
  'no such group': 'slack-has-no-such-user-group',
  'no groups in this plan': 'the-slack-plan-has-no-user-groups',
  token: 'slack-does-not-accept-the-bot-token',
};

function what(trouble: Trouble): string {
  switch (trouble.kind) {
    case 'scope':
      return `Slack does not let SecurID Desk do this: the app lacks ${scopes(trouble.scopes)}.`;
    case 'no such group':
      return `SecurID Desk is set up with a user group that Slack does not have: \`${escapeMrkdwn(trouble.groupId)}\`.`;
    case 'no groups in this plan':
      return 'SecurID Desk is set up with user groups, which this Slack plan does not have.';
    case 'token':
      return "Slack no longer accepts SecurID Desk's token.";
  }
}

const scopes = (names: string[]) =>
  names.length === 0
    ? 'a scope'
    : `the scope ${names.map((name) => `\`${escapeMrkdwn(name)}\``).join(' or ')}`;
