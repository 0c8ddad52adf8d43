import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import * as company from '../src/playground/company.ts';
import { entry, openTrail } from './audit/support.ts';
import { APP_TOKEN } from './support/help-desk.ts';
import { build, preloading, run, standIns } from './support/process.ts';
import { verify } from './support/verification.ts';

beforeAll(build);

describe('node dist/main.js', () => {
  it('reports every problem of its configuration, prints no value and ends with 2', async () => {
    const bot = run({
      SLACK_BOT_TOKEN: 'oops-7f3a',
      SECURID_AGENTS: 'help-desk-9c1d',
      SECURID_API_KEY: '{"accessKey":"5e8b"}',
    });

    expect(await bot.ended()).toBe(2);
    expect(bot.printed()).toMatchInlineSnapshot(`
      "The configuration has problems:
        SLACK_BOT_TOKEN: must be a bot token (xoxb-…)
        SECURID_AGENTS: must be Slack user-group ids (S…) and user ids (U…, W…), separated by commas
        SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP mode): one of the two is needed
        SECURID_API_KEY: is not an API key file: check accessID, adminRestApiUrl
      See docs/troubleshooting.md#the-configuration-has-problems
      "
    `);
  });

  it('says at the start what is missing in Slack, and answers all the same', async () => {
    const { workspace, env } = await standIns();
    workspace.scopes.splice(workspace.scopes.indexOf('files:write'), 1);
    const bot = run({ ...env, SECURID_AGENTS: `S0GONE,${company.JONAS}` });
    workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);

    await bot.says('SECURID_AGENTS: Slack has no user group S0GONE, or it is disabled');
    await bot.says('the bot token lacks the scope files:write');

    const asked = await workspace.person(company.JONAS).types('/securid user grace@acme.test');
    expect(await asked.answer()).toMatchObject({ text: expect.stringMatching(/^Grace/) });
    bot.child.kill('SIGTERM');
    expect(await bot.ended()).toBe(0);
  });

  it('opens its socket in Socket Mode, and answers through it', async () => {
    const { workspace, env } = await standIns({ appToken: APP_TOKEN });
    const { SLACK_SIGNING_SECRET: _, ...others } = env;
    const bot = run({ ...others, SLACK_APP_TOKEN: APP_TOKEN });
    await Promise.all([bot.says('ready'), workspace.connected()]);

    const asked = await workspace.person(company.JONAS).types('/securid user grace@acme.test');
    expect(await asked.answer()).toMatchObject({ text: expect.stringMatching(/^Grace/) });
    bot.child.kill('SIGTERM');
    expect(await bot.ended()).toBe(0);
  });

  it('lets a running command finish on SIGTERM and ends with 0', async () => {
    const { tenant, workspace, env } = await standIns();
    const bot = run(env);
    workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);
    const lookup = tenant.hold('POST /v1/users/lookup');
    const asked = await workspace.person(company.JONAS).types('/securid user grace@acme.test');
    await lookup.arrived();

    bot.child.kill('SIGTERM');
    await bot.says('stopping');
    lookup.release();

    expect((await asked.answer()).kind).toBe('message');
    expect(await bot.ended()).toBe(0);
  });

  it('is not hurried by a second signal', async () => {
    const { tenant, workspace, env } = await standIns();
    const bot = run(env);
    workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);
    const lookup = tenant.hold('POST /v1/users/lookup');
    const asked = await workspace.person(company.JONAS).types('/securid user grace@acme.test');
    await lookup.arrived();

    bot.child.kill('SIGTERM');
    await bot.says('stopping');
    bot.child.kill('SIGTERM');
    lookup.release();

    expect((await asked.answer()).kind).toBe('message');
    expect(await bot.ended()).toBe(0);
  });

  it.each([
    [
      'HTTP mode, while Redis says nothing',
      (silent: string) => ({ REDIS_URL: `redis://${silent}` }),
    ],
    [
      'Socket Mode, while Slack says nothing',
      (silent: string) => ({
        SLACK_SIGNING_SECRET: '',
        SLACK_APP_TOKEN: APP_TOKEN,
        SLACK_API_URL: `http://${silent}/api/`,
      }),
    ],
  ])('ends with 0 if it is stopped while it starts, in %s', async (_, settings) => {
    const { env } = await standIns();
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const heard = once(silent, 'connection');
    const { port } = silent.address() as AddressInfo;
    const bot = run({ ...env, ...settings(`127.0.0.1:${port}`) });
    await heard;

    bot.child.kill('SIGTERM');

    expect(await bot.ended()).toBe(0);
    expect(bot.printed()).not.toMatch(/could not start|unhandled|did not stop cleanly|"ready/);
    silent.close();
  });

  it('says that its port is taken and ends with 1', async () => {
    const { env } = await standIns();
    const first = run(env);
    const second = run({ ...env, PORT: String(await first.port()) });

    expect(await second.ended()).toBe(1);
    expect(second.printed()).toContain('set PORT');
  });

  it('says that the port of its metrics is taken and ends with 1', async () => {
    const { env } = await standIns();
    const first = run(env);
    const taken = await first.says('"opsPort":(\\d+)');
    const second = run({ ...env, OPS_PORT: taken });

    expect(await second.ended()).toBe(1);
    expect(second.printed()).toContain('set OPS_PORT to a free one');
  });

  it('reports on its own Node process, too', async () => {
    const { env } = await standIns();
    const port = await run(env).says('"opsPort":(\\d+)');

    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();

    expect(metrics).toContain('process_cpu_seconds_total');
    expect(metrics).toContain('nodejs_eventloop_lag_p99_seconds');
  });
});

