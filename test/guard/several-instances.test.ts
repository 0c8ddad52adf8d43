import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { APPROVALS, MIRA, SECURID_AUDIT, SECURITY } from '../../src/playground/company.ts';
import { atRest } from '../support/at-rest.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { inTime } from '../support/passing-time.ts';
import { type RedisServer, redisInstalled, startRedis } from '../support/redis.ts';
import { rowsIn } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const CODE = 'POST /v1/users/deviceRegistrationCode';
const IN_LOCKDOWN = 'SecurID Desk is in lockdown: no registration codes are issued.';
const UNTOLD = 'could not check whether this code may be issued';

/** Two instances that share a Redis. The manager is also an approver, and nobody has a device. */
async function openTwo(env: Record<string, string> = {}) {
  const redis = await startRedis();
  const desk = await openHelpDesk({
    env: { SECURID_APPROVERS: MIRA, REDIS_URL: redis.url, ...env },
  });
  desk.tenant.records.devices = [];
  return { redis, desk, second: await desk.openSecondBot() };
}

const codeCard = ({ agent }: HelpDesk, who = 'alan@acme.test') =>
  agent.asks(`/securid code ${who} ios`);

const press = ({ agent }: HelpDesk, card: Message) => verify(agent, card);

async function issueFor(desk: HelpDesk, who: string) {
  const came = await press(desk, await codeCard(desk, who));
  await came.answer();
  await came.answer();
}

const codes = ({ tenant }: HelpDesk) => tenant.calls().filter((call) => call === CODE);

