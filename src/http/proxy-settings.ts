import type { Dispatcher } from 'undici';

/** URLs, with user and password if the proxy asks for them. */
export type ProxySettings = {
  /** Serves `https://`. */
  https: string | undefined;
  /** Serves `http://`, and `https://` if that has no proxy of its own. */
  http: string | undefined;
  /** Hosts that are reached without a proxy, separated by commas, in undici's format. */
  none: string;
};

/** For one WebSocket. */
export type Tunnel = {
  dispatcher: Dispatcher;
  /** Closes what was opened, however far it got. */
  cut(): void;
};

/** How requests to Slack and SecurID leave. */
export type Outbound = {
  fetch: typeof globalThis.fetch;
  /** Set if there is a proxy. */
  openTunnel?: () => Tunnel;
  /** Host and port of the proxy that a URL went through, once it was asked; `undefined` if it went without. */
  proxyOf?: (url: string) => string | undefined;
};
