import { escapeMrkdwn } from '../slack/mrkdwn.ts';
import type { Trouble } from '../slack/trouble.ts';

/** What the asker reads if a retry would not help. */
export function slackTrouble(trouble: Trouble): string {
  return `${what(trouble)} Please tell whoever runs SecurID Desk.`;
}

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
