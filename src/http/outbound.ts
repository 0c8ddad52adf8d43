import { createKeepAliveFetch } from './fetch.ts';
import type { Outbound, ProxySettings } from './proxy-settings.ts';

/** Goes by the settings alone, never by the environment. */
export async function createOutbound(settings: ProxySettings): Promise<Outbound> {
  if (!settings.https && !settings.http) return { fetch: createKeepAliveFetch() };
  // Loaded only where there is a proxy: it would cost time at each start.
  const { createProxied } = await import('./proxied.ts');
  return createProxied(settings);
}
