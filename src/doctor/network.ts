import {
  type NetworkTrouble,
  networkTroubleIn,
  SYMPTOM_OF,
  troubleWords,
} from '../http/trouble.ts';
import { UNTRUSTED } from '../http/untrusted.ts';
import { type Advice, type Finding, failed, warning } from './finding.ts';

/** Node's and undici's codes for why a connection failed: https://nodejs.org/api/errors.html */
const REMEDIES: [code: RegExp, remedy: (host: string, orProxy: string) => string][] = [
  [/^(ENOTFOUND|EAI_AGAIN)$/, (host, or) => `Let this machine resolve ${host}${or}.`],
  [
    /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH)$/,
    (host) => `Nothing listens there, or a firewall refuses it: let this machine reach ${host}.`,
  ],
  [
    /^(UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT|ETIMEDOUT|TIMEOUT)$/,
    (host, or) => `Let this machine reach ${host} through the firewall${or}.`,
  ],
];

/** What to do about a connection that failed; by default, one that could go through a proxy. */
export function remedyFor(
  code: string | undefined,
  host: string,
  { isProxied }: { isProxied: boolean } = { isProxied: true },
): string {
  if (code && UNTRUSTED.includes(code)) return adviceFor({ kind: 'certificate', code }).remedy;
  const [, remedy] = REMEDIES.find(([pattern]) => pattern.test(code ?? '')) ?? [];
  return (
    remedy?.(host, isProxied ? ', or set HTTPS_PROXY' : '') ??
    `Check what is between this machine and ${host}: firewall, proxy, DNS.`
  );
}

/** The same in a word, as in the log. */
export const causeIn = (code: string | undefined): string =>
  code === undefined || code === 'TIMEOUT' ? 'timeout or reset' : code;

/** If a proxy, or a certificate, is why something failed: the line that says so. */
export function onTheWay(name: string, error: unknown): Finding | undefined {
  const trouble = networkTroubleIn(error);
  if (!trouble) return undefined;
  if (trouble.proxy) {
    return warning(name, 'not checked: the proxy is in the way', {
      remedy: 'Fix the proxy first: see above.',
    });
  }
  const [says = ''] = troubleWords(trouble).split(': ');
  return failed(name, says, adviceFor(trouble));
}

/** What to do about the proxy or the certificate, and where that is explained. */
export function adviceFor(trouble: NetworkTrouble): Advice {
  const [, remedy = LOOK_AT_PROXY] = troubleWords(trouble).split(/: (.*)/s, 2);
  return {
    remedy: `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}.`,
    symptom: SYMPTOM_OF[trouble.kind],
  };
}

const LOOK_AT_PROXY = 'check that it runs, and that the proxy variable has its address';
