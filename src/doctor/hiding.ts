import { SECRETS } from '../config/environment.ts';
import { bare } from '../config/values.ts';
import { withoutSecrets } from '../log.ts';
import type { Finding } from './finding.ts';

/** A shorter one could be a part of any word. */
const SHORTEST = 6;

/**
 * Takes secrets, in whatever coding, and whatever moves a terminal's cursor, out of what is printed: some of it comes
 * from servers that only pretend to be Slack, SecurID or Redis.
 * @param texts of the files that hold secrets
 */
export function createHiding(env: Record<string, string | undefined>, texts: readonly string[]) {
  const given = [...SECRETS, 'HTTP_PROXY'].flatMap((name) => [env[name], env[name.toLowerCase()]]);
  const secrets = [...given, ...texts]
    .flatMap((text) => (text === undefined ? [] : secretsIn(bare(text))))
    .filter((one) => one.length >= SHORTEST)
    .flatMap(codingsOf)
    // What holds another goes first.
    .sort((one, other) => other.length - one.length);

  const shown = (text: string) =>
    secrets
      .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), withoutSecrets(text))
      .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');

  return (finding: Finding): Finding => ({
    ...finding,
    // It may be a scope, as Slack names it.
    name: shown(finding.name),
    says: shown(finding.says),
    ...(finding.remedy !== undefined && { remedy: shown(finding.remedy) }),
  });
}

const HIDDEN = '[redacted]';

/** What is secret in the text of a setting: a token, a password in a URL, a private key alone or in JSON. */
function secretsIn(text: string): string[] {
  if (/^[{"]/.test(text)) return PRIVATE.flatMap((name) => secretsIn(memberOf(text, name)));
  if (text.startsWith('-----BEGIN')) return text.split(/\s|\\n/).filter(isBase64);
  if (!text.includes('://')) return [text];
  const [, user = '', password = ''] = /:\/\/([^:@/]*):([^/]*)@/.exec(text) ?? [];
  const plain = decoded(password);
  return [password, plain, `${decoded(user)}:${plain}`];
}

/** Of RSA's key file, and of a JWK: https://www.rfc-editor.org/rfc/rfc7518#section-6 */
const PRIVATE = ['accessKey', 'd', 'p', 'q', 'dp', 'dq', 'qi'];

/** Also of JSON that cannot be parsed, or stands in a string. */
const memberOf = (json: string, name: string): string =>
  new RegExp(`"${name}\\\\*"\\s*:\\s*\\\\*"([^"]*)`).exec(json)?.[1] ?? '';

const isBase64 = (line: string) => /^[\w+/=-]{20,}$/.test(line) && !line.startsWith('-----');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A secret as it may be written: as it is, in a URL, and in Base64, wherever it begins in what was encoded. */
function codingsOf(secret: string): string[] {
  const encoded = [0, 1, 2].map((before) => {
    const bytes = Buffer.from(secret.padStart(secret.length + before));
    const whole = Math.floor((bytes.length * 8) / 6);
    return bytes.toString('base64').slice(before === 0 ? 0 : before + 1, whole);
  });
  const inUrls = encoded.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([secret, encodeURIComponent(secret), ...encoded, ...inUrls])];
}
