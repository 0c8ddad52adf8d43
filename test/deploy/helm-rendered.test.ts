import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Config, readConfig } from '../../src/config/config.ts';
import { ROOT } from '../support/sources.ts';
import { complaintsAbout } from './render/fields.ts';
import { flawsIn, theContainer } from './render/flaws.ts';
import { canRender, EXAMPLES, type Release, useRenderer } from './render/render.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const SECRETS: Record<string, string> = {
  SLACK_BOT_TOKEN: 'xoxb-1-bot',
  SLACK_APP_TOKEN: 'xapp-1-app',
  SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef',
  SECURID_API_KEY: JSON.stringify({
    accessID: 'desk',
    accessKey: privateKey.export({ type: 'pkcs1', format: 'pem' }),
    adminRestApiUrl: 'https://acme.access.securid.com/AdminInterface/restapi/v1',
  }),
  SECURID_OAUTH_PRIVATE_KEY: JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: '1' }),
  REDIS_URL: 'rediss://:a@redis.acme.test',
  HTTPS_PROXY: 'http://desk:a@proxy.acme.test:3128',
};

/** What the app's process finds in its environment. */
const environmentOf = ({ one, pod }: Release): Record<string, string> => ({
  ...one('ConfigMap').data,
  ...Object.fromEntries((theContainer(pod).env ?? []).map(({ name, value = '' }) => [name, value])),
});

/** The files that a pod finds where its secrets are mounted, with the key of each. */
function secretFiles({ pod }: Release): Record<string, string> {
  const secrets = pod.volumes?.find(({ name }) => name === 'secrets')?.secret;
  const mount = theContainer(pod).volumeMounts?.find(({ name }) => name === 'secrets')?.mountPath;
  return Object.fromEntries(
    (secrets?.items ?? []).map(({ key, path }) => [`${mount}/${path}`, key]),
  );
}

/** What the app makes of it in the pod. */
async function configOf(release: Release): Promise<Config> {
  const files = secretFiles(release);
  return readConfig(environmentOf(release), (path) => {
    if (!files[path]) throw new Error(`no file ${path}`);
    const [, variable = ''] = /([A-Z_]+)$/.exec(path) ?? [];
    return `${SECRETS[variable]}\n`;
  });
}

/** How long the stop may take, in milliseconds, by what `app.ts` says. */
function stopTime(): number {
  const app = readFileSync(join(ROOT, 'src/app.ts'), 'utf8');
  const [grace, posts] = ['GRACE', 'LAST_POSTS'].map((name) =>
    Number(new RegExp(`const ${name} = ([0-9_]+)`).exec(app)?.[1]?.replaceAll('_', '')),
  );
  return (grace ?? Number.NaN) + (posts ?? Number.NaN);
}

