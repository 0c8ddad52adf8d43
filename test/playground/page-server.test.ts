import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import type { PageEvent } from '../../src/playground/page-protocol.ts';
import { startPageServer } from '../../src/playground/page-server.ts';
import { createStage, type Stage } from '../../src/playground/stage.ts';
import { type Playground, startPlayground } from '../../src/playground/start.ts';
import { createSecurID, readApiKey } from '../../src/securid/index.ts';
import { manualClock } from '../support/manual-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';

async function openServer(clock?: Clock) {
  const playground = await startPlayground(clock);
  const files = tempFolder();
  writeFileSync(join(files, 'index.html'), '<title>page</title>');
  const stage = createStage(playground);
  const server = await startPageServer(stage, files, 0);
  onTestFinished(async () => {
    await server.stop();
    await playground.stop();
  });
  return { playground, stage, server, files, port: Number(new URL(server.url).port) };
}

const post = (url: string, body: string, contentType = 'application/json') =>
  fetch(url, { method: 'POST', headers: { 'content-type': contentType }, body });

/** Sends a path and a Host header exactly as given, which fetch would not. */
const statusOf = (port: number, path: string, host: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers: { host } }, ({ statusCode }) =>
      resolve(statusCode),
    )
      .on('error', reject)
      .end();
  });

describe('the page’s server', () => {
  it('serves the page on loopback and lets it load nothing from elsewhere', async () => {
    const { server } = await openServer();

    const page = await fetch(server.url);

    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect(await page.text()).toBe('<title>page</title>');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  });

  it('names the port that is taken and the option for another', async () => {
    const { stage, files, port } = await openServer();

    await expect(startPageServer(stage, files, port)).rejects.toThrow(
      `Port ${port} is taken. Choose another: npm run playground -- --port ${port + 1}`,
    );
  });

  it('serves no file from outside its folder', async () => {
    const { port } = await openServer();

    expect(await statusOf(port, '/../../package.json', `127.0.0.1:${port}`)).toBe(404);
    expect(await statusOf(port, '/%2e%2e/%2e%2e/package.json', `127.0.0.1:${port}`)).toBe(404);
  });

  it('reports changes in the tenant', async () => {
    const { playground, stage } = await openServer();
    const { apiKey, records } = playground.tenant;
    const noor = records.users.find(({ isTokenLocked }) => isTokenLocked);
    if (!noor) throw new Error('nobody is locked');
    const told = new Promise((resolve) => {
      stage.watch((event) => event.kind === 'tenant' && resolve(structuredClone(event.tenant)));
    });
    const credentials = { apiKey: readApiKey(JSON.stringify(apiKey)) };
    const securid = createSecurID({ credentials, fetch, clock: systemClock });

    await securid.users.unlock(noor.id, ['TOKEN']);

    const users = expect.arrayContaining([{ ...noor, isTokenLocked: false }]);
    expect(await told).toMatchObject({ users });
    await securid.stop();
  });

  it('answers no request for another host name', async () => {
    const { port } = await openServer();

    expect(await statusOf(port, '/', 'evil.example')).toBe(421);
    expect(await statusOf(port, '/', `localhost:${port}`)).toBe(200);
  });

  it.each([
    ['text/plain', '{"as":"U0JONAS","does":"opens home"}'],
    ['application/json', 'not JSON'],
    ['application/json', '{"as":"U0JONAS","does":"what nobody does"}'],
    ['application/json', `{"as":"${'x'.repeat(300_000)}"}`],
  ])('refuses what the page would not send (%s)', async (contentType, body) => {
    const { server } = await openServer();

    const answer = await post(`${server.url}/api/interactions`, body, contentType);

    expect(answer.status).toBe(400);
  });

  it('says what Slack’s client would not let a person do', async () => {
    const { server } = await openServer();
    const press = { as: 'U0JONAS', does: 'presses', where: '1.2', action: 'x', filled: {} };

    const answer = await post(`${server.url}/api/interactions`, JSON.stringify(press));

    expect(await answer.json()).toEqual({ problem: 'That is not on the screen any more.' });
  });

  it('says what Slack shows beside a button that the app does not take', async () => {
    const { stage, playground } = await openServer();
    const { workspace } = playground;
    const text = '/securid code alan@acme.test ios';
    const channel = workspace.channels[0]?.id ?? '';
    const posted = new Promise<string>((resolve) => {
      workspace.watch((shown) => shown.kind === 'message' && resolve(shown.ts));
    });
    await stage.act({ as: 'U0JONAS', does: 'types', text, channel });
    const where = await posted;
    workspace.settings.interactivity.isEnabled = false;

    const pressed = await stage.act({
      as: 'U0JONAS',
      does: 'presses',
      where,
      action: 'code:verify',
      filled: {},
    });

    expect(pressed.problem).toContain('not configured to handle interactive responses');
  });

  it('traces an interaction, with secrets masked', async () => {
    const { stage, playground } = await openServer();
    const events: PageEvent[] = [];
    stage.watch((event) => events.push(structuredClone(event)));

    await issueCode(stage, playground, events);

    const told = JSON.stringify(events.filter(({ kind }) => kind === 'trace'));
    expect(told).toContain('"deviceRegistrationCode":"•••••••••"');
    expect(told).not.toContain(playground.tenant.issuedCodes[0]?.code);
    expect(told).toContain('registration code issued');
    expect(told).toContain('"event":"intent"');
  });

  it("announces a direct message before the bot's first message in it", async () => {
    const { stage, playground } = await openServer();
    const events: PageEvent[] = [];
    stage.watch((event) => events.push(structuredClone(event)));

    await issueCode(stage, playground, events);

    const opened = events.findIndex(
      (event) => event.kind === 'channels' && event.channels.some(({ id }) => id === 'DU0ALAN'),
    );
    const written = events.findIndex(
      (event) => event.kind === 'message' && event.message.channel === 'DU0ALAN',
    );
    expect(opened).toBeGreaterThanOrEqual(0);
    expect(written).toBeGreaterThan(opened);
  });

  it('tells two simultaneous interactions apart', async () => {
    const { stage, playground } = await openServer();
    const events: PageEvent[] = [];
    stage.watch((event) => events.push(structuredClone(event)));
    const channel = stage.welcome().channels[0]?.id ?? '';
    const type = (text: string) => stage.act({ as: 'U0JONAS', does: 'types', text, channel });

    const lookups = playground.tenant.hold('POST /v1/users/lookup');
    await type('/securid authenticators grace@acme.test');
    await lookups.arrived(1);
    await type('/securid user alan@acme.test');
    await lookups.arrived(2);
    lookups.release();

    const latest = () => {
      const traces = events.flatMap((event) => (event.kind === 'trace' ? [event.trace] : []));
      return [...new Map(traces.map((trace) => [trace.id, trace])).values()];
    };
    await until(() => latest().every(({ log }) => log.length > 0));
    expect(
      latest().map(({ calls, log }) => [
        ...calls.map(({ path }) => path.replace(/^.*restapi|\/[^/]*-[^/]*(?=\/)|\?.*$/g, '')),
        ...log.map(({ operation, msg }) => `${operation} ${msg}`),
      ]),
    ).toEqual([
      ['/v1/users/lookup', '/v2/users/devices', 'authenticators answered'],
      ['/v1/users/lookup', '/v2/users/devices', 'user answered'],
    ]);
  });

  it('assigns each call to its command, however many came before or wait', async () => {
    const { stage, playground } = await openServer();
    const events: PageEvent[] = [];
    stage.watch((event) => events.push(structuredClone(event)));
    const channel = stage.welcome().channels[0]?.id ?? '';
    const type = (who: string) =>
      stage.act({ as: 'U0JONAS', does: 'types', text: `/securid user ${who}`, channel });
    /** Each command, and the users that SecurID was asked about for it: by address, then by user name. */
    const told = () => {
      const traces = events.flatMap((event) => (event.kind === 'trace' ? [event.trace] : []));
      return [...new Map(traces.map((trace) => [trace.id, trace])).values()].map(
        ({ what, calls }) => [what, ...calls.flatMap(({ body }) => Object.values(Object(body)))],
      );
    };
    const person = (number: number) => `person${number}@acme.test`;
    const one = (number: number) => [
      `/securid user ${person(number)}`,
      person(number),
      person(number),
    ];
    const answered = (count: number) =>
      until(() => playground.logged.filter((line) => line.includes('answered')).length === count);

    await type(person(1));
    await answered(1);
    await type(person(2));
    await answered(2);
    expect(told()).toEqual([1, 2].map(one));

    const lookups = playground.tenant.hold('POST /v1/users/lookup');
    const many = [3, 4, 5, 6, 7, 8, 9, 10];
    for (const number of many) await type(person(number));
    await lookups.arrived(5);
    lookups.release();
    await answered(10);
    expect(told()).toEqual([1, 2, ...many].map(one));
  });

  it('says that a call got no answer once the bot no longer waits', async () => {
    const clock = manualClock(Date.now());
    const { stage, playground } = await openServer(clock);
    const events: PageEvent[] = [];
    stage.watch((event) => events.push(structuredClone(event)));
    const channel = stage.welcome().channels[0]?.id ?? '';
    stage.setMode('hanging');

    const text = '/securid user grace@acme.test';
    await stage.act({ as: 'U0JONAS', does: 'types', text, channel });
    await playground.tenant.saw('POST /v1/users/lookup');
    clock.advance(8000);

    const ended = () =>
      events.some(({ kind, ...event }) => 'trace' in event && event.trace.calls[0]?.ms === 8000);
    await until(ended);
    // The next try would hang as well.
    stage.setMode('normal');
    clock.advance(60_000);
  });
});

