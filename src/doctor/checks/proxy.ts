import { type NetworkTrouble, troubleWords } from '../../http/trouble.ts';
import { type Check, type Finding, failed, ok, warning } from '../finding.ts';
import { adviceFor } from '../network.ts';
import type { Road } from '../roads.ts';

/** Which proxy each host is reached through. A faulty proxy is named once, with every host behind it. */
export const proxy: Check = {
  area: 'This machine',
  name: 'proxy',
  // By then, every host was asked.
  isLate: true,
  run({ config, roads }) {
    const { https, http } = config.proxy;
    if (!https && !http) return [ok('proxy', 'none')];
    const taken = roads();
    if (taken.length === 0) return [UNUSED];
    return [...faultsOf(taken), ...taken.filter(({ trouble }) => !trouble).map(line)];
  },
};

const UNUSED = warning('proxy', 'configured, but not tried: there is nobody to ask yet', {
  remedy: 'Fix the configuration first.',
});

function line({ host, proxy, hasAnswered }: Road): Finding {
  if (proxy === undefined) return ok('proxy', `${host} is asked without it`);
  if (hasAnswered) return ok('proxy', `${proxy} leads to ${host}`);
  return warning('proxy', `${proxy} is asked for ${host}, and nothing came back`, {
    remedy: `See below what is said about ${host}.`,
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