describe('a bot that is killed while SecurID issues a code', () => {
  it('leaves an intent, which the next start reports as unknown', async () => {
    const { tenant, workspace, env } = await standIns();
    const first = run(env);
    workspace.deliverTo(`http://127.0.0.1:${await first.port()}/slack/events`);
    const agent = workspace.person(company.JONAS);
    const card = await (await agent.types('/securid code alan@acme.test ios')).answer();
    const hold = tenant.hold('POST /v1/users/deviceRegistrationCode');
    await verify(agent, card);
    await hold.arrived();

    first.child.kill('SIGKILL');
    await first.ended();
    hold.release();
    const next = run(env);
    await next.says('unknown whether a change was made');
    await next.port();

    const file = env.AUDIT_FILE ?? '';
    const rows = readFileSync(file, 'utf8').trim().split('\n');
    expect(rows.map((row) => JSON.parse(row).event)).toEqual(['look-up', 'intent', 'unknown']);
    const check = run({}, 'audit/main.js', [file]);
    expect(await check.ended()).toBe(0);
    expect(check.printed()).toContain('3 rows, unbroken.');
  });
});

describe.each([
  ['audit:verify', 'audit/main.js', []],
  ['node dist/main.js audit', 'main.js', ['audit']],
])('%s', (_, script, before) => {
  const check = async (...args: string[]) => {
    const { ended, printed } = run({}, script, [...before, ...args]);
    return { code: await ended(), said: printed() };
  };

  it('says what it found, which keys it trusted, and what it compared', async () => {
    const { file, audit } = await openTrail();
    await audit.write(entry('1'));
    await audit.write(entry('2'));
    await audit.close();
    const { seq, hash } = audit.position();
    const key = `${file}.key.pub`;

    const alone = await check(file);
    const whole = await check(file, '--key', key, '--anchor', `${seq}:${hash}`);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('grace', 'alan'));
    const changed = await check(file, '--key', key);
    writeFileSync(file, '');
    const emptied = await check(file, '--anchor', `${seq}:${hash}`);
    const nowhere = await check(`${file}.none`);
    const wrong = await check(file, '--anchor', 'none');

    expect(alone).toMatchObject({ code: 0, said: expect.stringContaining('No key was given') });
    expect(whole).toMatchObject({ code: 0, said: expect.stringContaining('1 anchor compared.') });
    expect(whole.said).toContain('which was given');
    expect(changed.code).toBe(1);
    expect(changed.said).toContain('row 1 was changed');
    expect(changed.said).toContain('row 2 was changed');
    expect(emptied).toMatchObject({ code: 1, said: expect.stringContaining('were cut off') });
    expect(nowhere).toMatchObject({ code: 2, said: expect.stringContaining('cannot be read') });
    expect(wrong).toMatchObject({ code: 2, said: expect.stringContaining('no NUMBER:HASH') });
  });

  it('says how to use it, when asked or not understood', async () => {
    const asked = await check('--help');
    const unknown = await check('--frobnicate');
    const nothing = await check();

    expect(asked).toMatchObject({ code: 0, said: expect.stringMatching(/^npm run audit:verify/) });
    expect(unknown.code).toBe(2);
    expect(unknown.said).toMatch(/^Unknown option '--frobnicate'\.\n\nnpm run audit:verify/);
    expect(nothing.code).toBe(2);
    expect(nothing.said).toMatch(/^Name the file of the audit trail\.\n\nnpm run audit:verify/);
  });
});

describe('two bots on one audit trail', () => {
  it('take turns, even if the first is killed while SecurID issues a code', async () => {
    const { tenant, workspace, env } = await standIns();
    const first = run(env);
    workspace.deliverTo(`http://127.0.0.1:${await first.port()}/slack/events`);
    const second = run(env);
    const port = await second.port();
    await second.says('another process writes this audit trail');
    const agent = workspace.person(company.JONAS);
    const card = await (await agent.types('/securid code alan@acme.test ios')).answer();
    const hold = tenant.hold('POST /v1/users/deviceRegistrationCode');
    await verify(agent, card);
    await hold.arrived();

    first.child.kill('SIGKILL');
    await first.ended();
    hold.release();
    await second.says('this process writes the audit trail now');
    workspace.deliverTo(`http://127.0.0.1:${port}/slack/events`);
    tenant.records.devices = [];
    const next = await (await agent.types('/securid code noor@acme.test ios')).answer();
    const press = await verify(agent, next);
    await press.answer();
    await press.answer();

    expect(tenant.issuedCodes).toHaveLength(2);
    const file = env.AUDIT_FILE ?? '';
    const rows = readFileSync(file, 'utf8').trim().split('\n');
    expect(rows.map((row) => JSON.parse(row).event)).toEqual(
      expect.arrayContaining(['intent', 'unknown', 'taken over', 'done']),
    );
    const check = run({}, 'audit/main.js', [file, '--key', `${file}.key.pub`]);
    expect(await check.ended()).toBe(0);
  });
});

describe('a bot whose app token stays refused', () => {
  it('says so, retries for five minutes, and ends with 1', async () => {
    const { workspace, env } = await standIns();
    const bot = run({
      ...env,
      SLACK_SIGNING_SECRET: '',
      SLACK_APP_TOKEN: APP_TOKEN,
      ...preloading('test/support/hurried.mjs'),
    });

    expect(await bot.ended()).toBe(1);

    expect(bot.printed()).toContain('invalid_auth');
    expect(bot.printed()).toContain('make a new app-level token');
    expect(bot.printed()).not.toContain('unhandled');
    expect(workspace.bodies.length).toBeGreaterThan(5);
  });
});
