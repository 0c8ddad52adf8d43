import { describe, expect, it } from 'vitest';
import { canRender, useRenderer } from './render/render.ts';

describe.skipIf(!canRender)('the Helm chart', () => {
  const renderWith = useRenderer();

  const render = (...values: (string | Record<string, unknown>)[]) => renderWith({ values });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no image', { image: { repository: '' } }, /image\.repository: name the image/],
    ...['https://registry.acme.test/desk', 'registry.acme.test/desk:1.0', 'Acme/Desk', 'a b'].map(
      (repository): [string, Record<string, unknown>, RegExp] => [
        `an image called ${repository}`,
        { image: { repository } },
        /image\.repository: .* without https:\/\/ and without its tag, such as/,
      ],
    ),
    ['a tag that is a number', { image: { tag: 2026 } }, /image\.tag: Invalid type/],
    [
      'two instances without Redis',
      { replicaCount: 2 },
      /replicaCount: two or more instances share .* Set redis\.enabled=true/,
    ],
    [
      'more instances than Slack has sockets for',
      { replicaCount: 11, redis: { enabled: true } },
      /replicaCount: Slack takes ten connections of an app in Socket Mode/,
    ],
    [
      'an Ingress in Socket Mode',
      { ingress: { enabled: true, host: 'desk.example.com' } },
      /ingress\.enabled: in Socket Mode nothing comes in/,
    ],
    [
      'an Ingress without a host',
      { mode: 'http', ingress: { enabled: true } },
      /ingress\.host: name the host/,
    ],
    [
      'a secret among the values',
      { config: { SLACK_BOT_TOKEN: 'xoxb-1' } },
      /config: Additional property SLACK_BOT_TOKEN is not allowed/,
    ],
    [
      'a misspelled variable',
      { config: { SECURID_AGENT: 'S0HELPDESK' } },
      /Additional property SECURID_AGENT is not allowed/,
    ],
    [
      "a proxy's password among the values",
      { config: { HTTP_PROXY: 'http://desk:a@proxy.corp.example:3128' } },
      /config\.HTTP_PROXY: a password is a secret\. .* put HTTPS_PROXY into the Secret/,
    ],
    ['a label that is a switch', { podLabels: { scan: true } }, /podLabels\.scan: Invalid type/],
    [
      'a label with odd characters',
      { podLabels: { team: 'help desk' } },
      /podLabels\.team: Does not match/,
    ],
    [
      'a label with an odd name',
      { podLabels: { 'acme.test/a/b': 'c' } },
      /podLabels: Property name of "acme\.test\/a\/b" does not match/,
    ],
    [
      'an annotation that is a number',
      { podAnnotations: { 'acme.test/port': 9090 } },
      /podAnnotations\.acme\.test\/port: Invalid type/,
    ],
    [
      'an annotation with an odd name',
      { ingress: { annotations: { 'a b': 'c' } } },
      /ingress\.annotations: Property name of "a b" does not match/,
    ],
    [
      'a pod of root',
      { podSecurityContext: { runAsUser: 0 } },
      /runAsUser: Must be greater than or equal to 1/,
    ],
    [
      'a pod that may be of root',
      { podSecurityContext: { runAsNonRoot: false } },
      /podSecurityContext\.runAsNonRoot/,
    ],
    [
      'a pod that may be of anybody',
      { podSecurityContext: { runAsNonRoot: null } },
      /podSecurityContext: runAsNonRoot is required/,
    ],
    ['a misspelled value', { replicas: 2 }, /Additional property replicas is not allowed/],
    ['a trail in the image', { config: { AUDIT_FILE: 'audit.jsonl' } }, /config\.AUDIT_FILE/],
    [
      'a trail that leaves its volume',
      { config: { AUDIT_FILE: '/var/lib/securid-desk/../audit.jsonl' } },
      /config\.AUDIT_FILE/,
    ],
    ...['AUDIT_FILE', 'AUDIT_KEY_FILE', 'STATE_FILE'].map(
      (variable): [string, Record<string, unknown>, RegExp] => [
        `a folder that a new volume does not have, in ${variable}`,
        { config: { [variable]: '/var/lib/securid-desk/trail/file' } },
        new RegExp(`config\\.${variable}`),
      ],
    ),
    ['probes that nobody reaches', { config: { OPS_HOST: '127.0.0.1' } }, /config\.OPS_HOST/],
    [
      'a port that takes a privilege',
      { config: { PORT: 443 } },
      /config\.PORT: Must be greater than or equal to 1024/,
    ],
    [
      'a number with zeros before it',
      { config: { DRAIN_SECONDS: '010' } },
      /config\.DRAIN_SECONDS/,
    ],
    ['one port for two', { mode: 'http', config: { PORT: 9090 } }, /PORT and .*OPS_PORT/],
    ['no port', { config: { OPS_PORT: null } }, /OPS_PORT is required/],
    ['an unknown mode', { mode: 'https' }, /mode: mode must be one of the following/],
    ['no secret', { existingSecret: '' }, /existingSecret/],
    ['a name with a dot', { nameOverride: 'desk.it' }, /fullnameOverride: .* has no dots/],
    ['a name that begins with a digit', { fullnameOverride: '2nd' }, /begins with a letter/],
    ['no word about Redis', { redis: null }, /redis is required/],
    [
      'no network policy and no word about it',
      { networkPolicy: null },
      /networkPolicy is required/,
    ],
  ])('refuses %s', (_, values, sentence) => {
    expect(() => render('minimal-values', values)).toThrow(sentence);
  });

  describe('refuses to repeat what it sets itself', () => {
    const monitoring = {
      metrics: { serviceMonitor: { enabled: true }, prometheusRule: { enabled: true } },
    };
    const labelsOf = (kind: 'StatefulSet' | 'ServiceMonitor' | 'PrometheusRule') =>
      Object.keys(render('minimal-values', monitoring).one(kind).metadata.labels ?? {});

    it.each<[string, () => string[], (all: Record<string, string>) => Record<string, unknown>]>([
      ['podLabels', () => labelsOf('StatefulSet'), (podLabels) => ({ podLabels })],
      [
        'metrics.serviceMonitor.labels',
        () => labelsOf('ServiceMonitor'),
        (labels) => ({ metrics: { serviceMonitor: { labels } } }),
      ],
      [
        'metrics.prometheusRule.labels',
        () => labelsOf('PrometheusRule'),
        (labels) => ({ metrics: { prometheusRule: { labels } } }),
      ],
      [
        'podAnnotations',
        () => {
          const { spec } = render('minimal-values').one('StatefulSet');
          return Object.keys(spec?.template.metadata?.annotations ?? {});
        },
        (podAnnotations) => ({ podAnnotations }),
      ],
    ])('in %s', (name, own, valuesWith) => {
      expect(own().length).toBeGreaterThan(1);
      for (const key of own()) {
        expect(() => render('minimal-values', valuesWith({ [key]: 'mine' }))).toThrow(
          `${name}: the chart itself sets ${key}. Leave it out`,
        );
      }
    });
  });
});
