import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { SECURID_AUDIT } from '../src/playground/company.ts';
import {
  BOT_TOKEN,
  eventually,
  type Message,
  openHelpDesk,
  SIGNING_SECRET,
} from './support/help-desk.ts';
import { setMachineClock } from './support/machine-clock.ts';

const LOOKUP = 'POST /v1/users/lookup';

describe('the app', () => {
  it('starts without asking Slack anything', async () => {
    const { workspace } = await openHelpDesk();

    expect(workspace.apiCalls).toEqual([]);
  });

  it('accepts secrets with surrounding quotes and line ends', async () => {
    const env = {
      SLACK_BOT_TOKEN: `${BOT_TOKEN}\r\n`,
      SLACK_SIGNING_SECRET: `"${SIGNING_SECRET}"\n`,
    };
    const { agent } = await openHelpDesk({ env });

    expect((await agent.asks('/securid user grace@acme.test')).text).toMatch(/^Grace/);
  });

  it.each<[string | undefined, string, number]>([
    [undefined, '/slack/events/', 200],
    [undefined, '/slack/event', 404],
    ['/desk/slack/events/', '/desk/slack/events', 200],
    ['/desk/slack/events/', '/desk/slack/events/', 200],
    ['/desk/slack/events', '/slack/events', 404],
    ['/', '/', 200],
  ])('with SLACK_PATH %s answers %s with %i', async (SLACK_PATH, path, status) => {
    const { agent, port, workspace } = await openHelpDesk({
      env: { ...(SLACK_PATH && { SLACK_PATH }) },
    });
    workspace.deliverTo(`http://127.0.0.1:${port}${path}`);

    expect((await agent.types('/securid help')).acknowledged).toMatchObject({ status });
  });

  it.each([
    ['without', undefined, 1],
    ['with a number for', 7, 1],
    ['with blanks for', ' ', 1],
    ['with', 'rsa', 0],
  ])('warns of a private key %s a kid', async (_, kid, times) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = { ...privateKey.export({ format: 'jwk' }), kid };
    const env = { SECURID_OAUTH_PRIVATE_KEY: JSON.stringify(jwk) };
    const { logged } = await openHelpDesk({ credential: 'oauth rsa', env });

    expect(logged().filter(({ msg }) => String(msg).includes('has no kid'))).toHaveLength(times);
  });

  it('warns of each permission that it needs but was told not to request', async () => {
    const env = {
      SECURID_OAUTH_SCOPE: 'rsa.user.read rsa.authenticator.mobile.read rsa.report.license.usage',
      SECURID_CHANGES: 'code,fido',
    };
    const { logged } = await openHelpDesk({ credential: 'oauth rsa', env });

    const warnings = logged().map(({ msg }) => String(msg));
    expect(warnings.filter((msg) => msg.includes('SECURID_OAUTH_SCOPE'))).toEqual([
      'SECURID_OAUTH_SCOPE lacks rsa.authenticator.sidtoken.read, needed for look-ups',
      'SECURID_OAUTH_SCOPE lacks rsa.audit.user, needed for /securid history',
      'SECURID_OAUTH_SCOPE lacks rsa.authenticator.mobile.manage, needed for /securid code',
      'SECURID_OAUTH_SCOPE lacks rsa.authenticator.fido.manage, needed for the change fido-disable, the change fido-enable',
    ]);
  });

  it('finds out whose workspace it is in, even if Slack was unavailable at first', async () => {
    const { app, agent, workspace } = await openHelpDesk();
    workspace.failNext('auth.test', { status: 500 }, 2);

    await expect(app.workspace()).rejects.toThrow();

    expect((await agent.asks('/securid user grace@acme.test')).text).toMatch(/^Grace/);
    expect(await app.workspace()).toMatchObject({ name: 'acme' });
  });

  it.each(['http', 'socket'] as const)(
    'acknowledges before it makes any request, in %s mode',
    async (mode) => {
      const { agent, clock, close, tenant, workspace } = await openHelpDesk({ mode });
      tenant.hold();
      for (const method of ['auth.test', 'users.info', 'usergroups.users.list', 'views.open']) {
        workspace.failNext(method, 'hang', 9);
      }

      for (const typed of ['/securid user grace@acme.test', '/securid', '/securid help']) {
        expect((await agent.types(typed)).acknowledged).toMatchObject({ ok: true, body: '' });
      }
      expect(workspace.messages).toEqual([]);

      const closed = close();
      clock.advance(10_000);
      await closed;
    },
  );

  it('answers and posts to channels at once even if the machine’s clock was set back', async () => {
    const { agent, guest, workspace } = await openHelpDesk({
      env: { AUDIT_CHANNEL: SECURID_AUDIT },
      invitedTo: [SECURID_AUDIT],
    });
    const told = () => workspace.messages.filter(({ channel }) => channel === SECURID_AUDIT).length;
    for (const [times, hours] of [1, 24].entries()) {
      setMachineClock(-hours * 60 * 60_000);

      expect((await agent.asks('/securid user grace@acme.test')).text).toMatch(/^Grace/);
      await guest.asks('/securid user grace@acme.test');
      await eventually(() => told() === times + 1);
    }
  });

  it('acknowledges a button and a modal while SecurID is silent', async () => {
    const { agent, tenant } = await openHelpDesk();
    const card = await agent.asks('/securid user alan@acme.test');
    const hold = tenant.hold();

    const press = await agent.presses(card, 'Authenticators');
    expect(press.acknowledged.ok).toBe(true);

    hold.release();
    expect(await press.answer()).toMatchObject({ text: expect.stringContaining('Alan') });
  });

  it('asks SecurID once if two agents make the same look-up at once', async () => {
    const { agent, tenant } = await openHelpDesk();
    const hold = tenant.hold(LOOKUP);

    const first = await agent.types('/securid user grace@acme.test');
    await hold.arrived();
    const second = await agent.types('/securid user grace@acme.test');
    // Once this is answered, so is everything typed before it.
    await agent.asks('/securid help');
    hold.release();

    expect(await first.answer()).toMatchObject({ text: 'Grace Okafor: Enabled' });
    expect(await second.answer()).toMatchObject({ text: 'Grace Okafor: Enabled' });
    expect(tenant.calls().filter((call) => call === LOOKUP)).toEqual([LOOKUP]);
  });
});

