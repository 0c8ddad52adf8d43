import { beforeAll, describe, expect, it } from 'vitest';
import { JONAS, MIRA, SECURITY } from '../../src/playground/company.ts';
import { read } from '../../src/playground/reading.ts';
import { eventually } from '../support/help-desk.ts';
import { build, type Env, run, standIns } from '../support/process.ts';
import { rowsIn } from '../support/rows.ts';
import { fillIn } from '../support/verification.ts';

const DELETE = 'DELETE /v1/users/{id}/devices/{deviceId}';
const ISSUE = 'POST /v1/users/deviceRegistrationCode';

beforeAll(build);

/** Jonas asks for a code for Noor, whose iPhone is to be deleted first. The bot can be killed at any time. */
async function openBot() {
  const { workspace, tenant, env: usual } = await standIns();
  const env: Env = {
    ...usual,
    SECURID_CHANGES: 'code,delete',
    SECURID_APPROVERS: MIRA,
    SECURID_SECURITY_CHANNEL: SECURITY,
  };
  let bot = run(env);
  const deliver = async () =>
    workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);
  await deliver();
  const agent = workspace.person(JONAS);

  const ends = () =>
    rowsIn(env.AUDIT_FILE ?? '')
      .filter(({ event }) => /^(intent|done|not done|unknown)$/.test(event))
      .map(({ operation, event }) => `${operation}: ${event}`);

  return {
    workspace,
    tenant,
    ends,
    asked: () => tenant.calls().filter((call) => call === DELETE || call === ISSUE),
    toSecurity: () =>
      workspace.messages
        .filter(({ channel, to }) => channel === SECURITY && !to)
        .map((message) => read(message, workspace)),
    async asks() {
      const card = await (await agent.types('/securid code noor@acme.test ios')).answer();
      const { press, form } = await fillIn(agent, card);
      const iphone = /Delete iPhone von Noor \(iOS 18\.3\) since [\d-]+ first/.exec(
        read(form, workspace),
      );
      await agent.chooses(form, 'Registered device', iphone?.[0] ?? '');
      await agent.submits(form);
      await press.answer();
      return card;
    },
    async restart() {
      bot.child.kill('SIGKILL');
      await bot.ended();
      bot = run(env);
      await deliver();
    },
  };
}

describe('a new phone whose bot is killed', () => {
  it('while the device is deleted: unknown, and no code was requested', async () => {
    const bot = await openBot();
    const hold = bot.tenant.hold(DELETE);
    await bot.asks();
    await hold.arrived();

    await bot.restart();
    hold.release();
    await eventually(() => bot.ends().length === 3);

    expect(bot.ends()).toEqual(['delete: intent', 'delete: unknown', 'code: not done']);
    await bot.restart();
    expect(bot.ends()).toHaveLength(3);
    expect(bot.asked()).toEqual([DELETE]);
  });

  it('between the two: the device was deleted, and no code was requested', async () => {
    const bot = await openBot();
    const hold = bot.tenant.hold(DELETE);
    await bot.asks();
    await hold.arrived();
    // From here on Slack says nothing, neither of the agent's role nor of who the user is.
    bot.workspace.setAlways(() => 'hang');
    hold.release();
    await eventually(() => bot.ends().includes('delete: done'));

    const restarted = bot.restart();
    bot.workspace.setAlways(undefined);
    await restarted;
    await eventually(() => bot.ends().length === 3 && bot.toSecurity().length > 0);

    expect(bot.ends()).toEqual(['delete: intent', 'delete: done', 'code: not done']);
    expect(bot.toSecurity().join()).toContain(
      '⚠️ @jonas deleted a registered device, and the user was not notified',
    );
    expect(bot.asked()).toEqual([DELETE]);
  });

  it('while the code is issued: the device was deleted, and the code is unknown', async () => {
    const bot = await openBot();
    const hold = bot.tenant.hold(ISSUE);
    await bot.asks();
    await hold.arrived();

    await bot.restart();
    hold.release();
    await eventually(() => bot.ends().length === 4);

    expect(bot.ends()).toEqual(['delete: intent', 'delete: done', 'code: intent', 'code: unknown']);
    expect(bot.asked()).toEqual([DELETE, ISSUE]);
  });
});
