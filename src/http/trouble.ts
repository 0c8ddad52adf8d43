import type { Symptom } from '../troubleshooting.ts';
import { flawOfCertificate, UNTRUSTED } from './untrusted.ts';

/** What keeps a request or its answer from getting through. */
type TroubleKind =
  /** The proxy asks for a user and a password, and none is set. */
  | 'password'
  /** The proxy does not accept those that are set. */
  | 'wrong password'
  /** The proxy asks for something other than a user and a password, such as Kerberos. */
  | 'sign-in'
  /** The proxy refuses to connect to that host. */
  | 'refusal'
  /** The proxy is not there. */
  | 'unreachable'
  /** The proxy does not answer in time. */
  | 'silence'
  /** A web page came in place of an answer. */
  | 'page'
  /** The certificate is one that this server does not trust; perhaps the proxy's own. */
  | 'certificate';

/** Why nothing usable comes back, without a secret. */
export type NetworkTrouble = {
  kind: TroubleKind;
  /** Host and port of the proxy, if there is one. */
  proxy?: string;
  /** What the proxy answered. */
  status?: number;
  /** Node's or undici's code. */
  code?: string;
};

/** The same for a log: what is wrong, and what to do about it. */
export function troubleWords({ kind, proxy, status, code }: NetworkTrouble): string {
  const it = proxy ? `the proxy ${proxy}` : 'the other side';
  const detail = status ?? code;
  const why = detail === undefined ? '' : ` (${detail})`;
  switch (kind) {
    case 'password':
      return `${it} asks for a user and a password: put them into the proxy variable`;
    case 'wrong password':
      return `${it} does not accept the user and the password of the proxy variable: correct them`;
    case 'sign-in':
      return `${it} asks for a sign-in other than user and password: have it let this server through without one`;
    case 'refusal':
      return `${it} refuses to connect to that host${why}: have it let this server through`;
    case 'unreachable':
      return `${it} cannot be reached${why}`;
    case 'silence':
      return `${it} does not answer in time${why}`;
    case 'page':
      return `${it} answered with a web page${why}: exempt this server from it`;
    case 'certificate': {
      const { says, remedy } = flawOfCertificate(code);
      return `${proxy ? `behind ${it}, ` : ''}a certificate ${says}${why}: ${remedy}`;
    }
  }
}

const CODES: Record<TroubleKind, string> = {
  password: 'PROXY_PASSWORD',
  'wrong password': 'PROXY_PASSWORD',
  'sign-in': 'PROXY_PASSWORD',
  refusal: 'PROXY_REFUSES',
  unreachable: 'PROXY_UNREACHABLE',
  silence: 'PROXY_SILENT',
  page: 'PROXY_WEB_PAGE',
  certificate: 'PROXY_CERTIFICATE',
};

/** Where the remedy stands. */
export const SYMPTOM_OF: Record<TroubleKind, Symptom> = {
  password: 'the-proxy-asks-for-a-password',
  'wrong password': 'the-proxy-asks-for-a-password',
  'sign-in': 'the-proxy-asks-for-a-password',
  refusal: 'the-proxy-refuses',
  unreachable: 'the-proxy-refuses',
  silence: 'the-proxy-does-not-answer',
  page: 'a-web-page-comes-in-place-of-an-answer',
  certificate: 'a-certificate-is-not-trusted',
};

/** A proxy does not let a request through, or its answer back. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly code: string;
  readonly network: NetworkTrouble;
  readonly symptom: Symptom;
  /** False if there was no tunnel yet: the request certainly reached nobody. */
  readonly sent: boolean;

  constructor(network: NetworkTrouble, { sent }: { sent: boolean }) {
    super(troubleWords(network));
    this.code = CODES[network.kind];
    this.network = network;
    this.symptom = SYMPTOM_OF[network.kind];
    this.sent = sent;
  }
}

/** An error, then its causes. */
function* causes(error: unknown, depth = 0): Generator<object> {
  if (!(error instanceof Error) || depth > 6) return;
  yield error;
  if ('original' in error) yield* causes(error.original, depth + 1);
  yield* causes(error instanceof AggregateError ? error.errors[0] : error.cause, depth + 1);
}

/** The proxy's part in a failure, if it has one. */
export function proxyErrorIn(error: unknown): ProxyError | undefined {
  for (const cause of causes(error)) if (cause instanceof ProxyError) return cause;
  return undefined;
}

/** What keeps requests from getting through, if that is why one failed. */
export function networkTroubleIn(error: unknown): NetworkTrouble | undefined {
  for (const cause of causes(error)) {
    if ('network' in cause && cause.network) return cause.network as NetworkTrouble;
    const code = 'code' in cause ? String(cause.code) : '';
    if (UNTRUSTED.includes(code)) return { kind: 'certificate', code };
  }
  return undefined;
}

/** For a log line: which proxy it is about, and what is wrong. */
export function networkDetails(error: unknown): { proxy?: string; network?: string } {
  const trouble = networkTroubleIn(error);
  if (!trouble) return {};
  return { ...(trouble.proxy && { proxy: trouble.proxy }), network: troubleWords(trouble) };
}
