import { systemClock } from '../src/clock.ts';
import { createBearer } from '../src/securid/bearer.ts';
import { readApiKey } from '../src/securid/credentials.ts';
import { createHttp } from '../src/securid/http.ts';
import { createChildren } from './children.ts';
import { type Command, createCommands } from './commands.ts';
import { type Remote, remote } from './remote.ts';
import { environment, type Kind, type ServerOptions, startServer } from './servers/start.ts';
import type { StandIns, TenantAddress } from './stand-ins/main.ts';

export type Setting = Awaited<ReturnType<typeof openSetting>>;

/** Everything around what is measured. */
export async function openSetting() {
  const children = createChildren();
  const standIns: Remote<StandIns> = remote(children.start('bench/stand-ins/main.js'));
  const addresses = await standIns.ask('addresses');
  const command = createCommands();
  const tenant = await standIns.ask('tenant', { delay: 0 });

  /** A `/securid help` whose answer is counted but not awaited. */
  const help = (kind: string) => () =>
    command({ text: 'help', responseUrl: `${addresses.answers}/${kind}/1` });

  return {
    children,
    standIns,
    addresses,
    command: (what: Command) => command(what),
    help,
    start(kind: Kind, options: ServerOptions & { tenant?: TenantAddress } = {}) {
      const common = environment(addresses, options.tenant ?? tenant, children.folder);
      const env = { ...common, ...options.env };
      return startServer(kind, { children, ping: help('ping') }, { ...options, env });
    },
    stop: children.stopAll,
  };
}

/** A tenant's administration API and a token for it, for clients that do not sign their own. */
export async function access({ apiKey }: TenantAddress) {
  const credentials = { apiKey: readApiKey(JSON.stringify(apiKey)) };
  const http = createHttp(fetch, systemClock);
  const token = await createBearer(credentials, http, systemClock).token();
  return { url: new URL('/AdminInterface/restapi', apiKey.adminRestApiUrl).href, token };
}
