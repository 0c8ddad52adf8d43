import { beforeAll, describe, expect, it, vi } from 'vitest';
import * as company from '../../src/playground/company.ts';
import { read } from '../../src/playground/reading.ts';
import type { Message } from '../../src/playground/workspace/index.ts';
import { denies } from '../support/denial.ts';
import { leftByTheVersionBefore } from '../support/earlier-words.ts';
import { eventually } from '../support/help-desk.ts';
import { PATIENCE } from '../support/patience.ts';
import { build, type Env, run, standIns } from '../support/process.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { rowsIn } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const { APPROVALS, JONAS, MIRA } = company;

beforeAll(build);

type Bot = ReturnType<typeof run>;
type How = {
  beside?: (start: () => Bot) => Promise<Bot>;
  /** An approver presses *Approve*, but Slack does not confirm that it shows the decision. */
  approve?: boolean;
};

/** A bot that was killed while a request for approval was in the channel. */
async function killWhileWaiting(
  more: Record<string, string> = {},
  { beside, approve = false }: How = {},
) {
  const { tenant, workspace, env: usual } = await standIns();
  const env: Env = {
    ...usual,
    SECURID_PROTECTED: 'alan@acme.test',
    SECURID_APPROVERS: MIRA,
    SECURID_APPROVAL_CHANNEL: APPROVALS,
    ...more,
  };
  const first = run(env);
  const deliver = async (bot: ReturnType<typeof run>) =>
    workspace.deliverTo(`http://127.0.0.1:${await bot.port()}/slack/events`);
  await deliver(first);
  const standby = await beside?.(() => run(env));
  const agent = workspace.person(JONAS);
  const card = await (await agent.types('/securid code alan@acme.test ios')).answer();
  await (await verify(agent, card)).answer();
  const request = workspace.messages.find(({ channel, to }) => channel === APPROVALS && !to);
  const rows = () => rowsIn(env.AUDIT_FILE ?? '');
  if (approve && request) {
    workspace.setAlways((where) => (where === 'response_url' ? 'hang' : undefined));
    await workspace.person(MIRA).presses(request, 'Approve');
    await eventually(() => rows().at(-1)?.event === 'approved');
  }
  first.child.kill('SIGKILL');
  await first.ended();
  workspace.setAlways(undefined);

  const screen = (shown: Message | undefined) => (shown ? read(shown, workspace) : '');
  return {
    tenant,
    workspace,
    deliver,
    request,
    card,
    screen,
    env,
    standby,
    start: () => run(env),
    rows,
  };
}

describe('a request for approval left by a killed process', () => {
  it("is closed at the next start: its buttons, its row, and its agent's message", async () => {
    const left = await killWhileWaiting();
    expect(left.screen(left.request)).toContain('[ Approve ]');

    const next = left.start();
    await left.deliver(next);
    await eventually(() => left.screen(left.card as Message).includes('was withdrawn'));

    expect(left.screen(left.request)).toContain('Withdrawn: SecurID Desk is restarting.');
    expect(left.screen(left.request)).not.toContain('[ ');
    const asked = left.rows().find(({ event }) => event === 'approval asked');
    const { incident, target } = asked ?? {};
    expect(left.rows().filter(({ event }) => event === 'lapsed')).toMatchObject([
      { actor: JONAS, incident, target, reason: 'withdrawn' },
    ]);
    expect(left.tenant.issuedCodes).toEqual([]);

    // The next start finds nothing to close.
    next.child.kill('SIGTERM');
    await next.ended();
    const third = left.start();
    await third.port();
    third.child.kill('SIGTERM');
    await third.ended();
    expect(left.rows().filter(({ event }) => event === 'lapsed')).toHaveLength(1);
  });

  it('is also closed if the previous version left it', async () => {
    const left = await killWhileWaiting();
    await leftByTheVersionBefore(left.env.AUDIT_FILE ?? '');

    await left.deliver(left.start());
    await eventually(() => left.screen(left.card as Message).includes('was withdrawn'));

    expect(left.screen(left.request)).toContain('Withdrawn: SecurID Desk is restarting.');
    expect(left.screen(left.request)).toMatch(/Platform:?\s+iOS/);
    expect(left.screen(left.request)).not.toContain('[ ');
    expect(left.rows().filter(({ event }) => event === 'lapsed')).toMatchObject([
      { actor: JONAS, operation: 'code', reason: 'withdrawn' },
    ]);
  });

  it('is closed at a later start if Slack does not accept it at once', async () => {
    const left = await killWhileWaiting();
    left.workspace.failNext('chat.update', { status: 500 }, 3);

    const next = left.start();
    await next.says('is not closed yet');
    next.child.kill('SIGKILL');
    await next.ended();
    await left.deliver(left.start());

    await eventually(() => left.screen(left.request).includes('Withdrawn'));
    await eventually(() => left.rows().some(({ event }) => event === 'lapsed'));
  });

  it('gets an outcome even if its message is gone', async () => {
    const left = await killWhileWaiting();
    left.workspace.messages.splice(0);

    await left.start().port();

    await eventually(() => left.rows().some(({ event }) => event === 'lapsed'));
  });

  it('is also closed if it was approved but had no outcome yet', async () => {
    const left = await killWhileWaiting({}, { approve: true });
    expect(left.rows().at(-1)).toMatchObject({ event: 'approved', actor: MIRA });

    await left.deliver(left.start());
    await eventually(() => left.screen(left.card as Message).includes('was withdrawn'));

    expect(left.screen(left.request)).not.toContain('[ ');
    expect(left.rows().filter(({ event }) => event === 'lapsed')).toHaveLength(1);
    expect(left.tenant.issuedCodes).toEqual([]);
  });

  it('is closed by a process that ran beside it and takes over', async () => {
    const left = await killWhileWaiting(
      {},
      {
        beside: async (start) => {
          const standby = start();
          await standby.port();
          return standby;
        },
      },
    );

    await left.standby?.says('this process writes the audit trail now');
    const lapsed = () => left.rows().some(({ event }) => event === 'lapsed');
    await vi.waitUntil(lapsed, PATIENCE);

    expect(left.screen(left.request)).toContain('Withdrawn');
    expect(left.rows().filter(({ event }) => event === 'lapsed')).toHaveLength(1);
  });

  it.skipIf(!redisInstalled)('stays as another instance decided it', async () => {
    const redis = await startRedis();
    const left = await killWhileWaiting({ REDIS_URL: redis.url });
    const other = run({
      ...left.env,
      AUDIT_FILE: `${left.env.AUDIT_FILE}.other`,
      STATE_FILE: `${left.env.AUDIT_FILE}.other.state`,
    });
    await left.deliver(other);
    if (!left.request) throw new Error('no request');
    const pressed = await denies(left.workspace.person(MIRA), left.request);
    await pressed.answer();

    const next = left.start();
    await next.port();
    next.child.kill('SIGTERM');
    await next.ended();

    expect(left.screen(left.request)).toContain('Denied by @mira.');
    expect(left.rows().some(({ event }) => event === 'lapsed')).toBe(false);
  });
});
