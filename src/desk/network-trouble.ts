import type { NetworkTrouble } from '../securid/index.ts';

/** What the asker reads if SecurID or Slack was not reached, or something else answered in its place. */
export const networkSentence = (trouble: NetworkTrouble, whom: 'SecurID' | 'Slack'): string =>
  `${whom} ${trouble.kind === 'page' ? 'did not answer' : 'could not be reached'}: ${networkReason(trouble)}`;

/** Why, and whom to tell. */
const networkReason = (trouble: NetworkTrouble): string =>
  `${reason(trouble)}. Please tell your SecurID Desk administrator.`;

function reason({ kind, proxy }: NetworkTrouble): string {
  const it = proxy ? `this server's proxy \`${proxy}\`` : 'something in between';
  switch (kind) {
    case 'password':
    case 'sign-in':
      return `${it} asks for a password`;
    case 'wrong password':
      return `${it} does not accept the password`;
    case 'refusal':
      return `${it} refuses the connection`;
    case 'unreachable':
      return `${it} cannot be reached`;
    case 'silence':
      return `${it} does not answer`;
    case 'page':
      return `${it} sent a web page instead`;
    case 'certificate':
      return 'this server does not trust the certificate it received';
  }
}