/** Jonas issues a code for Alan, through the card and its form. */
async function issueCode(stage: Stage, playground: Playground, events: PageEvent[]): Promise<void> {
  const { channels } = stage.welcome();

  const text = '/securid code alan@acme.test ios';
  await stage.act({ as: 'U0JONAS', does: 'types', text, channel: channels[0]?.id ?? '' });
  await playground.tenant.saw('GET /v2/users/{id}/devices');
  const card = await seen(events, 'Registration code for Alan Mertens: nothing issued yet.');
  const jonas = { as: 'U0JONAS', filled: {} };
  const action = 'code:verify';
  await stage.act({ ...jonas, does: 'presses', where: card, action });
  const form = () =>
    events.flatMap((event) => (event.kind === 'views' ? [event.views.modal] : [])).at(-1);
  await until(() => form() !== undefined);
  const where = form()?.id ?? '';
  const option = 'In person with badge';
  await stage.act({ ...jonas, does: 'chooses', where, action: 'method', option });
  const filled = { reason: 'New telephone', ticket: 'INC-4711' };
  await stage.act({ ...jonas, does: 'submits', where, filled });
  await seen(events, 'Registration code for Alan Mertens');
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

/** The `ts` of the message with that text, once it has arrived. */
async function seen(events: PageEvent[], text: string): Promise<string> {
  for (;;) {
    const found = events.find((event) => event.kind === 'message' && event.message.text === text);
    if (found?.kind === 'message') return found.message.ts;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
