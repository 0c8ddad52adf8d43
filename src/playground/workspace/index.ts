import type { AddressInfo } from 'node:net';
import { BOT_SCOPES } from './access.ts';
import { createContents } from './contents.ts';
import { createFaults } from './faults.ts';
import type { Floor } from './floor.ts';
import { createHttpDelivery } from './http-delivery.ts';
import { createMessages } from './messages.ts';
import { createPerson } from './person.ts';
import { createResponseUrls } from './response-urls.ts';
import { createSlackServer } from './server.ts';
import { createSocketMode } from './socket-mode.ts';
import { createTriggers } from './triggers.ts';
import type { AppSettings, Deliver, Shown, Workspace, WorkspaceOptions } from './types.ts';
import { createUploads } from './uploads.ts';
import { validate } from './validate.ts';
import { createViews } from './views.ts';
import { createWebApi } from './web-api.ts';

export { BOT_SCOPES } from './access.ts';
export { dispatches, find, MORE_ACTIONS } from './elements.ts';
export type * from './types.ts';
export { validate, validateView } from './validate.ts';

/** By the clock: https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response */
const ACK_TIMEOUT = 3_000;

const SOCKET_TIMEOUT = 10_000;

const APP_ID = 'A0PLAYGROUND';

/** A Slack workspace in memory, on one loopback port. It refuses what Slack refuses. */
export async function startWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { clock, team, bot, people, groups, channels } = options;
  const { signingSecret, fetch = globalThis.fetch, socketPatience = SOCKET_TIMEOUT } = options;
  const scopes = [...(options.scopes ?? BOT_SCOPES)];
  const settings: AppSettings = {
    slashCommand: { shouldEscape: true },
    interactivity: { isEnabled: true },
  };
  let plan = options.plan ?? 'paid';
  const bodies: string[] = [];
  const listeners = new Set<(shown: Shown) => void>();
  const changed = (shown: Shown) => {
    for (const listener of listeners) listener(shown);
  };

  let url = '';
  const http = createHttpDelivery({
    clock,
    signingSecret,
    patience: ACK_TIMEOUT,
    bodies,
    fetch,
    settings,
  });
  const faults = createFaults();
  const sockets = createSocketMode({
    clock,
    appId: APP_ID,
    patience: ACK_TIMEOUT,
    socketPatience,
    bodies,
    failureAt: faults.takePlanned,
  });
  const deliver: Deliver = async (type, payload) => {
    if (type === 'interactive' && !settings.interactivity.isEnabled) {
      return { ok: false, status: 0, body: '', ms: 0, error: 'not_configured' };
    }
    return (http.inUse() ? http : sockets).deliver(type, payload);
  };
  const messages = createMessages(clock, changed);
  const contents = createContents();
  const responseUrls = createResponseUrls({ clock, messages, contents, base: () => url });
  const uploads = createUploads(() => url);
  const floor: Floor = {
    clock,
    team,
    bot,
    appId: APP_ID,
    people,
    groups,
    channels,
    scopes,
    settings,
    plan: () => plan,
    messages,
    contents,
    views: createViews({ clock, team, bot }, APP_ID, changed),
    triggers: createTriggers(clock, team.id),
    responseUrls,
    uploads,
    deliver,
  };
  const webApi = createWebApi(floor, { ...options, socketUrl: () => sockets.link(url) });

  const server = createSlackServer({ clock, faults, responseUrls, uploads, webApi, bodies });
  server.on('upgrade', sockets.upgrade);
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  url = options.url ?? `http://127.0.0.1:${port}`;

  async function goAway(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    sockets.drop();
    server.closeAllConnections();
    await closed;
  }

  return {
    url,
    port,
    apiUrl: `${url}/api/`,
    people,
    groups,
    channels,
    scopes,
    settings,
    setPlan(next) {
      plan = next;
    },
    deliverTo: http.to,
    dropSockets: sockets.drop,
    goAway,
    comeBack: () => listen(port),
    connected: sockets.connected,
    disconnect: (reason = 'refresh_requested') => sockets.disconnect(reason),
    person: (id) => createPerson(id, floor),
    messages: messages.all,
    apiCalls: webApi.calls,
    bodies,
    seenBy: (userId, channelId) =>
      messages.seenBy(
        userId,
        channels.find(({ id }) => id === channelId),
      ),
    send: http.send,
    lastRequest: http.lastRequest,
    failNext: faults.failNext,
    failuresToCome: faults.planned,
    setAlways: faults.setAlways,
    refuseBlocks: contents.refuse,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    validate,
    async stop() {
      sockets.stop();
      if (server.listening) await goAway();
    },
  };
}
