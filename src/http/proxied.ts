import type { Duplex } from 'node:stream';
import { type buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { CONNECTIONS, createKeepAliveFetch } from './fetch.ts';
import type { Outbound, ProxySettings } from './proxy-settings.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { type NetworkTrouble, ProxyError } from './trouble.ts';
import { UNTRUSTED } from './untrusted.ts';

/** For a tunnel and TLS in it, in milliseconds. Shorter than Slack's client waits for an answer. */
const OPEN_TUNNEL = 2000;

/** How everything leaves: through the proxies, except to the hosts in `NO_PROXY`. */
export function createProxied(settings: ProxySettings): Outbound {
  const signInFor = createSignIns();
  const { agent, proxyOf } = createAgent(settings, signInFor);
  return {
    fetch: withoutPages(createKeepAliveFetch(agent), proxyOf),
    proxyOf,
    openTunnel() {
      const sockets = new Set<Duplex>();
      const { agent: dispatcher } = createAgent(settings, signInFor, (socket) =>
        sockets.add(socket),
      );
      return {
        dispatcher,
        cut() {
          for (const socket of sockets) socket.destroy();
          // Resolves late or never, and nobody waits for it.
          dispatcher.destroy().catch(() => {});
        },
      };
    },
  };
}

/** One for each proxy, whoever asks it. */
function createSignIns() {
  const known = new Map<string, SignIn>();
  return (url: URL): SignIn => {
    const signIn = known.get(url.href) ?? createSignIn(url);
    known.set(url.href, signIn);
    return signIn;
  };
}

/** @param onSocket is called with each connection through a proxy */
function createAgent(
  { http, https, none }: ProxySettings,
  signInFor: (url: URL) => SignIn,
  onSocket = (_socket: Duplex) => {},
) {
  const proxies = { 'http:': http, 'https:': https ?? http };
  const proxied = new Map<string, string>();

  const agent = new EnvHttpProxyAgent({
    ...CONNECTIONS,
    // Always set: otherwise, undici would read the environment.
    httpProxy: http ?? '',
    httpsProxy: https ?? '',
    noProxy: none,
    requestTls: { timeout: OPEN_TUNNEL },
    proxyTls: CONNECTIONS.connect,
    clientFactory: (url, options) => new ProxyPool(url, options, signInFor(url)),
    factory(origin, options) {
      const { protocol, origin: key } = new URL(origin);
      const proxy = protocol === 'https:' ? proxies['https:'] : proxies['http:'];
      const connect = 'connect' in options ? options.connect : undefined;
      const place = placeOf(proxy);
      if (!isConnector(connect) || !proxy || !place) return new Pool(origin, options);
      proxied.set(key, place);
      const signIn = signInFor(new URL(proxy));
      return new Pool(origin, {
        ...options,
        connect: through({ proxy: place, signIn, onSocket }, connect),
      });
    },
  });
  return { agent, proxyOf: (url: string) => proxied.get(new URL(url).origin) };
}

/** Host and port of a proxy. */
function placeOf(proxy: string | undefined): string | undefined {
  if (!proxy) return undefined;
  const { host, port, protocol } = new URL(proxy);
  return port ? host : `${host}:${protocol === 'https:' ? 443 : 80}`;
}

/** Only the agents of the proxies bring a connector of their own. */
const isConnector = (connect: unknown): connect is buildConnector.connector =>
  typeof connect === 'function';

type Way = { proxy: string; signIn: SignIn; onSocket: (socket: Duplex) => void };

/** Connects through a tunnel. If that fails, no request has been sent yet. */
function through(
  { proxy, signIn, onSocket }: Way,
  connect: buildConnector.connector,
): buildConnector.connector {
  return (options, callback) => {
    let isOver = false;
    let endTurn = () => {};
    const limit = startLimit(() => {
      isOver = true;
      endTurn();
      callback(new ProxyError({ kind: 'silence', proxy }, { sent: false }), null);
    });
    void signIn.turn().then((end) => {
      endTurn = end;
      if (isOver) return end();
      limit.restart();
      connect(options, (...[error, socket]) => {
        end();
        if (isOver) return void socket?.destroy();
        limit.stop();
        if (error) return callback(notOpened(error, proxy), null);
        onSocket(socket);
        callback(null, socket);
      });
    });
  };
}

/** undici measures time in steps of half a second, and only for one of the two. */
function startLimit(onOver: () => void) {
  let stop = () => {};
  function restart(): void {
    stop();
    const over = AbortSignal.timeout(OPEN_TUNNEL);
    over.addEventListener('abort', onOver);
    stop = () => over.removeEventListener('abort', onOver);
  }
  restart();
  return { restart, stop: () => stop() };
}

/** TLS found something else, such as a page that came in place of the tunnel. */
const NO_TLS = /^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST))$/;

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code ? String(error.code) : undefined;

