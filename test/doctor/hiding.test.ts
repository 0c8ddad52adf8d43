import { describe, expect, it } from 'vitest';
import { createHiding } from '../../src/doctor/hiding.ts';

const PEM = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ7f3a9c\n'.repeat(2)}-----END PRIVATE KEY-----\n`;

const SECRETS = {
  SLACK_BOT_TOKEN: 'xoxb-1234-abcd',
  SLACK_SIGNING_SECRET: '  8f742231b10e8888abcd99yyyzzz85a5\n',
  REDIS_URL: 'redis://app:s%40cret-77@10.0.0.1:6379',
  https_proxy: 'http://desk:hunter2%2F77@proxy.corp:3128',
  HTTP_PROXY: 'http://me:letmein-31@proxy.corp:3128',
};

const FILES = [
  JSON.stringify({
    accessID: '5d1c3f0e',
    accessKey: PEM,
    adminRestApiUrl: 'https://acme.access.securid.com',
  }),
  JSON.stringify({ kty: 'EC', kid: 'desk', x: 'public-x-part', d: 'private-d-part/+==' }),
];

const PLAIN = [
  'xoxb-1234-abcd',
  '8f742231b10e8888abcd99yyyzzz85a5',
  's%40cret-77',
  's@cret-77',
  'hunter2/77',
  'letmein-31',
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ7f3a9c',
  'private-d-part/+==',
];

const hide = createHiding(SECRETS, FILES);
const shown = (text: string) => hide({ name: text, result: 'failed', says: text, remedy: text });

describe('what the doctor hides', () => {
  it.each(PLAIN)('is %s, in whatever coding', (secret) => {
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const said = [
      secret,
      encodeURIComponent(secret),
      `https://slack.test/?token=${encodeURIComponent(secret)}&x=1`,
      base64(secret),
      Buffer.from(secret).toString('base64url'),
      ...['x:', 'ab:', 'abc:', 'desk:'].map((before) => base64(`${before}${secret}, and more`)),
    ];
    for (const one of said) {
      const { name, says, remedy } = shown(`refused ${one} there`);
      expect(says).toMatch(/^refused .*\[redacted\].* there$/);
      expect(says).not.toContain(one);
      expect([name, remedy]).toEqual([says, says]);
      for (const word of says.match(/[\w+/=-]{8,}/g) ?? []) {
        expect(Buffer.from(word, 'base64').toString()).not.toContain(secret.slice(3, -3));
      }
    }
  });

  it('is the sign-in at a proxy, as it is sent', () => {
    const sent = Buffer.from('desk:hunter2/77').toString('base64');
    expect(shown(`Proxy-Authorization: Basic ${sent}`).says).toBe(
      'Proxy-Authorization: Basic [redacted]',
    );
  });

  it('is no host, no user and no public part of a key', () => {
    const says = 'acme.access.securid.com, proxy.corp:3128, 10.0.0.1:6379, 5d1c3f0e, public-x-part';
    expect(shown(says).says).toBe(says);
  });
});
