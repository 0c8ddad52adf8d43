import { type Credentials, readApiKey, readOAuthPrivateKey } from '../securid/index.ts';
import type { Environment } from './environment.ts';
import { secureUrl } from './environment.ts';
import { bare } from './values.ts';

/** One per line, without values. */
export type Problems = string[];
export type ReadFile = (path: string) => string;

/** Reads the tenant's credential, of either kind; adds to the problems. */
export async function readCredentials(
  env: Environment,
  readFile: ReadFile,
  problems: Problems,
): Promise<Credentials | undefined> {
  const apiKey = readEither(env, 'SECURID_API_KEY', readFile, problems);
  const isOAuth = Object.entries(env).some(
    ([name, value]) => name.startsWith('SECURID_OAUTH_') && value !== undefined,
  );
  if (apiKey && isOAuth) {
    problems.push('SECURID_API_KEY and SECURID_OAUTH_…: only one kind of credential can be used');
    return undefined;
  }
  if (apiKey) return readKey(apiKey, problems);
  if (isOAuth) return readOAuthClient(env, readFile, problems);
  if (!env.SECURID_API_KEY_FILE) {
    problems.push('SECURID_API_KEY_FILE or SECURID_OAUTH_…: a credential for SecurID is needed');
  }
  return undefined;
}

type Text = { name: string; text: string };
type EitherName = 'SECURID_API_KEY' | 'SECURID_OAUTH_PRIVATE_KEY';

/** The text of a variable, or of the file that its `_FILE` variable names. */
function readEither(
  env: Environment,
  name: EitherName,
  readFile: ReadFile,
  problems: Problems,
): Text | undefined {
  const text = env[name];
  const path = env[`${name}_FILE`];
  if (text && path) problems.push(`${name} and ${name}_FILE: only one of the two can be used`);
  if (text) return { name, text };
  if (!path) return undefined;
  try {
    return { name: `${name}_FILE`, text: bare(readFile(path)) };
  } catch (error) {
    const why = WHY_NOT_READ[String(error instanceof Error && 'code' in error && error.code)];
    problems.push(`${name}_FILE: the file cannot be read${why ?? ''}`);
    return undefined;
  }
}

const WHY_NOT_READ: Record<string, string> = {
  ENOENT: ': there is none with that name',
  EACCES: ': this user may not read it',
  EPERM: ': this user may not read it',
  // Docker creates a folder if a file to mount is missing.
  EISDIR: ': it is a folder',
};

function readKey({ name, text }: Text, problems: Problems): Credentials | undefined {
  try {
    const apiKey = readApiKey(text);
    if (secureUrl.safeParse(apiKey.adminRestApiUrl).success) return { apiKey };
    problems.push(`${name}: adminRestApiUrl must begin with https:// unless the host is loopback`);
  } catch (error) {
    problems.push(`${name}: ${error instanceof Error ? error.message : 'cannot be used'}`);
  }
  return undefined;
}

async function readOAuthClient(
  env: Environment,
  readFile: ReadFile,
  problems: Problems,
): Promise<Credentials | undefined> {
  const key = readEither(env, 'SECURID_OAUTH_PRIVATE_KEY', readFile, problems);
  const {
    SECURID_OAUTH_ISSUER_URL: issuerUrl,
    SECURID_OAUTH_CLIENT_ID: clientId,
    SECURID_ADMIN_API_URL: adminApiUrl,
  } = env;
  if (!issuerUrl) problems.push('SECURID_OAUTH_ISSUER_URL: is missing');
  if (!clientId) problems.push('SECURID_OAUTH_CLIENT_ID: is missing');
  if (!adminApiUrl) problems.push('SECURID_ADMIN_API_URL: is missing');
  if (!key && !env.SECURID_OAUTH_PRIVATE_KEY_FILE) {
    problems.push('SECURID_OAUTH_PRIVATE_KEY_FILE: is missing');
  }
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
