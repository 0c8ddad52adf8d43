import { type Check, ok } from '../finding.ts';
import type { Services } from '../services.ts';

/** Which way leads to whom. */
export const proxy: Check = {
  area: 'This machine',
  name: 'proxy',
  async run(services) {
    const { slack, securid, config, proxyOf } = services;
    if (!config.proxy.https && !config.proxy.http) return [ok('proxy', 'none')];
    // Which way they took is known once they were asked.
    await Promise.allSettled([slack?.workspace(), securid?.isThere()]);
    return hostsOf(services).map(({ host, url }) => {
      const through = proxyOf(url);
      return ok('proxy', through === undefined ? `not for ${host}` : `${through} for ${host}`);
    });
  },
};

/** Each host that is called. */
function hostsOf({ config, slack, securid }: Services): { host: string; url: string }[] {
  const urls = [slack && config.slackApi?.apiUrl, ...(securid?.urls ?? [])];
  const all = urls.flatMap((url) => (url === undefined ? [] : [{ host: new URL(url).host, url }]));
  return all.filter(({ host }, at) => all.findIndex((one) => one.host === host) === at);
}