describe.skipIf(!canRender)('the Helm chart', () => {
  const renderWith = useRenderer();

  const render = (...values: (string | Record<string, unknown>)[]) => renderWith({ values });

  describe.each(EXAMPLES)('with %s', (name) => {
    it('makes what Kubernetes takes', () => {
      const release = render(name);
      expect(flawsIn(release)).toEqual([]);
      expect(complaintsAbout(release.objects)).toBe('');
    });

    it('runs as somebody who may do nothing but write the trail', () => {
      const { pod } = render(name);
      const container = theContainer(pod);
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          fsGroupChangePolicy: 'OnRootMismatch',
          seccompProfile: { type: 'RuntimeDefault' },
        },
      });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      const writable = container.volumeMounts?.filter(({ readOnly }) => !readOnly);
      expect(writable?.map(({ mountPath }) => mountPath)).toEqual(['/var/lib/securid-desk']);
    });

    it('lets the image start Node itself, so that SIGTERM arrives', () => {
      const container = theContainer(render(name).pod);
      for (const field of ['command', 'args', 'lifecycle'])
        expect(container).not.toHaveProperty(field);
    });

    it('hands secrets over only as files', () => {
      const release = render(name);
      const environment = environmentOf(release);
      const files = Object.keys(secretFiles(release));
      const named = Object.entries(environment).filter(([variable]) => variable.endsWith('_FILE'));
      const ofSecrets = named.filter(([, path]) => path.startsWith('/run/secrets/'));
      expect(ofSecrets.map(([, path]) => path)).toEqual(files);
      const words = /TOKEN|SECRET|PRIVATE|PASSWORD|API_KEY|REDIS_URL|HTTPS_PROXY/;
      const bySecretName = Object.keys(environment).filter((variable) => words.test(variable));
      expect(bySecretName).toEqual(ofSecrets.map(([variable]) => variable));
    });

    it('makes a configuration that the app takes', async () => {
      const release = render(name);
      const { ops, auditFile, slack, redisUrl } = await configOf(release);
      expect(auditFile).toBe('/var/lib/securid-desk/audit.jsonl');
      expect(['0.0.0.0', '::']).toContain(ops.host);
      const ports = theContainer(release.pod).ports ?? [];
      const portOf = (wanted: string) => ports.find((port) => port.name === wanted)?.containerPort;
      expect(portOf('ops')).toBe(ops.port);
      expect(portOf('slack')).toBe(slack.socketMode ? undefined : slack.port);
      expect(redisUrl !== undefined).toBe((release.one('StatefulSet').spec?.replicas ?? 0) > 1);
    });

    it('gives the stop the time that it takes', async () => {
      const release = render(name);
      const { slack } = await configOf(release);
      const drain = slack.socketMode ? 0 : slack.drainSeconds;
      // What Slack has not confirmed is waited for as well: half a minute all together.
      expect(stopTime()).toBeLessThan(30_000);
      expect(release.pod.terminationGracePeriodSeconds).toBe(drain + 45);
    });

    it('keeps each trail, whatever becomes of the release', () => {
      const { spec } = render(name).one('StatefulSet');
      expect(spec?.persistentVolumeClaimRetentionPolicy).toEqual({
        whenDeleted: 'Retain',
        whenScaled: 'Retain',
      });
      const environment = environmentOf(render(name));
      const kept = [environment.AUDIT_FILE, environment.STATE_FILE, environment.AUDIT_KEY_FILE];
      for (const path of kept.filter((one) => one !== undefined))
        expect(path).toMatch(/^\/var\/lib\/securid-desk\//);
    });
  });

  // Otherwise, `helm upgrade` would fail, or begin new volumes.
  it('has the fields that no later version may change', () => {
    const { metadata, spec } = render('minimal-values').one('StatefulSet');
    const matchLabels = {
      'app.kubernetes.io/name': 'securid-desk',
      'app.kubernetes.io/instance': 'desk',
    };
    expect(metadata.name).toBe('desk-securid-desk');
    expect(spec).toMatchObject({
      serviceName: 'desk-securid-desk-headless',
      selector: { matchLabels },
      podManagementPolicy: 'Parallel',
    });
    expect(spec?.volumeClaimTemplates).toEqual([
      {
        metadata: { name: 'trail', labels: matchLabels },
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '10Gi' } },
        },
      },
    ]);
  });

  describe('a change of values', () => {
    it('reaches the pods, and touches nothing that a StatefulSet cannot change', () => {
      const before = render('minimal-values').one('StatefulSet').spec;
      const after = render('minimal-values', {
        image: { tag: '9.9.9' },
        config: { LOG_LEVEL: 'debug' },
        podLabels: { team: 'desk' },
        replicaCount: 2,
        redis: { enabled: true },
      }).one('StatefulSet').spec;
      const fixed = (spec: typeof before) => [
        spec?.serviceName,
        spec?.selector,
        spec?.podManagementPolicy,
        spec?.volumeClaimTemplates,
      ];
      expect(fixed(after)).toEqual(fixed(before));
      expect(after?.template.metadata?.annotations).not.toEqual(
        before?.template.metadata?.annotations,
      );
    });

    it('of a single variable restarts the pods', () => {
      const sum = (...more: Record<string, unknown>[]) =>
        render('minimal-values', ...more).one('StatefulSet').spec?.template.metadata?.annotations;
      expect(sum({ config: { LOG_LEVEL: 'debug' } })).not.toEqual(sum());
      expect(sum({ config: { LOG_LEVEL: 'info' } })).toEqual(sum());
    });
  });

  it('takes the values in the documentation', async () => {
    const page = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
    const [, lines = ''] = /```yaml\n( *image:\n.*?)```/s.exec(page) ?? [];
    const release = renderWith({ values: [parse(lines)] });
    expect(flawsIn(release)).toEqual([]);
    expect((await configOf(release)).roles.agent).toHaveLength(1);
  });

  it('hands each value to the app as it was written', async () => {
    const config = await configOf(render('everything-values'));
    expect(config).toMatchObject({
      slack: { port: 8080, path: '/desk/slack', drainSeconds: 30 },
      roles: { agent: ['S0HELPDESK', 'U0GRACE'], approver: ['S0APPROVERS', 'U0HOPPER'] },
      protection: { emails: ['ceo@example.com'], domains: ['vip.example.com'] },
      verification: {
        methods: ['Call back to the number on file', 'In person with badge'],
        minutes: 0,
      },
      licenses: { purchased: 12_000_000 },
      unmatched: 'refuse',
    });
    const { verification } = await configOf(
      render('minimal-values', { config: { SECURID_TICKET_PATTERN: String.raw`\$$(HOST) "1"\\` } }),
    );
    expect(String(verification.ticketPattern)).toContain(String.raw`\$$(HOST) "1"\\`);
  });

  it('takes nothing for a value of null but the default', async () => {
    const nothing = { LOG_LEVEL: null, SECURID_CHANGES: null, SECURID_BURST: '' };
    const { logLevel, changes } = await configOf(render('minimal-values', { config: nothing }));
    expect([logLevel, changes]).toEqual(['info', ['code']]);
  });

  describe('the network policy', () => {
    const policyOf = (...values: Parameters<typeof render>) =>
      render(...values).one('NetworkPolicy').spec;
    const allPorts = (rules: { ports?: { port?: unknown }[] }[] = []) =>
      rules.flatMap(({ ports = [] }) => ports.map(({ port }) => port));

    it('lets in only those who ask for metrics, in Socket Mode', () => {
      const { ingress } = policyOf('minimal-values') ?? {};
      expect(allPorts(ingress)).toEqual(['ops']);
      expect(ingress?.[0]?.from).toHaveLength(1);
    });

    it('lets nobody at the metrics if nobody is named', () => {
      const metrics = { networkPolicy: { metricsFrom: [] } };
      expect(policyOf('minimal-values', metrics)?.ingress).toEqual([]);
    });

    it('lets Slack in, in HTTP mode', () => {
      expect(allPorts(policyOf('http-values')?.ingress)).toEqual(['ops', 'slack']);
    });

    it('lets out to what is configured', () => {
      expect(allPorts(policyOf('minimal-values')?.egress)).toEqual([53, 53, 443]);
      expect(allPorts(policyOf('redis-values')?.egress)).toEqual([53, 53, 443, 6379]);
      expect(allPorts(policyOf('http-values')?.egress)).toEqual([53, 53, 443, 8443]);
      expect(allPorts(policyOf('everything-values')?.egress)).toEqual([
        53, 53, 443, 8443, 3128, 6380, 4443,
      ]);
    });

    it.each([
      [{}, [53, 53, 443]],
      [{ proxy: { enabled: true } }, [53, 53, 3128]],
      [{ proxy: { enabled: true }, config: { NO_PROXY: ['acme.test'] } }, [53, 53, 443, 3128]],
      [{ config: { HTTP_PROXY: 'proxy.acme.test:8080' } }, [53, 53, 8080]],
      [{ config: { HTTP_PROXY: 'http://proxy.acme.test/' } }, [53, 53, 80]],
      [{ config: { HTTP_PROXY: 'https://proxy.acme.test' } }, [53, 53, 443]],
    ])('lets out to the proxy alone if there is one: %o', (values, ports) => {
      expect(allPorts(policyOf('minimal-values', values)?.egress)).toEqual(ports);
    });

    it('lets out to where that is said to be', () => {
      const targets = policyOf('everything-values')?.egress?.map(({ to }) => to?.length ?? 'all');
      expect(targets).toEqual([1, 1, 'all', 1, 'all']);
      const everywhere = policyOf('minimal-values')?.egress?.map(({ to }) => to);
      expect(everywhere).toEqual([undefined, undefined]);
    });

    it('may be left out', () => {
      const { all } = render('minimal-values', { networkPolicy: { enabled: false } });
      expect(all('NetworkPolicy')).toEqual([]);
    });
  });

  it('keeps an instance in reach that can say what else is wrong, in HTTP mode', () => {
    const pathOf = (name: string) => theContainer(render(name).pod).readinessProbe?.httpGet?.path;
    expect(pathOf('http-values')).toBe('/readyz/running');
    expect(pathOf('minimal-values')).toBe('/readyz');
  });

  it.each([
    ['/slack/events', '/slack/events'],
    ['/desk/slack/', '/desk/slack'],
    ['/', '/'],
  ])('lets Slack in at %s', (path, found) => {
    const { spec } = render('http-values', { config: { SLACK_PATH: path } }).one('Ingress');
    expect(spec?.rules?.[0]?.http?.paths[0]).toMatchObject({ path: found, pathType: 'Prefix' });
  });

  it('lets one of several instances be away at once', () => {
    expect(render('minimal-values').all('PodDisruptionBudget')).toEqual([]);
    expect(render('redis-values').one('PodDisruptionBudget').spec).toMatchObject({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    });
    const old = renderWith({ values: ['redis-values'], kubernetes: 'v1.25.3' });
    expect(old.one('PodDisruptionBudget').spec).not.toHaveProperty('unhealthyPodEvictionPolicy');
  });

  it('names what Kubernetes takes, however long the release is called', () => {
    const release = `${'a'.repeat(52)}z`;
    expect(
      flawsIn(renderWith({ values: ['everything-values', { fullnameOverride: '' }], release })),
    ).toEqual([]);
  });

  it('says the next step', () => {
    const { notes } = render('http-values');
    expect(notes).toContain('exec desk-securid-desk-0 -- /nodejs/bin/node /app/main.js doctor');
    expect(notes).toContain('https://desk.example.com/slack/events');
    expect(notes).not.toContain('is empty');
    expect(render('minimal-values', { config: { SECURID_AGENTS: [] } }).notes).toContain(
      'config.SECURID_AGENTS is empty: nobody may look anybody up.',
    );
  });

  it('is checked by what finds faults', () => {
    const release = render('http-values');
    const [mount] = theContainer(release.pod).volumeMounts ?? [];
    const [port] = release.all('Service').at(-1)?.spec?.ports ?? [];
    if (!mount || !port) throw new Error('nothing to break');
    mount.name = 'trial';
    port.targetPort = 'slak';
    expect(flawsIn(release)).toEqual([
      'no volume trial',
      'not mounted: trail',
      'Service: port slak',
    ]);
    Object.assign(release.pod, { serviceAcountName: 'desk' });
    expect(complaintsAbout(release.objects)).toContain('serviceAcountName');
  });
});
