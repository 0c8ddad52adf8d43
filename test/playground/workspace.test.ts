import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  type Block,
  type Message,
  startWorkspace,
  type View,
  validate,
  validateView,
  type Workspace,
  type WorkspaceOptions,
} from '../../src/playground/workspace/index.ts';
import { freePort } from '../support/free-port.ts';
import { eventually } from '../support/help-desk.ts';
import { manualClock } from '../support/manual-clock.ts';
import { ROOT } from '../support/sources.ts';

const BOT_TOKEN = 'xoxb-test';
const APP_TOKEN = 'xapp-1-test';
const SIGNING_SECRET = 'signing-secret';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const silence = () => {};
const silentLogger = {
  debug: silence,
  info: silence,
  warn: silence,
  error: silence,
  setLevel: silence,
  getLevel: () => 'error' as never,
  setName: silence,
};

async function openWorkspace(options: Partial<WorkspaceOptions> = {}) {
  const clock = manualClock();
  const workspace = await startWorkspace({
    clock,
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    signingSecret: SIGNING_SECRET,
    team: { id: 'T1', domain: 'acme' },
    bot: { userId: 'UBOT', botId: 'BBOT' },
    people: [
      { id: 'U1', name: 'ada', realName: 'Ada Agent', email: 'ada@acme.com' },
      { id: 'U2', name: 'jane', realName: 'Jane Doe', email: 'jane@acme.com' },
      { id: 'U3', name: 'gus', realName: 'Gus Guest', isRestricted: true },
    ],
    groups: [{ id: 'S1', handle: 'helpdesk', users: ['U1'] }],
    channels: [
      { id: 'C1', name: 'helpdesk', members: ['U1', 'U2', 'UBOT'], kind: 'channel' },
      { id: 'C2', name: 'random', members: ['U1', 'U2'], kind: 'channel' },
      { id: 'D1', name: 'ada-jane', members: ['U1', 'U2'], kind: 'im' },
    ],
    ...options,
  });
  closing.push(() => workspace.stop());
  return { workspace, clock, ada: workspace.person('U1'), jane: workspace.person('U2') };
}

function clientOptionsFor({ apiUrl }: Workspace) {
  return { slackApiUrl: apiUrl, retryConfig: { retries: 0 } };
}

const authorize = async () => ({ botToken: BOT_TOKEN, botId: 'BBOT', botUserId: 'UBOT' });

type Register = (app: App) => void;

async function serveOverHttp(workspace: Workspace, register: Register) {
  const receiver = new HTTPReceiver({
    signingSecret: SIGNING_SECRET,
    endpoints: ['/slack/events'],
    logger: silentLogger,
  });
  const app = new App({
    receiver,
    authorize,
    logger: silentLogger,
    clientOptions: clientOptionsFor(workspace),
    convoStore: false,
  });
  register(app);
  const server = await app.start(0);
  closing.push(() => app.stop());
  workspace.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
}

async function serveOverSockets(workspace: Workspace, register: Register) {
  const receiver = new SocketModeReceiver({
    appToken: APP_TOKEN,
    logger: silentLogger,
    installerOptions: { clientOptions: { slackApiUrl: workspace.apiUrl } },
  });
  const app = new App({
    receiver,
    authorize,
    logger: silentLogger,
    clientOptions: clientOptionsFor(workspace),
    convoStore: false,
  });
  register(app);
  await app.start();
  closing.push(() => app.stop());
}

/** Only acknowledges the command, so that a test can use what Slack sent. */
const acknowledge: Register = (app) => {
  app.command('/desk', ({ ack }) => ack());
  app.action(/.*/, ({ ack }) => ack());
};

const section = (text: string): Block => ({ type: 'section', text: { type: 'mrkdwn', text } });

const button = (text: string, more = {}) => ({
  type: 'button',
  action_id: text.toLowerCase(),
  text: { type: 'plain_text', text },
  ...more,
});

const actions = (...elements: unknown[]): Block => ({ type: 'actions', elements });

