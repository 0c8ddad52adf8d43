import { describe, expect, it, vi } from 'vitest';
import { ALAN, APPROVALS, MIRA } from '../../src/playground/company.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { PATIENCE } from '../support/patience.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { rowsIn } from '../support/rows.ts';
import { fillIn, verify } from '../support/verification.ts';

const CODE = 'POST /v1/users/deviceRegistrationCode';
const SECONDS = 30;
const MINUTE = 60_000;
const IN_LOCKDOWN = 'SecurID Desk is in lockdown: no registration codes are issued.';

/** Two instances behind a balancer that share a Redis; nobody has a device. */
async function openTwo(env: Record<string, string> = {}) {
  const redis = await startRedis();
  const desk = await openHelpDesk({
    env: {
      SECURID_APPROVERS: MIRA,
      REDIS_URL: redis.url,
      DRAIN_SECONDS: `${SECONDS}`,
      ...env,
    },
  });
  desk.tenant.records.devices = [];
  const second = await desk.openSecondBot({ env: { DRAIN_SECONDS: '0' } });
  desk.isAsked();
  return { redis, desk, second };
}

const card = ({ agent }: HelpDesk, who = 'alan@acme.test') =>
  agent.asks(`/securid code ${who} ios`);
const codes = ({ tenant }: HelpDesk) => tenant.calls().filter((call) => call === CODE).length;

/** The first instance has begun to stop, and is still asked. Returns how to let it end. */
function drain({ app, clock }: HelpDesk) {
  const stopped = app.stop();
  return async () => {
    clock.advance(SECONDS * 1000);
    await stopped;
  };
}

describe.skipIf(!redisInstalled)('an instance that drains', () => {
  it('issues no code once another is told of a lockdown', async () => {
    const { desk, second } = await openTwo();
    const old = await card(desk);
    const filled = await fillIn(desk.agent, await card(desk, 'noor@acme.test'));
    const end = drain(desk);

    second.isAsked();
    await desk.manager.asks('/securid lockdown on');
    desk.isAsked();
    const submitted = await desk.agent.submits(filled.form);
    const pressed = await (await verify(desk.agent, old)).answer();

    expect(submitted.closed).toBe(true);
    expect(desk.screen(await filled.press.answer())).toContain(IN_LOCKDOWN);
    expect(desk.screen(pressed)).toContain(IN_LOCKDOWN);
    expect(desk.screen(await card(desk))).toContain(IN_LOCKDOWN);
    await end();
    expect(codes(desk)).toBe(0);
  });

  it('issues none that it was checking, and erases the one on a screen', async () => {
    const { desk, second } = await openTwo();
    const shown = await card(desk, 'noor@acme.test');
    await verify(desk.agent, shown);
    await eventually(() => desk.screen(shown).includes('Hide now'));
    const end = drain(desk);
    const checked = await card(desk);
    const hold = desk.tenant.hold('POST /v1/users/lookup');
    await verify(desk.agent, checked);
    await hold.arrived();

    second.isAsked();
    await desk.manager.asks('/securid lockdown on');
    hold.release();
    desk.clock.advance(1000);

    const reads = (message: Message) =>
      desk.screen(message).includes('SecurID Desk is in lockdown');
    await eventually(() => reads(checked) && reads(shown));
    await end();
    expect(codes(desk)).toBe(1);
  });

  it('withdraws its requests for approval, which then nobody can approve', async () => {
    const { desk, second } = await openTwo({
      SECURID_APPROVAL: 'always',
      SECURID_APPROVAL_CHANNEL: APPROVALS,
    });
    const asked = await card(desk);
    await (await verify(desk.agent, asked)).answer();
    const request = desk.workspace.messages.find(({ channel }) => channel === APPROVALS) as Message;
    const end = drain(desk);

    second.isAsked();
    await desk.manager.asks('/securid lockdown on');
    desk.clock.advance(2000);

    await eventually(() => desk.screen(asked).includes('SecurID Desk is in lockdown'));
    await eventually(() => !desk.screen(request).includes('[ Approve ]'));
    await end();
    expect(codes(desk)).toBe(0);
  });

  it('tells the others of a lockdown that is typed at it', async () => {
    const { desk, second } = await openTwo();
    const old = await card(desk);
    const end = drain(desk);

    await desk.manager.asks('/securid lockdown on');
    await end();
    second.isAsked();

    expect(desk.screen(await (await verify(desk.agent, old)).answer())).toContain(IN_LOCKDOWN);
    expect(codes(desk)).toBe(0);
  });

  it('leaves a lockdown that it could tell nobody to its next start, which tells them', async () => {
    const { redis, desk, second } = await openTwo();
    const end = drain(desk);
    await redis.kill();

    const answer = await desk.manager.asks('/securid lockdown on');
    await end();
    await redis.start();
    await desk.openSecondBot({ env: { AUDIT_FILE: desk.auditFile, DRAIN_SECONDS: '0' } });
    second.isAsked();

    expect(desk.screen(answer)).toContain('The other instances of SecurID Desk do not know yet.');
    await vi.waitFor(
      async () => expect(desk.screen(await card(desk))).toContain(IN_LOCKDOWN),
      PATIENCE,
    );
    expect(codes(desk)).toBe(0);
  });

  it('tells them of a report, which blocks the user', async () => {
    const { desk, second } = await openTwo();
    const shown = await card(desk);
    await (await verify(desk.agent, shown)).answer();
    await eventually(() => desk.screen(shown).includes('Hide now'));
    const notice = desk.workspace.seenBy(ALAN, `D${ALAN}`).at(-1) as Message;
    const end = drain(desk);

    await desk.person(ALAN).clicks(notice, "This wasn't me");
    await end();
    second.isAsked();

    expect(desk.screen(await card(desk))).toContain('This account is on hold');
  });

  it('ends in time though the clock is set back, and answers until then', async () => {
    const { desk, second } = await openTwo();
    const filled = await fillIn(desk.agent, await card(desk));
    const end = drain(desk);
    desk.clock.set(-5 * MINUTE);

    await desk.agent.submits(filled.form);
    const events = () =>
      rowsIn(desk.auditFile).flatMap(({ event }) => (event === 'look-up' ? [] : [event]));
    await eventually(() => events().includes('told'));
    expect((await desk.agent.asks('/securid user grace@acme.test')).text).toMatch(/^Grace/);
    await end();

    expect(events()).toEqual(['intent', 'done', 'told', 'erased']);
    second.isAsked();
    expect(desk.screen(await card(desk))).toContain('already has');
  });
});
