import { beforeAll, describe, expect, it } from 'vitest';
import { JONAS, MIRA, SECURITY } from '../../src/playground/company.ts';
import { read } from '../../src/playground/reading.ts';
import type { Message } from '../../src/playground/workspace/index.ts';
import { eventually } from '../support/help-desk.ts';
import { build, type Env, run, standIns } from '../support/process.ts';
import { rowsIn } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const ALAN = 'U0ALAN';

beforeAll(build);

/** Jonas issues a code for Alan; the bot can then be killed and restarted. */
async function issue({ slackIsAway = false } = {}) {
  const { workspace, env: usual } = await standIns();
  const env: Env = { ...usual, SECURID_APPROVERS: MIRA, SECURID_SECURITY_CHANNEL: SECURITY };
  let bot = run(env);
  const deliver = async () =>
    workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);
  await deliver();
  const slack = (isAway: boolean) =>
    workspace.setAlways((where) =>
      isAway && where === 'chat.postMessage' ? { status: 503 } : undefined,
    );
  slack(slackIsAway);
  const agent = workspace.person(JONAS);
  const card = await (await agent.types('/securid code alan@acme.test ios')).answer();
  const press = await verify(agent, card);
  await press.answer();
  await press.answer();

  async function restart(how: 'SIGKILL' | 'SIGTERM') {
    bot.child.kill(how);
    await bot.ended();
    slack(false);
    bot = run(env);
    await deliver();
  }
  return {
    workspace,
    slack,
    restart,
    notice: () => workspace.seenBy(ALAN, `D${ALAN}`).at(-1) as Message,
    toSecurity: () =>
      workspace.messages
        .filter(({ channel, to }) => channel === SECURITY && !to)
        .map((message) => read(message, workspace)),
    rows: () => rowsIn(env.AUDIT_FILE ?? ''),
  };
}

describe('what a killed process could not send', () => {
  it('about a code reaches security at the next start, once', async () => {
    const left = await issue({ slackIsAway: true });

    await left.restart('SIGKILL');
    await eventually(() => left.toSecurity().length > 0);

    const { incident } = left.rows().find(({ event }) => event === 'done') ?? {};
    expect(left.toSecurity().join()).toContain(
      '⚠️ @jonas issued a registration code, and the user was not notified: SecurID Desk ended before',
    );
    expect(left.toSecurity().join()).toContain(`incident ${incident}`);
    await left.restart('SIGKILL');
    await left.restart('SIGTERM');
    expect(left.toSecurity()).toHaveLength(1);
  });

  it('is not sent about a code if the user was notified', async () => {
    const left = await issue();
    await eventually(() => left.rows().some(({ event }) => event === 'told'));

    await left.restart('SIGKILL');
    await left.restart('SIGTERM');

    expect(left.toSecurity()).toEqual([]);
  });

  it('about a report reaches security at the next start, with its buttons', async () => {
    const left = await issue();
    await eventually(() => left.rows().some(({ event }) => event === 'told'));
    left.slack(true);
    await left.workspace.person(ALAN).presses(left.notice(), "This wasn't me");
    await eventually(() => left.rows().some(({ event }) => event === 'reported'));

    await left.restart('SIGKILL');
    await eventually(() => left.toSecurity().length > 0);

    expect(left.toSecurity()[0]).toContain('Alan Mertens');
    expect(left.toSecurity()[0]).toContain('[ Lift the block ]');
    await left.restart('SIGTERM');
    await left.restart('SIGTERM');
    expect(left.toSecurity()).toHaveLength(1);
  });
});