const post = (url: string, body: unknown) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const ask = ({ apiUrl }: Workspace, method: string, params: unknown, token = BOT_TOKEN) =>
  fetch(`${apiUrl}${method}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(params),
  });

const call = async (...asked: Parameters<typeof ask>) =>
  (await (await ask(...asked)).json()) as {
    ok: boolean;
    error?: string;
    [more: string]: unknown;
  };

const modal = (more = {}) => ({
  type: 'modal',
  callback_id: 'ask',
  title: { type: 'plain_text', text: 'Ask' },
  submit: { type: 'plain_text', text: 'Go' },
  blocks: [
    {
      type: 'input',
      block_id: 'who',
      label: { type: 'plain_text', text: 'Who' },
      element: { type: 'plain_text_input', action_id: 'name', min_length: 2, max_length: 10 },
    },
  ],
  ...more,
});

describe.each([
  ['HTTP', serveOverHttp],
  ['Socket Mode', serveOverSockets],
])('a workspace over %s', (_, serve) => {
  it('shows an answer only to the person who typed the command', async () => {
    const { workspace, ada } = await openWorkspace();
    await serve(workspace, (app) => {
      app.command('/desk', async ({ ack, command, respond }) => {
        await ack();
        await respond(`${command.user_name} in ${command.channel_name}: ${command.text}`);
      });
    });

    const exchange = await ada.types('/desk user @jane & <co> jane@acme.com');
    const answer = await exchange.answer();

    expect(exchange.acknowledged).toMatchObject({ ok: true, status: 200, body: '' });
    expect(answer).toMatchObject({
      to: 'U1',
      channel: 'C1',
      text: 'ada in helpdesk: user <@U2|jane> &amp; &lt;co&gt; jane@acme.com',
    });
    expect(workspace.seenBy('U1', 'C1')).toEqual([answer]);
    expect(workspace.seenBy('U2', 'C1')).toEqual([]);
  });

  it("shows an acknowledgement's message", async () => {
    const { workspace, ada, jane } = await openWorkspace();
    await serve(workspace, (app) => {
      app.command('/desk', ({ ack }) => ack({ response_type: 'in_channel', text: 'Hello' }));
      app.command('/plain', ({ ack }) => ack('Only you'));
    });

    await ada.types('/desk');
    await jane.types('/plain');

    expect(workspace.seenBy('U1', 'C1').map(({ text }) => text)).toEqual(['Hello']);
    expect(workspace.seenBy('U2', 'C1').map(({ text }) => text)).toEqual(['Hello', 'Only you']);
  });

  it('replaces and deletes a message through the response_url of its button', async () => {
    const { workspace, ada } = await openWorkspace();
    const heard: unknown[] = [];
    await serve(workspace, (app) => {
      app.command('/desk', async ({ ack, respond }) => {
        await ack();
        await respond({
          blocks: [section('Code?'), actions(button('Issue', { value: 'u1' }))] as never,
        });
      });
      app.action('issue', async ({ ack, body, action, respond }) => {
        await ack();
        heard.push({ container: body.type === 'block_actions' && body.container, action });
        await respond({ blocks: [section('1234'), actions(button('Hide'))] as never });
      });
      app.action('hide', async ({ ack, respond }) => {
        await ack();
        await respond({ delete_original: true });
      });
    });
    const card = (await (await ada.types('/desk')).answer()) as Message;

    expect(await (await ada.presses(card, 'Issue')).answer()).toBe(card);
    expect(card).toMatchObject({ replaced: 1, deleted: false, blocks: [section('1234'), {}] });
    expect(heard).toMatchObject([
      {
        container: { type: 'message', message_ts: card.ts, channel_id: 'C1', is_ephemeral: true },
        action: { action_id: 'issue', value: 'u1', type: 'button' },
      },
    ]);

    await (await ada.presses(card, 'Hide')).answer();
    expect(card.deleted).toBe(true);
    expect(workspace.seenBy('U1', 'C1')).toEqual([]);
    await expect(ada.presses(card, 'Hide')).rejects.toThrow('does not see');
  });

  it('opens, updates and submits a modal', async () => {
    const { workspace, ada } = await openWorkspace();
    await serve(workspace, (app) => {
      app.command('/desk', async ({ ack, client, command }) => {
        await ack();
        await client.views.open({ trigger_id: command.trigger_id, view: modal() as never });
      });
      app.view('ask', async ({ ack, view, client }) => {
        const name = view.state.values.who?.name?.value;
        if (name === 'nobody') return ack({ response_action: 'errors', errors: { who: 'No' } });
        await ack({ response_action: 'update', view: modal({ blocks: [section('…')] }) as never });
        const blocks = [section(`Found ${name}`)];
        await client.views.update({ view_id: view.id, view: modal({ blocks }) as never });
      });
    });
    const view = (await (await ada.types('/desk')).answer()) as View;
    expect(ada.view()).toBe(view);

    ada.fills(view, 'Who', 'nobody');
    expect(await ada.submits(view)).toMatchObject({ errors: { who: 'No' }, closed: false });

    ada.fills(view, 'Who', 'jane');
    const submission = await ada.submits(view);
    expect(submission).toMatchObject({ closed: false, view });
    expect(await submission.answer()).toBe(view);
    expect(view.view.blocks).toEqual([section('Found jane')]);
  });

  it('publishes a Home tab when it is opened', async () => {
    const { workspace, ada } = await openWorkspace();
    await serve(workspace, (app) => {
      app.event('app_home_opened', async ({ client, event }) => {
        const view = { type: 'home', blocks: [section('Welcome')] };
        await client.views.publish({ user_id: event.user, view: view as never });
      });
    });

    const home = (await (await ada.opensHome()).answer()) as View;

    expect(home.view.blocks).toEqual([section('Welcome')]);
  });

  it('tells the person if the app does not acknowledge in time', async () => {
    const { workspace, ada, clock } = await openWorkspace();
    let isHeard = false;
    await serve(workspace, (app) => {
      app.command('/desk', async () => {
        isHeard = true;
      });
    });

    const typed = ada.types('/desk');
    await eventually(() => isHeard);
    clock.advance(2999);
    expect(workspace.messages).toEqual([]);
    clock.advance(1);
    const { acknowledged } = await typed;

    expect(acknowledged).toMatchObject({ ok: false, status: 0, error: 'operation_timeout' });
    expect(workspace.seenBy('U1', 'C1').map(({ text }) => text)).toEqual([
      '/desk failed with the error "operation_timeout"',
    ]);
  });
});

describe('Socket Mode', () => {
  it('refuses a connection without the app token', async () => {
    const { workspace } = await openWorkspace();

    const open = (token: string) => call(workspace, 'apps.connections.open', {}, token);
    expect(await open('xapp-other')).toEqual({ ok: false, error: 'invalid_auth' });
    expect(await open(BOT_TOKEN)).toEqual({ ok: false, error: 'not_allowed_token_type' });
    expect(await call(workspace, 'apps.connections.open', {}, APP_TOKEN)).toMatchObject({
      ok: true,
      url: expect.stringContaining('ws://127.0.0.1:'),
    });
  });

  it('distributes envelopes among all sockets, but sends none to one that was told to go', async () => {
    const { workspace, ada } = await openWorkspace();
    const heard: string[] = [];
    const named = (name: string) => (app: App) =>
      app.command('/desk', async ({ ack }) => {
        heard.push(name);
        await ack();
      });
    await serveOverSockets(workspace, named('first'));
    await serveOverSockets(workspace, named('second'));

    for (let turn = 0; turn < 4; turn += 1) await ada.types('/desk');
    expect(heard).toEqual(['first', 'second', 'first', 'second']);

    workspace.disconnect();
    await serveOverSockets(workspace, named('third'));
    await workspace.connected();
    await ada.types('/desk');
    expect(heard.at(-1)).toBe('third');
  });
});

describe('a signed request', () => {
  it.each([
    ['forged', { signature: 'forged' as const }, 401],
    ['unsigned', { signature: 'none' as const }, 401],
    ['six minutes old', { timestamp: Math.floor(Date.now() / 1000) - 360 }, 401],
    ['of another content type', { contentType: 'text/plain' }, 400],
    ['as Slack sends it', {}, 200],
  ])('that is %s gets Bolt’s answer', async (_, how, status) => {
    const { workspace } = await openWorkspace();
    await serveOverHttp(workspace, acknowledge);

    const form = { command: '/desk', team_id: 'T1', user_id: 'U1', channel_id: 'C1', text: '' };
    expect((await workspace.send({ form, ...how })).status).toBe(status);
  });

  it('can be replayed byte for byte', async () => {
    const { workspace, ada } = await openWorkspace();
    await serveOverHttp(workspace, acknowledge);
    await ada.types('/desk again');

    const request = workspace.lastRequest();
    expect(request?.body).toContain('text=again');
    expect((await workspace.send({ ...request })).status).toBe(200);
    expect(workspace.lastRequest()).toEqual(request);
  });

  it('that the app refuses makes the command fail', async () => {
    const { workspace, ada } = await openWorkspace();
    await serveOverHttp(workspace, acknowledge);
    workspace.deliverTo(`${workspace.url}/nowhere`);

    expect((await ada.types('/desk')).acknowledged).toMatchObject({ ok: false, status: 404 });
    expect(workspace.messages.map(({ text }) => text)).toEqual([
      '/desk failed with the error "dispatch_failed"',
    ]);
  });
});

describe('the app’s settings in Slack', () => {
  const OFF = 'This app is not configured to handle interactive responses.';

  /** The app has posted a button, and opens a form when it is pressed. */
  async function withButton() {
    const opened = await openWorkspace();
    let presses = 0;
    await serveOverHttp(opened.workspace, (app) => {
      app.command('/desk', ({ ack }) => ack({ text: 'Here', blocks: [actions(button('Go'))] }));
      app.action('go', async ({ ack }) => {
        presses += 1;
        await ack();
      });
    });
    const message = (await (await opened.ada.types('/desk')).answer()) as Message;
    return { ...opened, message, presses: () => presses };
  }

  it('keep presses from the app while interactivity is off', async () => {
    const { workspace, ada, message, presses } = await withButton();
    expect((await ada.presses(message, 'Go')).warning).toBeUndefined();

    workspace.settings.interactivity.isEnabled = false;

    expect((await ada.presses(message, 'Go')).warning).toBe(OFF);
    expect((await ada.types('/desk')).acknowledged.ok).toBe(true);
    expect(presses()).toBe(1);
  });

  it('send presses and commands to URLs of their own', async () => {
    const { workspace, ada, message } = await withButton();

    workspace.settings.interactivity.url = `${workspace.url}/nowhere`;
    expect((await ada.presses(message, 'Go')).warning).toBe(
      'This app responded with Status Code 404',
    );
    expect((await ada.types('/desk')).acknowledged.ok).toBe(true);

    workspace.settings.interactivity = { isEnabled: true };
    workspace.settings.slashCommand.url = `http://127.0.0.1:${await freePort()}/`;
    expect((await ada.presses(message, 'Go')).acknowledged.ok).toBe(true);
    expect((await ada.types('/desk')).acknowledged.error).toBe('dispatch_failed');
  });

  it('send names instead of ids without should_escape', async () => {
    const { workspace, ada } = await openWorkspace();
    await serveOverHttp(workspace, acknowledge);
    const sent = async (text: string) => {
      await ada.types(text);
      return new URLSearchParams(workspace.lastRequest()?.body).get('text');
    };
    expect(await sent('/desk @jane')).toBe('<@U2|jane>');

    workspace.settings.slashCommand.shouldEscape = false;

    expect(await sent('/desk @jane')).toBe('@jane');
    expect(await sent('/desk <@U2> now')).toBe('@jane now');
  });
});