describe('when the app stops', () => {
  it('lets a running command finish, and accepts no more', async () => {
    const { agent, app, tenant } = await openHelpDesk();
    const hold = tenant.hold(LOOKUP);
    const asked = await agent.types('/securid user grace@acme.test');
    await hold.arrived();

    const stopped = app.stop();
    expect((await agent.types('/securid help')).acknowledged.ok).toBe(false);
    hold.release();
    await stopped;

    expect((asked.answers()[0] as Message).text).toBe('Grace Okafor: Enabled');
  });

  it('waits ten seconds at most', async () => {
    const { agent, app, clock, tenant } = await openHelpDesk();
    const hold = tenant.hold(LOOKUP);
    await agent.types('/securid user grace@acme.test');
    await hold.arrived();
    let stopped = false;

    const stopping = app.stop().then(() => {
      stopped = true;
    });
    clock.advance(9999);
    expect(stopped).toBe(false);
    clock.advance(1);
    await stopping;
    hold.release();
  });

  it('is not held up by a connection that sends nothing', async () => {
    const { app, port } = await openHelpDesk();
    const idle = connect(port ?? 0, '127.0.0.1');
    await once(idle, 'connect');

    await app.stop();

    idle.destroy();
  });

  it('stops once, however often it is told to', async () => {
    const { app } = await openHelpDesk();

    await Promise.all([app.stop(), app.stop()]);
    await app.stop();
  });
});

describe('when the app stops behind a balancer', () => {
  const SECONDS = 15;
  const env = { DRAIN_SECONDS: `${SECONDS}` };

  it('says so at once, and still answers until the time is over', async () => {
    const { agent, app, clock, ops } = await openHelpDesk({ env });
    let stopped = false;

    const stopping = app.stop().then(() => {
      stopped = true;
    });

    expect((await fetch(`${ops}/readyz`)).status).toBe(503);
    expect((await fetch(`${ops}/healthz`)).status).toBe(200);
    const card = await agent.asks('/securid user alan@acme.test');
    clock.advance(SECONDS * 1000 - 1);
    expect((await agent.clicks(card, 'Authenticators')).text).toContain('Alan');
    expect(stopped).toBe(false);

    clock.advance(1);
    await stopping;
    expect((await agent.types('/securid help')).acknowledged.ok).toBe(false);
  });

  it('ends each connection with its next answer', async () => {
    const { app, clock, port } = await openHelpDesk({ env });
    const answer = async () => {
      const { status, headers } = await fetch(`http://127.0.0.1:${port}/elsewhere`);
      return [status, headers.get('connection')];
    };
    expect(await answer()).toEqual([404, 'keep-alive']);

    const stopping = app.stop();

    expect(await answer()).toEqual([404, 'close']);
    clock.advance(SECONDS * 1000);
    await stopping;
  });

  it('keeps idle connections until the balancer closes them, which takes Google’s ten minutes', async () => {
    const { port } = await openHelpDesk();

    const { headers } = await fetch(`http://127.0.0.1:${port}/elsewhere`);

    expect(headers.get('keep-alive')).toBe('timeout=620');
  });

  it('does not wait in Socket Mode', async () => {
    const { app } = await openHelpDesk({ env, mode: 'socket' });

    await app.stop();
  });
});
