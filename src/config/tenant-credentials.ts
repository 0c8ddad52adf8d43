import { type Credentials, readApiKey, readOAuthPrivateKey } from '../securid/index.ts';
import type { Environment } from './environment.ts';
import { secureUrl } from './environment.ts';
import type { Problems, Secrets } from './secrets.ts';

/** Reads the tenant's credential, of either kind; adds to the problems. */
export async function readCredentials(
  env: Environment,
  { nameOf, areLost }: Secrets,
  problems: Problems,
): Promise<Credentials | undefined> {
  const apiKey = env.SECURID_API_KEY;
  const isLost = areLost('SECURID_OAUTH_PRIVATE_KEY');
  const isOAuth = isLost || Object.keys(env).some((name) => name.startsWith('SECURID_OAUTH_'));
  if (apiKey && isOAuth) {
    problems.push('SECURID_API_KEY and SECURID_OAUTH_…: only one kind of credential can be used');
    return undefined;
  }
  if (apiKey) return readKey({ name: nameOf('SECURID_API_KEY'), text: apiKey }, problems);
  if (isOAuth) {
    const text = env.SECURID_OAUTH_PRIVATE_KEY;
    const key = text && { name: nameOf('SECURID_OAUTH_PRIVATE_KEY'), text };
    if (!key && !isLost) problems.push('SECURID_OAUTH_PRIVATE_KEY_FILE: is missing');
    return readOAuthClient(env, key || undefined, problems);
  }
  if (!areLost('SECURID_API_KEY')) {
    problems.push('SECURID_API_KEY_FILE or SECURID_OAUTH_…: a credential for SecurID is needed');
  }
  return undefined;
}

type Text = { name: string; text: string };

function readKey({ name, text }: Text, problems: Problems): Credentials | undefined {
  try {
    const apiKey = readApiKey(text);
    const { error } = secureUrl.safeParse(apiKey.adminRestApiUrl);
    if (!error) return { apiKey };
    for (const { message } of error.issues) problems.push(`${name}: adminRestApiUrl ${message}`);
  } catch (error) {
    problems.push(`${name}: ${error instanceof Error ? error.message : 'cannot be used'}`);
  }
  return undefined;
}

async function readOAuthClient(
  env: Environment,
  key: Text | undefined,
  problems: Problems,
): Promise<Credentials | undefined> {
  const {
    SECURID_OAUTH_ISSUER_URL: issuerUrl,
    SECURID_OAUTH_CLIENT_ID: clientId,
    SECURID_ADMIN_API_URL: adminApiUrl,
  } = env;
  if (!issuerUrl) problems.push('SECURID_OAUTH_ISSUER_URL: is missing');
  if (!clientId) problems.push('SECURID_OAUTH_CLIENT_ID: is missing');
  if (!adminApiUrl) problems.push('SECURID_ADMIN_API_URL: is missing');
  const privateKey = key && (await readPrivateKey(key, problems));
  if (!privateKey || !issuerUrl || !clientId || !adminApiUrl) return undefined;
  return {
    oauthClient: {
      issuerUrl,
      clientId,
      adminApiUrl,
      privateKey,
      scope: env.SECURID_OAUTH_SCOPE,
    },
  };
}

async function readPrivateKey({ name, text }: Text, problems: Problems) {
  try {
    return await readOAuthPrivateKey(text);
  } catch (error) {
    problems.push(`${name}: ${error instanceof Error ? error.message : 'cannot be used'}`);
    return undefined;
  }
}