describe('a response_url', () => {
  async function typed() {
    const opened = await openWorkspace();
    await serveOverHttp(opened.workspace, acknowledge);
    const exchange = await opened.ada.types('/desk', { channel: 'random' });
    return { ...opened, exchange, url: exchange.responseUrl };
  }

  it('accepts five messages', async () => {
    const { workspace, url } = await typed();

    for (let use = 0; use < 5; use += 1) {
      expect((await post(url, { text: `${use}` })).status).toBe(200);
    }
    const sixth = await post(url, { text: '5' });

    expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: 'used_url' }]);
    expect(workspace.messages).toHaveLength(5);
  });

  it('expires after thirty minutes', async () => {
    const { url, clock } = await typed();

    clock.advance(30 * 60_000);
    expect((await post(url, { text: 'just in time' })).status).toBe(200);
    clock.advance(1);
    const late = await post(url, { text: 'late' });

    expect([late.status, await late.json()]).toEqual([404, { ok: false, error: 'expired_url' }]);
  });

  it('of a command posts another message if asked to replace one', async () => {
    const { url, exchange } = await typed();

    await post(url, { text: 'Looking up…' });
    await post(url, { text: 'Found', replace_original: true });

    expect(exchange.answers()).toMatchObject([
      { text: 'Looking up…', replaced: 0 },
      { text: 'Found', replaced: 0 },
    ]);
  });

  it('of a button leaves its message alone if told to', async () => {
    const { workspace, url, exchange, ada } = await typed();
    await post(url, { text: 'Card', blocks: [actions(button('More'))] });
    const card = (await exchange.answer()) as Message;

    const pressed = await ada.presses(card, 'More');
    await post(pressed.responseUrl, { text: 'Beside', replace_original: false });

    expect(card).toMatchObject({ text: 'Card', replaced: 0 });
    expect(workspace.seenBy('U1', 'C2').map(({ text }) => text)).toEqual(['Card', 'Beside']);
  });

  it('does not need the bot to be a member, unlike chat.postEphemeral', async () => {
    const { workspace, url } = await typed();

    expect((await post(url, { response_type: 'in_channel', text: 'Hi' })).status).toBe(200);
    expect(workspace.seenBy('U2', 'C2')).toHaveLength(1);
    const said = (channel: string, user = 'U1') =>
      call(workspace, 'chat.postEphemeral', { channel, user, text: 'Hi' });
    expect(await said('C2')).toMatchObject({ error: 'not_in_channel' });
    expect(await said('D1')).toMatchObject({ error: 'channel_not_found' });
    expect(await said('C1', 'U3')).toMatchObject({ error: 'user_not_in_channel' });
    expect(await said('C1')).toMatchObject({ ok: true });
  });

  it('refuses what Slack cannot show, and counts that as a use', async () => {
    const { workspace, url } = await typed();

    const refused = await post(url, { text: 'x', blocks: [section('')] });
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      {
        error: 'invalid_blocks',
        response_metadata: { messages: [expect.stringContaining('blocks/0/text/text')] },
      },
    ]);
    expect(await (await post(url, {})).json()).toMatchObject({ error: 'no_text' });
    expect((await fetch(url, { method: 'POST', body: 'text=x' })).status).toBe(400);
    await post(url, { text: '4' });
    await post(url, { text: '5' });
    expect((await post(url, { text: '6' })).status).toBe(404);
    expect(workspace.messages).toHaveLength(2);
  });

  it('fails as planned', async () => {
    const { workspace, url } = await typed();
    workspace.failNext('response_url', { status: 503, body: 'busy' });
    workspace.failNext('response_url', 'reset');

    expect((await post(url, { text: 'x' })).status).toBe(503);
    await expect(post(url, { text: 'x' })).rejects.toThrow();
    expect((await post(url, { text: 'x' })).status).toBe(200);
  });
});

describe('a trigger', () => {
  async function triggered() {
    const opened = await openWorkspace();
    await serveOverHttp(opened.workspace, acknowledge);
    const { triggerId } = await opened.ada.types('/desk');
    const open = (more = {}) =>
      call(opened.workspace, 'views.open', { trigger_id: triggerId, view: modal(), ...more });
    return { ...opened, open };
  }

  it('opens one view', async () => {
    const { open } = await triggered();

    expect(await open()).toMatchObject({ ok: true });
    expect(await open()).toEqual({ ok: false, error: 'exchanged_trigger_id' });
    expect(await open({ trigger_id: '1.2.3' })).toEqual({ ok: false, error: 'invalid_trigger_id' });
  });

  it('expires after three seconds', async () => {
    const { open, clock } = await triggered();
    clock.advance(3_001);

    expect(await open()).toEqual({ ok: false, error: 'expired_trigger_id' });
  });

  it('is not used up by a view that Slack refuses', async () => {
    const { open } = await triggered();

    const refused = await open({ view: modal({ submit: undefined }) });
    expect(refused).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] view/submit: required with input blocks'] },
    });
    expect(await open()).toMatchObject({ ok: true });
  });
});

