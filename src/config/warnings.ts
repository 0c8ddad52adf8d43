import { lacks, READ_PERMISSIONS, SEPARATE_READ_PERMISSIONS } from '../securid/index.ts';
import type { Symptom } from '../troubleshooting.ts';
import type { Config } from './config.ts';
import { isOpenRedis } from './environment.ts';

type Warning = { says: string; symptom: Symptom };

type People = Pick<Config, 'roles' | 'protection' | 'approval'>;

const NO_AGENTS: Warning = {
  says: 'SECURID_AGENTS is empty: nobody may look anybody up',
  symptom: 'nobody-has-the-role',
};

const NO_MANAGERS: Warning = {
  says: 'SECURID_MANAGERS is empty: nobody may see licenses',
  symptom: 'nobody-has-the-role',
};

const NO_APPROVERS: Warning = {
  says: 'SECURID_APPROVERS is empty: nobody may turn a lockdown on, or lift it',
  symptom: 'nobody-has-the-role',
};

const PROTECTED: Warning = {
  says: 'SECURID_PROTECTED names people, and nobody can approve changes for them: all are refused',
  symptom: 'nobody-can-approve',
};

const NOBODY_APPROVES: Warning = {
  says: 'SECURID_APPROVERS is empty, and SECURID_APPROVAL_CHANNEL is set: every request there lapses',
  symptom: 'nobody-can-approve',
};

const OPEN_REDIS: Warning = {
  says: 'REDIS_URL has no password: anyone who reaches that Redis can stop all codes, reset used cards and limits, and see who is looked up',
  symptom: 'redis-has-no-password',
};

const NO_KEY_ID: Warning = {
  says: 'the private key of the OAuth client has no kid: if SecurID refuses it, add the one that the console shows',
  symptom: 'the-oauth-key-has-no-kid',
};

const WITHOUT_EFFECT: Record<Config['withoutEffect'][number], Warning> = {
  ALL_PROXY: {
    says: 'ALL_PROXY is not read: if SecurID Desk needs a proxy, set HTTPS_PROXY',
    symptom: 'a-proxy-variable-has-no-effect',
  },
  NO_PROXY: {
    says: 'NO_PROXY has items that are not host names, such as address ranges: they have no effect, because Slack and SecurID are reached by name',
    symptom: 'a-proxy-variable-has-no-effect',
  },
};

/** A change that is switched on, and the OAuth permissions that it needs. */
type ChangeScopes = { name: string; isTyped: boolean; scopes: readonly string[] };

/** What works, and should not stay as it is; a line each, without a secret. */
export function warningsFor(config: Config, changes: readonly ChangeScopes[]): Warning[] {
  return [
    ...peopleWarnings(config),
    ...(config.redisUrl && isOpenRedis(config.redisUrl) ? [OPEN_REDIS] : []),
    ...(hasNoKeyId(config) ? [NO_KEY_ID] : []),
    ...lackingScopes(config, changes).map(
      (says): Warning => ({ says, symptom: 'the-configured-scope-lacks-a-permission' }),
    ),
    ...config.withoutEffect.map((name) => WITHOUT_EFFECT[name]),
    ...unreadWarnings(config),
  ];
}

/** The same, about names only. */
export const unreadWarnings = ({ unread }: Pick<Config, 'unread'>): Warning[] =>
  unread.map(({ name, meant }) => ({
    says: `${name} is not read: ${meant ? `did you mean ${meant}?` : 'no setting has this name'}`,
    symptom: 'a-variable-is-not-read',
  }));

/** The same, about who may do what. */
export function peopleWarnings({ roles, protection, approval }: People): Warning[] {
  const isEmpty = (all: string[]) => all.length === 0;
  const namesNobody = Object.values(protection).every(isEmpty);
  return [
    ...(isEmpty(roles.agent) ? [NO_AGENTS] : []),
    ...(isEmpty(roles.manager) ? [NO_MANAGERS] : []),
    ...(!namesNobody && approval.policy === 'never' ? [PROTECTED] : []),
    ...(isEmpty(roles.approver)
      ? [approval.policy === 'never' ? NO_APPROVERS : NOBODY_APPROVES]
      : []),
  ];
}

function hasNoKeyId({ securid: { credentials } }: Config): boolean {
  if (!('oauthClient' in credentials)) return false;
  // Whatever the JWK holds is there, also what is no key id (RFC 7517, 4.5).
  const kid: unknown = credentials.oauthClient.privateKey.kid;
  return typeof kid !== 'string' || kid.trim() === '';
}

/** Where the configuration says what every token asks for: what it forgets. */
function lackingScopes({ securid: { credentials } }: Config, changes: readonly ChangeScopes[]) {
  const given = 'oauthClient' in credentials ? credentials.oauthClient.scope : undefined;
  if (given === undefined) return [];
  const needed = [
    ...READ_PERMISSIONS.map((each) => ({ what: 'look-ups', scope: each })),
    ...SEPARATE_READ_PERMISSIONS.map((each) => ({ what: '/securid history', scope: each })),
    ...changes.flatMap(({ name, isTyped, scopes }) =>
      scopes.map((scope) => ({ what: isTyped ? `/securid ${name}` : `the change ${name}`, scope })),
    ),
  ];
  const lacking = needed.filter((one) => lacks(given, one.scope));
  const scopes = [...new Set(lacking.map(({ scope }) => scope))];
  return scopes.map((scope) => {
    const what = lacking.filter((one) => one.scope === scope).map((one) => one.what);
    return `SECURID_OAUTH_SCOPE lacks ${scope}, needed for ${what.join(', ')}`;
  });
}
