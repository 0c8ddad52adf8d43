import { type NetworkTrouble, troubleWords } from '../../http/trouble.ts';
import { type Check, type Finding, failed, ok, warning } from '../finding.ts';
import { adviceFor } from '../network.ts';
import type { Road } from '../roads.ts';

/** Which way leads to whom, and how far: each fault of a proxy once, for all who are behind it. */
export const proxy: Check = {
  area: 'This machine',
  name: 'proxy',
  // Then everybody was asked.
  isLate: true,
  run({ config, roads }) {
    const { https, http } = config.proxy;
    if (!https && !http) return [ok('proxy', 'none')];
    const taken = roads();
    if (taken.length === 0) return [UNUSED];
    return [...faultsOf(taken), ...taken.filter(({ trouble }) => !trouble).map(line)];
  },
};

const UNUSED = warning('proxy', 'configured, and not tried, since nobody can be asked yet', {
  remedy: 'First mend the configuration.',
});

function line({ host, proxy, hasAnswered }: Road): Finding {
  if (proxy === undefined) return ok('proxy', `${host} is asked without it`);
  if (hasAnswered) return ok('proxy', `${proxy} leads to ${host}`);
  return warning('proxy', `${proxy} is asked for ${host}, and nothing came back`, {
    remedy: `Look at what is said below about ${host}.`,
  });
}

function faultsOf(taken: readonly Road[]): Finding[] {
  const hosts = new Map<string, { trouble: NetworkTrouble; of: string[] }>();
  for (const { host, trouble } of taken) {
    if (!trouble) continue;
    const { kind, proxy, status, code } = trouble;
    const same = [kind, proxy, status, code].join(' ');
    hosts.set(same, { trouble, of: [...(hosts.get(same)?.of ?? []), host] });
  }
  return [...hosts.values()].map(({ trouble, of }) => fault(trouble, of.join(' and ')));
}

function fault(trouble: NetworkTrouble, hosts: string): Finding {
  const [says = ''] = troubleWords(trouble).split(': ');
  const isNamed = says.includes(THAT_HOST);
  return failed(
    'proxy',
    isNamed ? says.replace(THAT_HOST, hosts) : `${says}; it was asked for ${hosts}`,
    adviceFor(trouble),
  );
}

const THAT_HOST = 'that host';