describe('a modal', () => {
  const person = { type: 'users_select', action_id: 'person' };
  const option = (text: string) => ({ text: { type: 'plain_text', text }, value: text });
  const task = { type: 'static_select', action_id: 'task', options: ['Look', 'Go'].map(option) };
  const labeled = (label: string, element: unknown, more = {}): Block => ({
    type: 'input',
    block_id: label.toLowerCase(),
    label: { type: 'plain_text', text: label },
    element,
    ...more,
  });

  async function opened(view: unknown, register: Register = acknowledge) {
    const all = await openWorkspace();
    await serveOverHttp(all.workspace, (app) => {
      app.command('/desk', async ({ ack, client, command }) => {
        await ack();
        await client.views.open({ trigger_id: command.trigger_id, view: view as never });
      });
      register(app);
    });
    const shown = (await (await all.ada.types('/desk')).answer()) as View;
    return { ...all, view: shown };
  }

  it('is not sent until its required fields are filled', async () => {
    const { ada, view, workspace } = await opened(modal());
    const before = workspace.lastRequest();

    expect(await ada.submits(view)).toMatchObject({
      errors: { who: 'Please complete this required field.' },
      closed: false,
    });
    ada.fills(view, 'Who', 'x');
    expect(await ada.submits(view)).toMatchObject({
      errors: { who: 'Please enter at least 2 characters.' },
    });
    expect(() => ada.fills(view, 'Who', 'x'.repeat(11))).toThrow('no more than 10');
    expect(workspace.lastRequest()).toEqual(before);
  });

  it('tells the app about a choice only where Slack does', async () => {
    const dispatched: unknown[] = [];
    const blocks = [
      labeled('Task', task),
      labeled('Person', person, { dispatch_action: true }),
      actions({ ...task, action_id: 'loud' }),
    ];
    const { ada, view } = await opened(modal({ blocks }), (app) => {
      app.action(/.*/, async ({ ack, body, action }) => {
        await ack();
        const state = 'view' in body ? body.view?.state.values : {};
        dispatched.push({ action, state, response_url: 'response_url' in body });
      });
    });

    expect(await ada.chooses(view, 'Task', 'Look')).toBeUndefined();
    expect(await ada.chooses(view, 'Person', 'U2')).toMatchObject({ acknowledged: { ok: true } });
    expect(await ada.chooses(view, 'loud', 'Go')).toMatchObject({ acknowledged: { ok: true } });

    expect(dispatched).toMatchObject([
      {
        action: { action_id: 'person', block_id: 'person', selected_user: 'U2' },
        state: { task: { task: { selected_option: { value: 'Look' } } } },
        response_url: false,
      },
      { action: { action_id: 'loud', selected_option: { value: 'Go' } } },
    ]);
    await expect(ada.chooses(view, 'Task', 'Fly')).rejects.toThrow('No option “Fly”');
    await expect(ada.chooses(view, 'Person', 'U9')).rejects.toThrow('Nobody here is U9');
  });

  it('sends dates, numbers and several choices, but no nonsense', async () => {
    const heard: unknown[] = [];
    const blocks = [
      labeled('Day', { type: 'datepicker', action_id: 'a', initial_date: '2026-03-04' }),
      labeled('Hour', { type: 'timepicker', action_id: 'a' }),
      labeled('Since', { type: 'datetimepicker', action_id: 'a' }),
      labeled('Days', {
        type: 'number_input',
        action_id: 'a',
        is_decimal_allowed: false,
        min_value: '1',
        max_value: '30',
      }),
      labeled('Mail', { type: 'email_text_input', action_id: 'a' }),
      labeled('Page', { type: 'url_text_input', action_id: 'a' }, { optional: true }),
      labeled('People', { type: 'multi_users_select', action_id: 'a', max_selected_items: 2 }),
      labeled('Channel', { type: 'channels_select', action_id: 'a' }),
    ];
    const { ada, view } = await opened(modal({ blocks }), (app) => {
      app.view('ask', ({ ack, view }) => {
        heard.push(view.state.values);
        return ack();
      });
    });

    await ada.chooses(view, 'Hour', '08:30');
    await ada.chooses(view, 'Since', '1772600000');
    await ada.chooses(view, 'Channel', 'C1');
    for (const person of ['U1', 'U2']) await ada.chooses(view, 'People', person);
    await expect(ada.chooses(view, 'People', 'U3')).rejects.toThrow('No more than 2');
    await expect(ada.chooses(view, 'Day', 'tomorrow')).rejects.toThrow('nothing that a datepicker');
    for (const [label, text] of [
      ['Days', '31'],
      ['Mail', 'jane'],
      ['Page', 'jane'],
    ] as const) {
      ada.fills(view, label, text);
    }
    expect((await ada.submits(view)).errors).toEqual({
      days: 'Please enter 30 or less.',
      mail: 'Please enter an e-mail address.',
      page: 'Please enter a URL.',
    });
    ada.fills(view, 'Days', '2.5');
    expect((await ada.submits(view)).errors).toMatchObject({ days: 'Please enter a number.' });
    ada.fills(view, 'Days', '3');
    ada.fills(view, 'Mail', 'jane@acme.com');
    ada.fills(view, 'Page', '');
    expect(await ada.submits(view)).toMatchObject({ closed: true });

    expect(heard).toMatchObject([
      {
        day: { a: { type: 'datepicker', selected_date: '2026-03-04' } },
        hour: { a: { selected_time: '08:30' } },
        since: { a: { selected_date_time: 1_772_600_000 } },
        days: { a: { type: 'number_input', value: '3' } },
        mail: { a: { value: 'jane@acme.com' } },
        page: { a: { value: null } },
        people: { a: { selected_users: ['U1', 'U2'] } },
        channel: { a: { selected_channel: 'C1' } },
      },
    ]);
  });

  it('closes on an empty acknowledgement', async () => {
    const { ada, view } = await opened(modal({ blocks: [section('Sure?')] }), (app) => {
      app.view('ask', ({ ack }) => ack());
    });

    expect(await ada.submits(view)).toMatchObject({ closed: true });
    expect(view.closed).toBe(true);
    expect(ada.view()).toBeUndefined();
  });

  it('shows no error for a block that does not exist', async () => {
    const { ada, view } = await opened(modal({ blocks: [section('Sure?')] }), (app) => {
      app.view('ask', ({ ack }) => ack({ response_action: 'errors', errors: { nowhere: 'No' } }));
    });

    const { acknowledged, closed } = await ada.submits(view);

    expect(closed).toBe(false);
    expect(acknowledged).toMatchObject({
      ok: false,
      complaints: ['errors: there is no input block nowhere'],
    });
  });

  it('stacks up to three views', async () => {
    const blocks = [actions(button('Deeper'))];
    const { ada, view, workspace } = await opened(modal({ blocks }));
    const deeper = async (from: View) => {
      const { triggerId } = await ada.presses(from, 'Deeper');
      return call(workspace, 'views.push', { trigger_id: triggerId, view: modal({ blocks }) });
    };

    expect(await deeper(view)).toMatchObject({ ok: true });
    const second = ada.view() as View;
    expect(await deeper(second)).toMatchObject({
      view: { previous_view_id: second.id, root_view_id: view.id },
    });
    expect(await deeper(ada.view() as View)).toMatchObject({ error: 'push_limit_reached' });
    await expect(ada.presses(view, 'Deeper')).rejects.toThrow('does not see');
    ada.closes(ada.view() as View);
    expect(ada.view()).toBe(second);
  });

  it('is not updated with an old hash', async () => {
    const { view, workspace } = await opened(modal());
    const update = (hash: string) =>
      call(workspace, 'views.update', { view_id: view.id, hash, view: modal() });
    const { hash } = view;

    expect(await update(hash)).toMatchObject({ ok: true });
    expect(await update(hash)).toEqual({ ok: false, error: 'hash_conflict' });
  });
});