describe.skipIf(!redisInstalled)('several instances', () => {
  it('begin and end a lockdown together', async () => {
    const { desk, second } = await openTwo();
    const { agent, manager, screen } = desk;
    const old = await codeCard(desk);
    await manager.asks('/securid lockdown on');

    second.isAsked();

    expect(screen(await (await press(desk, old)).answer())).toContain(IN_LOCKDOWN);
    expect(screen(await codeCard(desk))).toContain(IN_LOCKDOWN);
    expect(screen(await agent.asks('/securid help'))).toContain('🔒 Lockdown');
    expect(codes(desk)).toEqual([]);
    await manager.liftsLockdown();
    desk.isAsked();
    expect(screen(await codeCard(desk))).toContain('[ Verify and issue ]');
    expect(screen(await agent.asks('/securid help'))).not.toContain('Lockdown');
  });

  it('count an agent’s codes together', async () => {
    const { desk, second } = await openTwo({ SECURID_CODES_PER_AGENT_HOUR: '2' });
    await issueFor(desk, 'alan@acme.test');
    second.isAsked();
    await issueFor(desk, 'noor@acme.test');
    expect(codes(desk)).toHaveLength(2);

    expect(desk.screen(await codeCard(desk, 'grace@acme.test'))).toContain(
      'You have issued 2 codes within an hour.',
    );
    desk.isAsked();
    expect(desk.screen(await codeCard(desk, 'grace@acme.test'))).toContain(
      'You have issued 2 codes within an hour.',
    );
  });

  it('give a user one active code between them, even if both are asked at once', async () => {
    const { desk, second } = await openTwo();
    const [here, there] = [await codeCard(desk), await codeCard(desk)];

    const first = await press(desk, here);
    second.isAsked();
    const other = await press(desk, there);
    await Promise.all([first.answer(), other.answer()]);
    await desk.close();

    expect(codes(desk)).toHaveLength(1);
    expect([desk.screen(here), desk.screen(there)].join()).toContain(
      'This user already has a code',
    );
  });

  it.each<[string, (redis: RedisServer) => unknown]>([
    ['is away', (redis) => redis.kill()],
    ['does not answer', (redis) => redis.pause()],
  ])('issue no code while Redis %s, but still look up', async (_, fail) => {
    const { redis, desk } = await openTwo();
    const { agent, screen } = desk;
    const old = await codeCard(desk);

    await fail(redis);

    expect(screen(await (await press(desk, old)).answer())).toContain(
      'No code was issued. SecurID Desk cannot reach its store right now.',
    );
    expect(screen(await codeCard(desk))).toContain(UNTOLD);
    expect(codes(desk)).toEqual([]);
    expect(screen(await agent.asks('/securid user alan@acme.test'))).toContain('Alan');
    expect(screen(await agent.asks('/securid help'))).toContain('/securid code');
  });

  it('use up a card even if Redis could not be told of its first use', async () => {
    const { redis, desk } = await openTwo();
    const card = await codeCard(desk);
    redis.pause();
    const first = await (await press(desk, card)).answer();
    redis.goOn();

    const second = await (await press(desk, card)).answer();
    const third = await (await press(desk, card)).answer();

    expect(desk.screen(first)).toContain('This card cannot be used again. Look the user up again.');
    for (const answer of [second, third]) {
      expect(desk.screen(answer)).toContain('This card has already been used.');
    }
    expect(codes(desk)).toEqual([]);
  });

  it('know their own codes and used cards even if Redis lost its data', async () => {
    const { redis, desk } = await openTwo();
    const card = await codeCard(desk);
    const blocks = structuredClone(card.blocks);
    const came = await press(desk, card);
    await came.answer();
    await came.answer();
    await redis.ask('FLUSHALL');

    expect(desk.screen(await codeCard(desk))).toContain('This user already has a code');
    card.blocks = blocks;
    const again = await (await press(desk, card)).answer();

    expect(desk.screen(again)).toContain('This card has already been used.');
    expect(codes(desk)).toHaveLength(1);
  });

  it('start while Redis is unavailable', async () => {
    const { redis, desk } = await openTwo();
    await redis.kill();

    const third = await desk.openSecondBot();
    third.isAsked();

    expect(desk.screen(await codeCard(desk))).toContain(UNTOLD);
  });

  it('go into lockdown one by one while Redis is unavailable, and say so', async () => {
    const { redis, desk, second } = await openTwo();
    const { agent, manager, screen } = desk;
    await redis.kill();

    const answer = await manager.asks('/securid lockdown on');

    expect(screen(answer)).toMatchInlineSnapshot(
      `"🔒 Lockdown: no registration codes are issued until an approver types \`/securid lockdown off\`. The other instances of SecurID Desk do not know yet. They will be told; check with \`/securid help\` in a minute."`,
    );
    expect(screen(await codeCard(desk))).toContain(IN_LOCKDOWN);
    expect(screen(await agent.asks('/securid help'))).toContain('🔒 Lockdown');
    second.isAsked();
    expect(screen(await codeCard(desk))).toContain(UNTOLD);
  });

  it('stay in lockdown if it cannot be lifted everywhere, even after a restart', async () => {
    const { redis, desk } = await openTwo({ AUDIT_CHANNEL: SECURID_AUDIT });
    const { manager, screen } = desk;
    await manager.asks('/securid lockdown on');
    await redis.kill();

    const answer = await manager.liftsLockdown();

    expect(screen(answer)).toMatchInlineSnapshot(
      `"⚠️ The lockdown was not lifted: the other instances of SecurID Desk could not be told. Try again in a minute."`,
    );
    expect(screen(await codeCard(desk))).toContain(IN_LOCKDOWN);
    const told = () => desk.workspace.messages.filter(({ channel }) => channel === SECURID_AUDIT);
    await inTime(desk, () => told().map(screen).join().includes('could not be lifted everywhere'));
    expect(told().map(screen).join('\n')).toMatch(
      /allowed registration codes again.*The lockdown that @\S+ lifted stays/s,
    );
    await desk.close();
    const events = rowsIn(desk.auditFile)
      .map(({ event }) => event)
      .filter((event) => event.startsWith('lockdown'));
    expect(events).toEqual(['lockdown on', 'lockdown off', 'lockdown on']);
    const later = await openHelpDesk({ env: { AUDIT_FILE: desk.auditFile } });
    expect(later.screen(await codeCard(later))).toContain(IN_LOCKDOWN);
  });

  it('stay in lockdown if Redis loses its data', async () => {
    const { redis, desk, second } = await openTwo();
    const { manager, screen } = desk;
    await manager.asks('/securid lockdown on');

    await redis.ask('FLUSHALL');

    expect(screen(await codeCard(desk))).toContain(IN_LOCKDOWN);
    second.isAsked();
    expect(screen(await codeCard(desk))).toContain(IN_LOCKDOWN);
  });

  it('issue one code if a form is submitted to two of them', async () => {
    const { desk, second } = await openTwo();
    const card = await codeCard(desk);
    const hold = desk.tenant.hold('POST /v1/users/lookup');
    await press(desk, card);
    const body = new URLSearchParams(desk.workspace.lastRequest()?.body);
    second.isAsked();
    await desk.workspace.send({ form: { payload: body.get('payload') ?? '' } });
    await hold.arrived();
    hold.release();

    await eventually(() => desk.screen(card).includes('Hide now'));
    const used = ({ text }: Message) => text.startsWith('This card has already been used');
    await eventually(() => desk.workspace.messages.some(used));
    expect(codes(desk)).toHaveLength(1);
  });

  it('approve on one what was requested on another', async () => {
    const { desk, second } = await openTwo({
      SECURID_APPROVAL: 'always',
      SECURID_APPROVAL_CHANNEL: APPROVALS,
    });
    const card = await codeCard(desk);
    const asked = await press(desk, card);
    await asked.answer();
    const request = desk.workspace.messages.find(({ channel }) => channel === APPROVALS) as Message;

    second.isAsked();
    await desk.manager.clicks(request, 'Approve');
    await eventually(() => desk.screen(card).includes('Hide now'));
    desk.clock.advance(4 * 60_000);
    desk.clock.advance(60_000);
    await eventually(() => desk.screen(card).includes('has expired'));
    // After the time at which the request would have expired.
    desk.clock.advance(6 * 60_000);
    await desk.agent.asks('/securid help');

    expect(desk.screen(request)).toContain('Approved by @mira.');
    expect(desk.screen(card)).toContain('has expired');
    expect(codes(desk)).toHaveLength(1);
  });

  it('end a request for approval that expired during a long outage of Redis', async () => {
    const { redis, desk } = await openTwo({
      SECURID_APPROVAL: 'always',
      SECURID_APPROVAL_CHANNEL: APPROVALS,
    });
    const card = await codeCard(desk);
    await (await press(desk, card)).answer();
    const request = desk.workspace.messages.find(({ channel }) => channel === APPROVALS) as Message;
    const tries = () =>
      desk.logged().filter(({ msg }) => msg === 'approval lapsed, but the store does not know yet');

    await redis.kill();
    for (const minutes of [10, 2]) {
      desk.clock.advance(minutes * 60_000);
      await eventually(() => tries().length > 0);
      await atRest();
    }
    await redis.start();
    await inTime(desk, () => desk.screen(request).includes('Expired'));

    await eventually(() => desk.screen(card).includes('Nobody approved'));
    expect(tries()).toHaveLength(1);
    expect(rowsIn(desk.auditFile).at(-1)).toMatchObject({ event: 'lapsed', reason: 'lapsed' });
  });

  it.each([
    ['/securid code alan@acme.test ios', 'Verify and issue', 'No code was issued.'],
    ['/securid disable alan@acme.test', 'Disable', 'The user was not disabled.'],
  ])('make no change that Redis cannot count: %s', async (typed, button, none) => {
    const { redis, desk } = await openTwo({ SECURID_CHANGES: 'code,user' });
    const card = await desk.agent.asks(typed);
    await redis.ask('ACL', 'SETUSER', 'default', '-zadd');

    const method = button === 'Disable' ? '' : 'In person with badge';
    await (await verify(desk.agent, card, { button, method })).answer();

    expect(desk.screen(card)).toContain(
      `${none} SecurID Desk cannot reach its store right now. Try again in a minute.`,
    );
    expect(desk.screen(card)).toContain('[ Try again ]');
    const ends = rowsIn(desk.auditFile).filter(({ event }) => /intent|done/.test(event));
    expect(ends).toMatchObject([{ event: 'not done', failure: 'limits not checked' }]);
  });

  it.each([
    [
      'takes no request for approval',
      '-set',
      'No code was issued. SecurID Desk cannot reach its store right now.',
    ],
    [
      'does not take it back',
      '-del',
      'The request for approval could not be posted, so no code was issued.',
    ],
  ])('say that nothing was issued if Redis %s', async (_, denied, words) => {
    const { redis, desk } = await openTwo({
      SECURID_APPROVAL: 'always',
      SECURID_APPROVAL_CHANNEL: APPROVALS,
    });
    const card = await codeCard(desk);
    const channel = desk.workspace.channels.find(({ id }) => id === APPROVALS);
    if (channel) channel.members = [MIRA];
    const looking = desk.tenant.hold('POST /v1/users/lookup');
    const came = await press(desk, card);
    await looking.arrived();
    await redis.ask('ACL', 'SETUSER', 'default', denied);
    looking.release();

    expect(desk.screen(await came.answer())).toContain(words);
    expect(rowsIn(desk.auditFile).at(-1)).toMatchObject({
      event: 'lapsed',
      reason: 'it could not be asked for',
    });
  });

  it('store in Redis no text that an agent wrote, and no response URL', async () => {
    const { redis, desk } = await openTwo({
      SECURID_APPROVAL: 'always',
      SECURID_APPROVAL_CHANNEL: APPROVALS,
    });
    await (await press(desk, await codeCard(desk))).answer();

    const keys = (await redis.ask('KEYS', '*')) as string[];
    const approval = keys.find((key) => key.includes('approval'));
    const kept = String(await redis.ask('GET', String(approval)));

    expect(kept).toMatch(/^eyJ/);
    expect(keys.join()).not.toContain('acme.test');
  });

  it('hide a code that another one shows, and leave it hidden', async () => {
    const { desk, second } = await openTwo();
    const card = await codeCard(desk);
    const shown = await press(desk, card);
    await shown.answer();
    await shown.answer();

    second.isAsked();
    await desk.agent.clicks(card, 'Hide now');
    await eventually(() => readFileSync(second.auditFile, 'utf8').includes('"hidden"'));
    desk.clock.advance(5 * 60_000);
    await desk.close();

    expect(desk.screen(card)).toContain('was hidden');
    expect(readFileSync(desk.auditFile, 'utf8')).not.toContain('"expired"');
  });

  it('record that a code was hidden while Redis is unavailable', async () => {
    const { redis, desk } = await openTwo();
    const card = await codeCard(desk);
    const shown = await press(desk, card);
    await shown.answer();
    await shown.answer();
    await redis.kill();

    await desk.agent.clicks(card, 'Hide now');

    await eventually(() => readFileSync(desk.auditFile, 'utf8').includes('"hidden"'));
    expect(desk.screen(card)).toContain('was hidden');
  });

  it('block a user on both after a report to one', async () => {
    const { desk, second } = await openTwo();
    await issueFor(desk, 'alan@acme.test');
    const [notice] = desk.workspace.seenBy('U0ALAN', 'DU0ALAN');

    second.isAsked();
    await desk.person('U0ALAN').clicks(notice as Message, "This wasn't me");

    desk.isAsked();
    expect(desk.screen(await codeCard(desk))).toContain('This account is on hold');
    expect(desk.screen(await desk.manager.asks('/securid unblock alan'))).toContain('is lifted');
    second.isAsked();
    expect(desk.screen(await codeCard(desk))).not.toContain('This account is on hold');
  });

  it('name nobody as the reporter of a block that could not be lifted everywhere', async () => {
    const { redis, desk } = await openTwo({ AUDIT_CHANNEL: SECURID_AUDIT });
    await issueFor(desk, 'alan@acme.test');
    const [notice] = desk.workspace.seenBy('U0ALAN', 'DU0ALAN');
    await desk.person('U0ALAN').clicks(notice as Message, "This wasn't me");

    await redis.ask('ACL', 'SETUSER', 'default', '-hset');
    await desk.manager.asks('/securid unblock alan');

    const told = () => desk.workspace.messages.filter(({ channel }) => channel === SECURID_AUDIT);
    await inTime(desk, () => told().map(desk.screen).join().includes('could not be lifted'));
    const shown = told().map(desk.screen).join('\n');
    // The other way round, the block would seem to be lifted.
    expect(shown).toMatch(/lifted the block on a user.*The block that @\S+ lifted stays/s);
    expect(shown.match(/did not ask for/g)).toHaveLength(1);
  });

  it('notify security of a report even if Redis says that it was done', async () => {
    const { redis, desk } = await openTwo({ SECURID_SECURITY_CHANNEL: SECURITY });
    await issueFor(desk, 'alan@acme.test');
    const [notice] = desk.workspace.seenBy('U0ALAN', 'DU0ALAN');
    const { incident } = rowsIn(desk.auditFile).find(({ event }) => event === 'done') ?? {};
    // As an attacker with access to Redis leaves it, or an instance that was killed right afterwards.
    await redis.ask('SET', `securid-desk:reported ${incident} code`, '', 'EX', '60');

    const alan = desk.person('U0ALAN');
    await Promise.all([notice, notice].map((one) => alan.clicks(one as Message, "This wasn't me")));

    const alerts = desk.workspace.messages.filter(({ channel }) => channel === SECURITY);
    expect(alerts).toHaveLength(1);
    expect(rowsIn(desk.auditFile).filter(({ event }) => event === 'reported')).toHaveLength(1);
  });
});