/** The tunnel is open, but what is behind it cannot be reached. */
function notOpened(error: Error, proxy: string): ProxyError {
  if (error instanceof ProxyError) return error;
  const code = codeOf(error);
  const known = { proxy, ...(code && { code }) };
  const kindOf = (): NetworkTrouble['kind'] => {
    if (code && UNTRUSTED.includes(code)) return 'certificate';
    if (code && NO_TLS.test(code)) return 'page';
    return 'refusal';
  };
  return new ProxyError({ kind: kindOf(), ...known }, { sent: false });
}

type PoolConnectOptions = Dispatcher.ConnectOptions<null> & { origin: string | URL };

/** The connections to a proxy. */
class ProxyPool extends Pool {
  readonly #proxy: string;
  readonly #signIn: SignIn;

  constructor(url: URL, options: object, signIn: SignIn) {
    super(url.origin, options);
    this.#proxy = placeOf(url.href) ?? '';
    this.#signIn = signIn;
  }

  /** Opens a tunnel. undici would hide why there is none. */
  override async connect(options: PoolConnectOptions): Promise<Dispatcher.ConnectData<null>> {
    const earlier = this.#signIn.refusal();
    if (earlier) throw new ProxyError(earlier, { sent: false });
    const signal = AbortSignal.timeout(OPEN_TUNNEL);
    const headers = { ...this.#signIn.headers, ...Object(options.headers) };
    const answer = await super.connect({ ...options, headers, signal }).catch((error) => {
      throw new ProxyError(this.#notReached(error), { sent: false });
    });
    const trouble = this.#refusalIn(answer);
    if (!trouble) {
      this.#signIn.accepted();
      return answer;
    }
    if (trouble.kind === 'wrong password') this.#signIn.refused(trouble);
    answer.socket.on('error', () => {}).destroy();
    throw new ProxyError(trouble, { sent: false });
  }

  #notReached(error: unknown): NetworkTrouble {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    const code = isLate ? 'UND_ERR_CONNECT_TIMEOUT' : codeOf(error);
    const known = { proxy: this.#proxy, ...(code && { code }) };
    if (code === 'UND_ERR_CONNECT_TIMEOUT') return { kind: 'silence', proxy: this.#proxy };
    if (code && UNTRUSTED.includes(code)) return { kind: 'certificate', ...known };
    return { kind: 'unreachable', ...known };
  }

  #refusalIn({ statusCode: status, headers, socket }: Dispatcher.ConnectData) {
    const known = { proxy: this.#proxy, status };
    if (status === 407) {
      const offered = [headers['proxy-authenticate']].flat().join(', ');
      if (offered !== '' && !/(^|,)\s*basic\b/i.test(offered)) {
        return { kind: 'sign-in' as const, ...known };
      }
      const { isGiven } = this.#signIn;
      return { kind: isGiven ? ('wrong password' as const) : ('password' as const), ...known };
    }
    if (status !== 200) return { kind: 'refusal' as const, ...known };
    // No server speaks first, neither HTTP nor TLS: this is the page of a portal.
    return socket.readableLength > 0 ? { kind: 'page' as const, ...known } : undefined;
  }
}

const isRedirect = (status: number) => status >= 300 && status < 400 && status !== 304;

/** Neither SecurID nor Slack answers with a web page, a redirect, or a request to sign in to a proxy. */
function withoutPages(
  send: typeof globalThis.fetch,
  proxyOf: (url: string) => string | undefined,
): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const url = typeof input === 'object' && 'url' in input ? input.url : String(input);
    const isStrict = init.redirect === 'error';
    const response = await send(input, isStrict ? { ...init, redirect: 'manual' } : init).catch(
      (error) => {
        throw unreadable(error, proxyOf(url));
      },
    );
    const proxy = proxyOf(url);
    const { status } = response;
    if (proxy && isRedirect(status)) {
      throw new ProxyError({ kind: 'page', proxy, status }, { sent: true });
    }
    if (isStrict && isRedirect(status)) throw new TypeError('unexpected redirect');
    // A 429 means that the request was not carried out.
    return proxy && status !== 429 ? withoutPage(response, proxy) : response;
  };
}

/** What came is not HTTP, or it is a 407, for which fetch fails without a reason: https://fetch.spec.whatwg.org/#http-network-or-cache-fetch */
function unreadable(error: unknown, proxy: string | undefined): unknown {
  if (proxy === undefined || !(error instanceof Error)) return error;
  const { cause } = error;
  const asksPassword = cause instanceof Error && cause.message === '' && !codeOf(cause);
  if (!asksPassword && !codeOf(cause)?.startsWith('HPE_')) return error;
  const known = asksPassword ? { status: 407 } : { code: String(codeOf(cause)) };
  return new ProxyError({ kind: 'page', proxy, ...known }, { sent: true });
}

async function withoutPage(response: Response, proxy: string): Promise<Response> {
  const { status, headers } = response;
  // A page may come with any other content type.
  if (response.ok && /\bjson\b/.test(headers.get('content-type') ?? '')) return response;
  const text = await response.text();
  if (/^\W*</.test(text)) throw new ProxyError({ kind: 'page', proxy, status }, { sent: true });
  return new Response(text === '' ? null : text, response);
}