describe('a confirmation', () => {
  it('sends nothing if the person says no', async () => {
    const { workspace, ada } = await openWorkspace();
    await serveOverHttp(workspace, acknowledge);
    const confirm = { text: { type: 'plain_text', text: 'Sure?' } };
    const { responseUrl, answer } = await ada.types('/desk');
    const blocks = [actions(button('Delete', { confirm }), button('Keep'))];
    await post(responseUrl, { text: 'Card', blocks });
    const card = await answer();
    const before = workspace.lastRequest();

    const canceled = await ada.presses(card, 'Delete', { confirm: false });
    expect(workspace.lastRequest()).toEqual(before);
    await expect(canceled.answer()).rejects.toThrow('nothing was sent');

    await ada.presses(card, 'Delete');
    expect(workspace.lastRequest()).not.toEqual(before);
    await expect(ada.presses(card, 'Keep', { confirm: false })).rejects.toThrow('does not ask');
    await expect(ada.presses(card, 'Gone')).rejects.toThrow('there are: “Delete”, “Keep”');
  });
});

describe('a container', () => {
  it('contains buttons that can be pressed', async () => {
    const { workspace, ada } = await openWorkspace();
    const heard: unknown[] = [];
    await serveOverHttp(workspace, (app) => {
      app.command('/desk', ({ ack }) => ack());
      app.action(/.*/, async ({ ack, action }) => {
        heard.push(action);
        await ack();
      });
    });
    const { responseUrl, answer } = await ada.types('/desk');
    const container = {
      type: 'container',
      title: { type: 'plain_text', text: 'Grace' },
      child_blocks: [section('Hi'), { ...actions(button('Open')), block_id: 'inside' }],
    };
    await post(responseUrl, { text: 'Card', blocks: [container] });

    await ada.presses(await answer(), 'Open');

    expect(heard).toMatchObject([{ action_id: 'open', block_id: 'inside' }]);
  });
});

