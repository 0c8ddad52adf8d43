import type { PartialConfig } from '../config/config.ts';
import { SECRETS } from '../config/environment.ts';
import { withoutSecrets } from '../log.ts';
import type { Finding } from './finding.ts';

/** A shorter one could be a part of any word. */
const SHORTEST = 6;

type HasSecrets = Pick<PartialConfig, 'slackApi' | 'slack' | 'redisUrl' | 'proxy'>;

/**
 * Takes secrets, and whatever moves a terminal's cursor, out of what is printed: some of it comes from servers that
 * only pretend to be Slack, SecurID or Redis.
 */
export function createHiding(
  env: Record<string, string | undefined>,
  { slackApi, slack, redisUrl, proxy }: HasSecrets,
) {
  const passwords = [redisUrl, proxy.https, proxy.http].flatMap((url) =>
    url === undefined ? [] : [new URL(url).password, decodeURIComponent(new URL(url).password)],
  );
  const given = [
    ...SECRETS.map((name) => env[name]?.trim()),
    slackApi?.botToken,
    slack?.socketMode ? slack.appToken : slack?.signingSecret,
    ...passwords,
  ];
  const secrets = given.filter((one) => one !== undefined && one.length >= SHORTEST);

  const shown = (text: string) =>
    secrets
      .reduce(
        (rest: string, secret = '') => rest.replaceAll(secret, '[redacted]'),
        withoutSecrets(text),
      )
      .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');

  return (finding: Finding): Finding => ({
    ...finding,
    says: shown(finding.says),
    ...(finding.remedy !== undefined && { remedy: shown(finding.remedy) }),
  });
}
