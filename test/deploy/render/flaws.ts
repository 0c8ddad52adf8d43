import type { Container, PodSpec } from 'kubernetes-types/core/v1.js';
import type { LabelSelector } from 'kubernetes-types/meta/v1.js';
import type { NetworkPolicyPort } from 'kubernetes-types/networking/v1.js';
import type { KubernetesObject, Release } from './render.ts';

type Labels = Record<string, string>;

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names */
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** Of a Service: https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service */
const SERVICE = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const LABEL = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;
const QUANTITY = /^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/;

/** A StatefulSet's name and a hash of ten characters become a label of 63. */
const LONGEST_STATEFUL_SET = 52;

/** What Kubernetes would refuse, or would leave without effect, in words. */
export function flawsIn(release: Release): string[] {
  return [
    ...release.objects.flatMap(flawsOfNames),
    ...twice(release.objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)),
    ...flawsOfPod(release),
    ...flawsOfContainer(theContainer(release.pod)),
    ...flawsOfSelectors(release),
    ...flawsOfReferences(release),
  ];
}

export function theContainer({ containers }: PodSpec): Container {
  const [container, ...others] = containers;
  if (!container || others.length > 0) throw new Error(`${containers.length} containers`);
  return container;
}

const unless = (is: boolean | undefined, flaw: string) => (is ? [] : [flaw]);

const twice = (all: string[]) =>
  all.filter((one, index) => all.indexOf(one) !== index).map((one) => `twice: ${one}`);

const covers = (wanted: Labels = {}, found: Labels = {}) =>
  Object.entries(wanted).every(([name, value]) => found[name] === value);

function flawsOfNames({ kind, metadata: { name = '', labels = {}, namespace } }: KubernetesObject) {
  const longest = kind === 'StatefulSet' ? LONGEST_STATEFUL_SET : 63;
  return [
    ...unless(
      (kind === 'Service' ? SERVICE : NAME).test(name) && name.length <= longest,
      `${kind}: name ${name}`,
    ),
    ...unless(namespace === undefined, `${kind}: a namespace other than the release's`),
    ...Object.entries(labels).flatMap(([label, value]) =>
      unless(LABEL.test(value) && value.length <= 63, `${kind}: label ${label}: ${value}`),
    ),
  ];
}

function flawsOfPod({ pod, one }: Release): string[] {
  const mounts = theContainer(pod).volumeMounts ?? [];
  const claims = one('StatefulSet').spec?.volumeClaimTemplates ?? [];
  const volumes = [
    ...(pod.volumes ?? []).map(({ name }) => name),
    ...claims.map(({ metadata }) => metadata?.name ?? ''),
  ];
  return [
    ...twice(volumes),
    ...twice(mounts.map(({ mountPath }) => mountPath)),
    ...mounts.flatMap(({ name }) => unless(volumes.includes(name), `no volume ${name}`)),
    ...volumes.flatMap((name) =>
      unless(
        mounts.some((mount) => mount.name === name),
        `not mounted: ${name}`,
      ),
    ),
  ];
}

function flawsOfContainer({ ports = [], env = [], resources, ...container }: Container): string[] {
  const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
  const quantities = [resources?.requests, resources?.limits].flatMap((all) =>
    Object.values(all ?? {}),
  );
  return [
    ...twice(ports.map(({ name = '' }) => name)),
    ...twice(ports.map(({ containerPort }) => String(containerPort))),
    ...twice(env.map(({ name }) => name)),
    ...ports.flatMap(({ name = '' }) => unless(NAME.test(name) && name.length <= 15, name)),
    ...probes.flatMap((probe) =>
      unless(
        ports.some(({ name }) => name === probe?.httpGet?.port),
        'a probe without a port',
      ),
    ),
    ...quantities.flatMap((one) => unless(QUANTITY.test(String(one)), `quantity ${one}`)),
  ];
}

/** Whoever selects pods selects those of the StatefulSet, whatever else is in the namespace. */
function flawsOfSelectors({ one, all }: Release): string[] {
  const { spec } = one('StatefulSet');
  const pods = spec?.template.metadata?.labels;
  const selects = (selector: LabelSelector | undefined) => covers(selector?.matchLabels, pods);
  const own = spec?.selector.matchLabels ?? {};
  const isOwn = (wanted: Labels | undefined) => covers(own, wanted);
  return [
    ...unless(selects(spec?.selector) && Object.keys(own).length > 0, 'StatefulSet: selector'),
    ...all('Service').flatMap(({ metadata, spec: service }) =>
      unless(
        covers(service?.selector, pods) && isOwn(service?.selector),
        `Service ${metadata.name}`,
      ),
    ),
    ...all('PodDisruptionBudget').flatMap(({ spec: budget }) =>
      unless(selects(budget?.selector) && isOwn(budget?.selector?.matchLabels), 'budget: selector'),
    ),
    ...all('NetworkPolicy').flatMap(({ spec: policy }) =>
      unless(
        selects(policy?.podSelector) && isOwn(policy?.podSelector.matchLabels),
        'policy: selector',
      ),
    ),
    ...(spec?.template.spec?.topologySpreadConstraints ?? []).flatMap(({ labelSelector }) =>
      unless(selects(labelSelector), 'spread: selector'),
    ),
  ];
}

/** Whatever is named is there. */
function flawsOfReferences(release: Release): string[] {
  const { one, all, pod } = release;
  const container = theContainer(release.pod);
  const portNames = (container.ports ?? []).map(({ name }) => name);
  const services = all('Service');
  const portsOf = (name: string | undefined) =>
    services.find(({ metadata }) => metadata.name === name)?.spec?.ports ?? [];
  const headless = services.find(
    ({ metadata }) => metadata.name === one('StatefulSet').spec?.serviceName,
  );
  const accounts = release.objects.filter(({ kind }) => kind === 'ServiceAccount');

  return [
    ...unless(headless?.spec?.clusterIP === 'None', 'StatefulSet: its Service is not headless'),
    ...services.flatMap(({ spec }) =>
      (spec?.ports ?? []).flatMap(({ targetPort }) =>
        unless(portNames.includes(String(targetPort)), `Service: port ${targetPort}`),
      ),
    ),
    ...all('Ingress')
      .flatMap(({ spec }) => spec?.rules ?? [])
      .flatMap(({ http }) => http?.paths ?? [])
      .flatMap(({ backend: { service } }) =>
        unless(
          portsOf(service?.name).some(({ name }) => name === service?.port?.name),
          `Ingress: ${service?.name}`,
        ),
      ),
    ...all('NetworkPolicy')
      .flatMap(({ spec }) => spec?.ingress ?? [])
      .flatMap(({ ports }) => ports ?? [])
      .flatMap(({ port }: NetworkPolicyPort) =>
        unless(portNames.includes(String(port)), `NetworkPolicy: port ${port}`),
      ),
    ...all('ServiceMonitor').flatMap(({ spec: { selector, endpoints } }) => {
      const found = services.filter(({ metadata }) =>
        covers(selector.matchLabels, metadata.labels),
      );
      return unless(
        found.length === 1 && portsOf(found[0]?.metadata.name)[0]?.name === endpoints[0]?.port,
        'ServiceMonitor: not one Service',
      );
    }),
    ...(container.envFrom ?? []).flatMap(({ configMapRef }) =>
      unless(configMapRef?.name === one('ConfigMap').metadata.name, 'no such ConfigMap'),
    ),
    ...accounts.flatMap(({ metadata }) =>
      unless(metadata.name === pod.serviceAccountName, 'a ServiceAccount that no pod has'),
    ),
  ];
}