describe('the Web API', () => {
  it('refuses invalid tokens and unknown methods', async () => {
    const { workspace } = await openWorkspace();

    expect(await call(workspace, 'auth.test', {}, 'xoxb-other')).toEqual({
      ok: false,
      error: 'invalid_auth',
    });
    expect(await call(workspace, 'auth.revoke', {})).toEqual({
      ok: false,
      error: 'unknown_method',
    });
    expect(workspace.apiCalls.map(({ method }) => method)).toEqual(['auth.test', 'auth.revoke']);
  });

  it('refuses tokens of another kind', async () => {
    const { workspace } = await openWorkspace();

    expect(await call(workspace, 'auth.test', {}, '')).toEqual({ ok: false, error: 'not_authed' });
    expect(await call(workspace, 'apps.connections.open', {}, '')).toEqual({
      ok: false,
      error: 'not_authed',
    });
    expect(await call(workspace, 'users.info', { user: 'U1' }, APP_TOKEN)).toEqual({
      ok: false,
      error: 'not_allowed_token_type',
    });
    expect(await call(workspace, 'auth.test', { token: BOT_TOKEN }, '')).toMatchObject({
      ok: true,
    });
  });

  it('grants what the manifest requests, and names the missing scope', async () => {
    const { workspace } = await openWorkspace();
    const asked = parse(readFileSync(join(ROOT, 'manifest.yml'), 'utf8')).oauth_config.scopes.bot;
    expect(workspace.scopes.toSorted()).toEqual(asked.toSorted());
    const group = () => ask(workspace, 'usergroups.users.list', { usergroup: 'S1' });

    const taken = await group();
    expect([
      taken.headers.get('x-oauth-scopes'),
      taken.headers.get('x-accepted-oauth-scopes'),
    ]).toEqual([
      'chat:write,commands,files:write,users:read,users:read.email,usergroups:read',
      'usergroups:read',
    ]);
    workspace.scopes.pop();
    const refused = await group();

    expect(refused.headers.get('x-oauth-scopes')).not.toContain('usergroups:read');
    expect(await refused.json()).toEqual({
      ok: false,
      error: 'missing_scope',
      needed: 'usergroups:read',
      provided: 'chat:write,commands,files:write,users:read,users:read.email',
    });
    expect(await call(workspace, 'conversations.open', { users: 'U1' })).toMatchObject({
      error: 'missing_scope',
      needed: 'channels:manage,groups:write,im:write,mpim:write',
    });
    expect(
      (await ask(workspace, 'auth.test', {}, 'xoxb-other')).headers.get('x-oauth-scopes'),
    ).toBeNull();
  });

  it('hides addresses from a bot without the scope for them', async () => {
    const { workspace } = await openWorkspace({ scopes: ['users:read'] });

    const { user } = await call(workspace, 'users.info', { user: 'U1' });
    expect(user).toMatchObject({ profile: { real_name: 'Ada Agent' } });
    expect(user).not.toHaveProperty('profile.email');
    expect(await call(workspace, 'users.lookupByEmail', { email: 'ada@acme.com' })).toMatchObject({
      error: 'missing_scope',
      needed: 'users:read.email',
    });
  });

  it('has no user groups on a free plan', async () => {
    const { workspace } = await openWorkspace({ plan: 'free' });
    const group = () => call(workspace, 'usergroups.users.list', { usergroup: 'S1' });

    expect(await group()).toEqual({ ok: false, error: 'plan_upgrade_required' });
    workspace.setPlan('paid');
    expect(await group()).toMatchObject({ ok: true });
  });

  it('returns people and groups', async () => {
    const { workspace } = await openWorkspace();

    expect(await call(workspace, 'users.info', { user: 'U3' })).toEqual({
      ok: true,
      user: {
        id: 'U3',
        team_id: 'T1',
        name: 'gus',
        deleted: false,
        real_name: 'Gus Guest',
        is_bot: false,
        is_restricted: true,
        is_ultra_restricted: false,
        is_stranger: false,
        profile: { real_name: 'Gus Guest', display_name: 'gus' },
      },
    });
    expect(await call(workspace, 'users.info', { user: 'U9' })).toMatchObject({
      error: 'user_not_found',
    });
    expect(await call(workspace, 'users.lookupByEmail', { email: 'JANE@acme.com' })).toMatchObject({
      user: { id: 'U2' },
    });
    workspace.groups[0]?.users.push('U2');
    expect(await call(workspace, 'usergroups.users.list', { usergroup: 'S1' })).toEqual({
      ok: true,
      users: ['U1', 'U2'],
    });
    expect(await call(workspace, 'usergroups.users.list', { usergroup: 'S9' })).toMatchObject({
      error: 'no_such_subteam',
    });
  });

  it('updates and deletes messages, but no ephemeral ones', async () => {
    const { workspace } = await openWorkspace();
    const posted = await call(workspace, 'chat.postMessage', { channel: 'C1', text: 'One' });
    const whispered = await call(workspace, 'chat.postEphemeral', {
      channel: 'C1',
      user: 'U1',
      text: 'Two',
    });
    const change = (method: string, ts: unknown) =>
      call(workspace, method, { channel: 'C1', ts, text: 'New' });

    expect(await change('chat.update', posted.ts)).toMatchObject({ ok: true, text: 'New' });
    expect(await change('chat.delete', posted.ts)).toMatchObject({ ok: true });
    expect(await change('chat.update', posted.ts)).toMatchObject({ error: 'message_not_found' });
    expect(await change('chat.update', whispered.message_ts)).toMatchObject({
      error: 'message_not_found',
    });
    expect(workspace.messages).toMatchObject([
      { text: 'New', deleted: true },
      { text: 'Two', to: 'U1' },
    ]);
  });

  it('writes to a person in a direct message', async () => {
    const { workspace } = await openWorkspace({ scopes: ['chat:write', 'im:write'] });

    const { channel } = await call(workspace, 'conversations.open', { users: 'U2' });
    const { id } = channel as { id: string };
    await call(workspace, 'chat.postMessage', { channel: 'U2', text: 'Psst' });

    expect(workspace.seenBy('U2', id)).toMatchObject([{ text: 'Psst' }]);
    expect(workspace.seenBy('U1', id)).toEqual([]);
  });

  it('accepts five messages in one channel at once, then one per second', async () => {
    const { workspace, clock } = await openWorkspace();
    const post = async (channel: string) => {
      const response = await fetch(`${workspace.apiUrl}chat.postMessage`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${BOT_TOKEN}` },
        body: JSON.stringify({ channel, text: 'Hello' }),
      });
      const { error } = (await response.json()) as { error?: string };
      return [response.status, response.headers.get('retry-after'), error];
    };
    const taken = [200, null, undefined];

    for (let message = 1; message <= 5; message += 1) expect(await post('C1')).toEqual(taken);
    expect(await post('C1')).toEqual([429, '1', 'ratelimited']);
    expect(await post('U2')).toEqual(taken);

    clock.advance(999);
    expect(await post('C1')).toEqual([429, '1', 'ratelimited']);
    clock.advance(1);
    expect(await post('C1')).toEqual(taken);
    expect(await post('C1')).toEqual([429, '1', 'ratelimited']);
    clock.advance(5000);
    for (let message = 1; message <= 5; message += 1) expect(await post('C1')).toEqual(taken);
    expect(workspace.messages.filter(({ channel }) => channel === 'C1')).toHaveLength(11);
  });

  it('keeps what the app sent, byte for byte', async () => {
    const { workspace, ada } = await openWorkspace();
    await serveOverHttp(workspace, (app) => {
      app.command('/desk', async ({ ack, client, respond }) => {
        await ack('first');
        await client.chat.postMessage({ channel: 'C1', text: 'second', blocks: [] });
        await respond('third');
      });
    });

    const exchange = await ada.types('/desk');
    await exchange.answer();
    await exchange.answer();

    expect([...workspace.bodies].sort()).toEqual(
      ['first', 'team_id=T1&channel=C1&text=second&blocks=%5B%5D', '{"text":"third"}'].sort(),
    );
    expect(workspace.apiCalls).toMatchObject([
      { method: 'chat.postMessage', params: { channel: 'C1', text: 'second', blocks: [] } },
    ]);
  });
});

describe('Block Kit', () => {
  const table = (rows: unknown = [[{ type: 'raw_text', text: 'a' }]]) => ({ type: 'table', rows });
  const chart = (data = [{ label: 'May', value: 1 }]) => ({
    type: 'data_visualization',
    title: 'Use',
    chart: {
      type: 'line',
      series: [{ name: 'Users', data }],
      axis_config: { categories: ['May'] },
    },
  });
  const plot = (type: string, series: unknown[], categories: unknown = ['May'], more = {}) => ({
    ...chart(),
    chart: { type, series, axis_config: { categories, ...more } },
  });
  const series = (name: string, value: unknown = 1, label = 'May') => ({
    name,
    data: [{ label, value }],
  });
  const pie = (...segments: unknown[]) => ({ ...chart(), chart: { type: 'pie', segments } });
  const months = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);
  const longPlot = (count: number) =>
    plot(
      'line',
      [{ name: 'Users', data: months(count).map((label) => ({ label, value: 1 })) }],
      months(count),
    );
  const named = (count: number) => months(count).map((name) => series(name));
  const many = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
  const plain = (text: string) => ({ type: 'plain_text', text });
  const raw = (text: string) => ({ type: 'raw_text', text });
  const rich = (text?: string) => ({
    type: 'rich_text',
    elements: [
      { type: 'rich_text_section', elements: text === undefined ? [] : [{ type: 'text', text }] },
    ],
  });
  const dataTable = (rows: number) => ({
    type: 'data_table',
    caption: 'Tokens',
    rows: many(rows, [raw('a')]),
  });
  const card = {
    type: 'card',
    title: { type: 'mrkdwn', text: 'Grace' },
    actions: [button('Open')],
  };

  it.each<[string, unknown[]]>([
    ['sections, headers and dividers', [section('Hi'), { type: 'divider' }]],
    ['a table and two charts', [table(), chart(), chart()]],
    ['bars of twelve series', [plot('bar', named(12))]],
    ['a pie of twelve pieces', [pie(...months(12).map((label) => ({ label, value: 1 })))]],
    ['a table of 10,000 characters', [table([[raw('x'.repeat(9999)), raw('y')]])]],
    [
      'a table with fewer column settings than columns',
      [{ ...table([[raw('a'), raw('b')]]), column_settings: [{ align: 'right' }] }],
    ],
    ['rich text that holds nothing', [rich()]],
    [
      'a table in a container that opens',
      [
        {
          type: 'container',
          title: plain('Grace'),
          is_collapsible: true,
          default_collapsed: true,
          child_blocks: [section('Hi'), table()],
        },
      ],
    ],
    ['a table that sorts and pages', [dataTable(201)]],
    ['a card with a button', [card]],
    ['a carousel', [{ type: 'carousel', elements: many(10, card) }]],
    [
      'thumbs up and down',
      [
        {
          type: 'context_actions',
          elements: [
            {
              type: 'feedback_buttons',
              positive_button: { text: plain('Good'), value: '+' },
              negative_button: { text: plain('Bad'), value: '-' },
            },
            { type: 'icon_button', icon: 'trash', text: plain('Delete') },
          ],
        },
      ],
    ],
    [
      'a plan of tasks',
      [
        {
          type: 'plan',
          title: 'New phone',
          tasks: [{ type: 'task_card', task_id: '1', title: 'Look', status: 'complete' }],
        },
      ],
    ],
    [
      'a section with a date beside it',
      [{ ...section('When?'), accessory: { type: 'datepicker', initial_date: '2026-03-04' } }],
    ],
    [
      'actions with a time and several people',
      [
        actions(
          { type: 'timepicker', initial_time: '08:30' },
          { type: 'datetimepicker', initial_date_time: 1_772_600_000 },
          { type: 'multi_users_select', max_selected_items: 3 },
          { type: 'conversations_select', filter: { exclude_bot_users: true } },
        ),
      ],
    ],
    ['an area with names for its axes', [plot('area', named(1), ['May'], { x_label: 'Month' })]],
    ['a value below zero', [plot('line', [series('Change', -1)])]],
    ['a chart of twenty points', [longPlot(20)]],
    ['a pie', [pie({ label: 'Used', value: 1137 }, { label: 'Left', value: 363 })]],
    [
      'rich text in a table',
      [
        table([
          [
            {
              type: 'rich_text',
              elements: [
                {
                  type: 'rich_text_section',
                  elements: [{ type: 'text', text: 'x', style: { bold: true } }],
                },
              ],
            },
          ],
        ]),
      ],
    ],
    ['fifty blocks', many(50, section('Hi'))],
  ])('accepts %s in a message', (_, blocks) => {
    expect(validate(blocks, 'message')).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['an unknown block', [{ type: 'alarm' }]],
    ['an unknown property', [{ ...section('Hi'), color: 'red' }]],
    ['an empty text', [section('')]],
    ['an empty table cell', [table([[{ type: 'raw_text', text: '' }]])]],
    ['a section of more than 3000 characters', [section('x'.repeat(3001))]],
    [
      'a header of more than 150 characters',
      [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }],
    ],
    ['a button of more than 75 characters', [actions(button('x'.repeat(76)))]],
    ['a value of more than 2000 characters', [actions(button('x', { value: 'x'.repeat(2001) }))]],
    ['two tables', [table(), table()]],
    ['a table beside one that sorts', [table(), dataTable(2)]],
    [
      'a table beside one in a container',
      [table(), { type: 'container', title: plain('x'), child_blocks: [table()] }],
    ],
    ['a table of more than 10,000 characters', [table([[raw('x'.repeat(9999)), raw('yz')]])]],
    ['a table of more than 10,000 characters in rich text', [table([[rich('x'.repeat(10_001))]])]],
    ['rows of unequal length', [table([[raw('a'), raw('b')], [raw('c')]])]],
    [
      'more column settings than columns',
      [{ ...table(), column_settings: [{ is_wrapped: true }, { is_wrapped: true }] }],
    ],
    ['a cell of rich text that holds nothing', [table([[rich()]])]],
    ['a table that sorts, of a head alone', [dataTable(1)]],
    ['a table that sorts, of more than 200 rows', [dataTable(202)]],
    ['an alert', [{ type: 'alert', text: plain('Careful') }]],
    ['a card of nothing', [{ type: 'card', subtitle: { type: 'mrkdwn', text: 'x' } }]],
    ['a container without a title', [{ type: 'container', child_blocks: [section('Hi')] }]],
    [
      'a container in a container',
      [
        {
          type: 'container',
          title: plain('x'),
          child_blocks: [{ type: 'container', title: plain('y'), child_blocks: [section('Hi')] }],
        },
      ],
    ],
    ['a date that is none', [actions({ type: 'datepicker', initial_date: '2026-02-30' })]],
    [
      'seconds of a date that are milliseconds',
      [actions({ type: 'datetimepicker', initial_date_time: 1_772_600_000_000 })],
    ],
    ['a file, which is Slack’s to show', [{ type: 'file', source: 'remote', external_id: 'x' }]],
    ['three charts', [chart(), chart(), chart()]],
    ['a chart with a point missing', [chart([])]],
    ['a chart with a point of no category', [chart([{ label: 'June', value: 1 }])]],
    ['a chart without a title', [{ ...chart(), title: '' }]],
    ['a chart’s title of more than 50 characters', [{ ...chart(), title: 'x'.repeat(51) }]],
    ['a chart of an unknown kind', [plot('radar', named(1))]],
    ['a chart of no series', [plot('line', [])]],
    ['a chart of thirteen series', [plot('bar', named(13))]],
    ['a series’ name of more than 20 characters', [plot('line', [series('x'.repeat(21))])]],
    ['a series’ name twice', [plot('line', many(2, series('Users')))]],
    ['a chart of twenty-one points', [longPlot(21)]],
    ['a category of more than 20 characters', [plot('line', named(1), ['x'.repeat(21)])]],
    ['an empty category', [plot('line', [series('Users', 1, '')], [''])]],
    [
      'a category twice',
      [
        plot(
          'line',
          [{ name: 'Users', data: many(2, { label: 'May', value: 1 }) }],
          ['May', 'May'],
        ),
      ],
    ],
    ['a category without a point', [plot('line', named(1), ['May', 'June'])]],
    [
      'two points of one category',
      [plot('line', [{ name: 'Users', data: many(2, { label: 'May', value: 1 }) }])],
    ],
    ['a value that is no number', [plot('line', [series('Users', '1')])]],
    ['an infinite value', [plot('line', [series('Users', Number.POSITIVE_INFINITY)])]],
    [
      'an axis’ name of more than 50 characters',
      [plot('line', named(1), ['May'], { y_label: 'x'.repeat(51) })],
    ],
    ['a pie of nothing', [pie()]],
    ['a pie of thirteen pieces', [pie(...months(13).map((label) => ({ label, value: 1 })))]],
    ['a piece of a pie that is nothing', [pie({ label: 'Used', value: 0 })]],
    ['a piece of a pie without a label', [pie({ label: '', value: 1 })]],
    ['a pie with axes', [{ ...chart(), chart: { ...chart().chart, type: 'pie' } }]],
    ['fifty-one blocks', many(51, section('Hi'))],
    ['a block_id twice', many(2, { ...section('Hi'), block_id: 'same' })],
    ['an action_id twice in one block', [actions(button('A'), button('A'))]],
    ['something else than an array', 'blocks'],
  ])('refuses %s in a message', (_, blocks) => {
    expect(validate(blocks, 'message')).not.toEqual([]);
  });

  it('keeps tables and charts out of modals and Home tabs', () => {
    for (const surface of ['modal', 'home'] as const) {
      expect(validate([table()], surface)).toEqual([
        `blocks: table is not allowed in a ${surface}`,
      ]);
      expect(validate([chart()], surface)).toHaveLength(1);
      expect(validate([dataTable(2)], surface)).toHaveLength(1);
      expect(validate(many(51, section('Hi')), surface)).toEqual([]);
    }
  });

  it('does not know a block type before it is rolled out', async () => {
    const { workspace, ada } = await openWorkspace();
    await serveOverHttp(workspace, acknowledge);
    const { responseUrl } = await ada.types('/desk');
    const blocks = [section('Hi'), chart()];
    const send = (method: string, more = {}) =>
      call(workspace, method, { channel: 'C1', text: 'Use', blocks, ...more });
    const respond = async () => (await post(responseUrl, { text: 'Use', blocks })).status;
    const { ts } = await send('chat.postMessage', { blocks: [] });

    workspace.refuseBlocks('data_visualization');

    const refused = {
      error: 'invalid_blocks',
      response_metadata: { messages: ['blocks/1: unsupported type: data_visualization'] },
    };
    expect(await send('chat.postMessage')).toMatchObject(refused);
    expect(await send('chat.update', { ts })).toMatchObject(refused);
    expect(await respond()).toBe(400);
    expect(await send('chat.update', { ts, blocks: [section('Hi')] })).toMatchObject({ ok: true });
    const container = { type: 'container', title: plain('x'), child_blocks: [table()] };
    workspace.refuseBlocks('table');
    expect(await send('chat.update', { ts, blocks: [container] })).toMatchObject({
      response_metadata: { messages: ['blocks/0: unsupported type: table'] },
    });

    workspace.refuseBlocks('data_visualization', false);

    expect(await send('chat.postMessage')).toMatchObject({ ok: true });
    expect(await respond()).toBe(200);
  });

  it('shows alerts in modals, and cards and containers everywhere else', () => {
    const alert = { type: 'alert', level: 'warning', text: plain('Careful') };
    const container = { type: 'container', title: plain('x'), child_blocks: [section('Hi')] };

    expect(validate([alert], 'modal')).toEqual([]);
    expect(validate([alert], 'home')).toHaveLength(1);
    expect(validate([card, container], 'home')).toEqual([]);
    expect(validate([card, container], 'modal')).toHaveLength(2);
  });

  it('says which blocks it cannot read at all, and which it cannot show', async () => {
    const { workspace } = await openWorkspace();
    const send = (blocks: unknown) =>
      call(workspace, 'chat.postEphemeral', { channel: 'C1', user: 'U1', text: 'Hi', blocks });

    for (const blocks of ['[{', { blocks: [section('Hi')] }, ['Hi'], [[section('Hi')]]]) {
      expect(await send(blocks)).toMatchObject({ error: 'invalid_blocks_format' });
    }
    expect(await send([section('')])).toMatchObject({ error: 'invalid_blocks' });
    workspace.refuseBlocks('table', 'invalid_blocks_format');
    expect(await send([table()])).toMatchObject({ error: 'invalid_blocks_format' });
  });

  it('posts at most about 13,000 characters of blocks, but accepts them elsewhere', async () => {
    const { workspace, ada } = await openWorkspace();
    await serveOverHttp(workspace, acknowledge);
    const { responseUrl } = await ada.types('/desk');
    const fits = many(4, section('x'.repeat(2900)));
    const long = [...many(4, section('x'.repeat(3000))), ...many(20, section('y'))];
    const send = (method: string, blocks: unknown, more = {}) =>
      call(workspace, method, { channel: 'C1', text: 'Hi', blocks, ...more });

    const { ts } = await send('chat.postMessage', fits);
    expect(ts).toBeDefined();
    expect(await send('chat.postMessage', long)).toMatchObject({ error: 'msg_blocks_too_long' });
    expect(await send('chat.update', long, { ts })).toMatchObject({ ok: true });
    expect(await send('chat.postEphemeral', long, { user: 'U1' })).toMatchObject({ ok: true });
    expect((await post(responseUrl, { text: 'Hi', blocks: long })).status).toBe(200);
  });

  it('updates a message with at most 4,000 characters of text', async () => {
    const { workspace } = await openWorkspace();
    const send = (method: string, letters: number, more = {}) =>
      call(workspace, method, { channel: 'C1', text: 'x'.repeat(letters), ...more });
    const { ts } = await send('chat.postMessage', 4001);

    expect(await send('chat.update', 4000, { ts })).toMatchObject({ ok: true });
    expect(await send('chat.update', 4001, { ts })).toMatchObject({ error: 'msg_too_long' });
  });

  it('puts the cursor into one element of a view', () => {
    const asks = (block_id: string) => ({
      type: 'input',
      block_id,
      label: plain(block_id),
      element: { type: 'plain_text_input', action_id: 'a', focus_on_load: true },
    });

    expect(validateView(modal({ blocks: [asks('one')] }))).toEqual([]);
    expect(validateView(modal({ blocks: [asks('one'), asks('two')] }))).toEqual([
      'view/blocks: focus_on_load: only one element can have it',
    ]);
  });

  it('opens no view without blocks', () => {
    expect(validateView(modal({ blocks: [] }))).toHaveLength(1);
    expect(validateView({ type: 'home', blocks: [] })).toHaveLength(1);
  });

  it('limits the other properties of a view', () => {
    const long = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });

    expect(validateView(modal({ private_metadata: 'x'.repeat(3000) }))).toEqual([]);
    expect(validateView(modal({ private_metadata: 'x'.repeat(3001) }))).toHaveLength(1);
    expect(validateView(modal({ title: long(25) }))).toHaveLength(1);
    expect(validateView(modal({ close: long(25) }))).toHaveLength(1);
    expect(validateView(modal({ callback_id: 'x'.repeat(256) }))).toHaveLength(1);
    expect(validateView(modal({ blocks: many(90, section('x'.repeat(3000))) }))).toEqual([
      'view: view_too_large',
    ]);
  });
});

describe('what a person types', () => {
  it.each([
    ['@jane', '<@U2|jane>'],
    ['ask @jane.', 'ask <@U2|jane>.'],
    ['<@U2> and <@U2|jane>', '<@U2> and <@U2|jane>'],
    ['@nobody', '@nobody'],
    ['jane@acme.com', 'jane@acme.com'],
    ['@helpdesk', '<!subteam^S1|@helpdesk>'],
    ['#random', '<#C2|random>'],
    ['a < b & c > d', 'a &lt; b &amp; c &gt; d'],
  ])('%s arrives as %s', async (typed, arrived) => {
    const { workspace, ada } = await openWorkspace();
    await serveOverHttp(workspace, (app) => {
      app.command('/desk', ({ ack, command }) => ack(JSON.stringify(command.text)));
    });

    const { acknowledged } = await ada.types(`/desk ${typed}`);

    expect(JSON.parse(acknowledged.body)).toBe(arrived);
  });

  it('has its addresses linked by some clients', async () => {
    const { workspace, ada } = await openWorkspace();
    await serveOverHttp(workspace, (app) => {
      app.command('/desk', ({ ack, command }) => ack(command.text));
    });

    const { acknowledged } = await ada.types('/desk jane@acme.com', { linkEmails: true });

    expect(acknowledged.body).toBe('<mailto:jane@acme.com|jane@acme.com>');
  });
});
