import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createSigner, readPrivateKey } from '../../src/audit/key.ts';
import { hashOf, type Row, signedLine } from '../../src/audit/row.ts';
import { APPROVALS, MIRA, SECURITY } from '../../src/playground/company.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { counts } from '../support/metrics.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { verify } from '../support/verification.ts';

const IN_LOCKDOWN = 'SecurID Desk is in lockdown: no registration codes are issued.';
const ON_HOLD = 'This account is on hold';

type Options = { env?: Record<string, string>; now?: string };

/** A help desk whose manager is also an approver. */
const openDesk = ({ env = {}, ...options }: Options = {}) =>
  openHelpDesk({
    env: { SECURID_APPROVERS: MIRA, SECURID_SECURITY_CHANNEL: SECURITY, ...env },
    invitedTo: [SECURITY],
    ...options,
  });

const codeCard = ({ agent }: HelpDesk, who = 'alan@acme.test') =>
  agent.asks(`/securid code ${who} ios`);

/** Issues a code for Alan and returns his notice. */
async function issued(desk: HelpDesk): Promise<Message> {
  const came = await verify(desk.agent, await codeCard(desk));
  await came.answer();
  await came.answer();
  const [notice] = desk.workspace.seenBy('U0ALAN', 'DU0ALAN');
  return notice as Message;
}

/** Alan reports the code in the notice. */
const report = async (desk: HelpDesk) =>
  desk.person('U0ALAN').clicks(await issued(desk), "This wasn't me");

/** The trail as it is, and a signer with its key. */
const signerOf = (file: string) => {
  const lines = () => readFileSync(file, 'utf8').trimEnd().split('\n');
  return {
    signer: createSigner(readPrivateKey(readFileSync(`${file}.key`, 'utf8'))),
    last: () => lines().at(-1) ?? '',
    rows: () => lines().map((line): Row => JSON.parse(line)),
  };
};

const stateLost = async (desk: HelpDesk) => '' in (await counts(desk, 'state_lost'));

const posted = ({ workspace, screen }: HelpDesk, channel: string) =>
  workspace.messages.filter((one) => one.channel === channel).map(screen);

describe('what is in force after a restart', () => {
  it.each<[string, (file: string) => void]>([
    ['was rotated by its date', (file) => renameSync(file, `${file}-20261101`)],
    ['was rotated by its number', (file) => renameSync(file, `${file}.1`)],
    [
      'was packed',
      (file) => {
        writeFileSync(`${file}-20261101.gz`, gzipSync(readFileSync(file)));
        rmSync(file);
      },
    ],
    ['was moved away', (file) => renameSync(file, join(tempFolder(), 'elsewhere'))],
    ['was emptied', (file) => writeFileSync(file, '')],
    ['is there', () => {}],
  ])('survives a restart whose audit trail %s', async (_, rotate) => {
    const first = await openDesk();
    await report(first);
    await first.manager.asks('/securid lockdown on');
    await first.close();
    rotate(first.auditFile);

    const later = await openDesk({ env: { AUDIT_FILE: first.auditFile } });

    expect(later.screen(await codeCard(later))).toContain(IN_LOCKDOWN);
    expect(await stateLost(later)).toBe(false);
    await later.manager.liftsLockdown();
    expect(later.screen(await codeCard(later))).toContain(ON_HOLD);
    expect(later.screen(await codeCard(later, 'noor@acme.test'))).not.toContain('⛔');
  });

  it('is the latest state, even if the clock was set back in between', async () => {
    const first = await openDesk({ now: '2026-03-04T09:00:00Z' });
    await first.manager.asks('/securid lockdown on');
    await first.manager.liftsLockdown();
    await first.close();
    const second = await openDesk({
      env: { AUDIT_FILE: first.auditFile },
      now: '2026-03-04T08:59:00Z',
    });
    await second.manager.asks('/securid lockdown on');
    await second.close();

    const third = await openDesk({
      env: { AUDIT_FILE: first.auditFile },
      now: '2026-03-04T08:58:00Z',
    });

    expect(third.screen(await codeCard(third))).toContain(IN_LOCKDOWN);
  });

  it('is in its own file, readable by its owner only', async () => {
    const file = join(tempFolder(), 'state');
    const desk = await openDesk({ env: { STATE_FILE: file } });
    await desk.manager.asks('/securid lockdown on');

    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(`${desk.auditFile}.state`)).toBe(false);
    expect(JSON.parse(readFileSync(file, 'utf8')).parts.orders).toMatchObject({
      lockdown: { on: true },
    });
  });

  it('still applies if nothing can be written, with a warning that a restart ends it', async () => {
    const desk = await openDesk({
      env: { STATE_FILE: '/no such folder/state' },
    });
    const notice = await issued(desk);
    writeFileSync(desk.auditFile, '');
    const answer = await desk.person('U0ALAN').clicks(notice, "This wasn't me");

    expect(desk.screen(answer)).toMatchInlineSnapshot(
      `"🚨 Thank you. No more registration codes will be issued for you, but only until SecurID Desk restarts, because this could not be saved. Please call your security team now."`,
    );
    expect(desk.screen(await codeCard(desk))).toContain(ON_HOLD);
    expect(desk.screen(await desk.manager.asks('/securid lockdown on'))).toMatchInlineSnapshot(
      `"🔒 Lockdown: no registration codes are issued until an approver types \`/securid lockdown off\`. ⚠️ This could not be saved and ends when SecurID Desk restarts. Please tell your SecurID Desk administrator that \`STATE_FILE\` and \`AUDIT_FILE\` cannot be written: \`docs/troubleshooting.md#the-state-file-cannot-be-written\`."`,
    );
    expect(desk.screen(await codeCard(desk, 'noor@acme.test'))).toContain(IN_LOCKDOWN);
    const logged = desk.logged().filter(({ msg }) => String(msg).includes('STATE_FILE'));
    expect(logged).toHaveLength(1);
  });

  it.each<[string, (file: string) => void]>([
    ['trail', (file) => mkdirSync(`${file}.state.new`)],
    ['state', (file) => writeFileSync(file, '')],
  ])(
    'survives a restart if only the %s has it, and is not said to end with it',
    async (_, spoil) => {
      const first = await openDesk();
      const notice = await issued(first);
      spoil(first.auditFile);
      const alan = first.person('U0ALAN');
      const twice = [1, 2].map(() => alan.clicks(notice, "This wasn't me"));
      const answers = [
        ...(await Promise.all(twice)),
        await first.manager.asks('/securid lockdown on'),
      ];
      expect(answers.map(first.screen).join()).not.toContain('could not be saved');
      await first.close();
      rmSync(`${first.auditFile}.state.new`, { recursive: true, force: true });

      const later = await openDesk({ env: { AUDIT_FILE: first.auditFile } });

      expect(later.screen(await codeCard(later))).toContain(IN_LOCKDOWN);
      expect(await stateLost(later)).toBe(false);
      await later.manager.liftsLockdown();
      expect(later.screen(await codeCard(later))).toContain(ON_HOLD);
    },
  );

  it('is not forgotten if neither trail nor state could be written', async () => {
    const env = { AUDIT_FILE: '/dev/full' };
    const desk = await openDesk({ env });

    expect(desk.screen(await desk.manager.asks('/securid lockdown on'))).toContain(
      'could not be saved',
    );
    expect(existsSync('/dev/full.state')).toBe(false);
    expect(desk.screen(await codeCard(desk))).toContain(IN_LOCKDOWN);
  });
});

describe('a start without its state', () => {
  const env = { AUDIT_CHANNEL: 'C0AUDIT', SECURID_APPROVAL_CHANNEL: APPROVALS };

  it('declares a lockdown if there is an audit trail, says so, and lets an approver lift it', async () => {
    const first = await openDesk();
    await report(first);
    await first.close();
    rmSync(`${first.auditFile}.state`);

    const later = await openDesk({ env: { ...env, AUDIT_FILE: first.auditFile } });
    await eventually(() => posted(later, SECURITY).length > 0);
    await eventually(() => posted(later, APPROVALS).length > 0);

    expect(posted(later, SECURITY)).toMatchInlineSnapshot(`
      [
        "🔒 Lockdown: no registration codes are issued until an approver types \`/securid lockdown off\`.
      ⚠️ SecurID Desk went into lockdown by itself: \`STATE_FILE\`, which holds the lockdown and the blocks, is missing or out of date. Before you lift the lockdown, find out who must stay blocked: \`docs/troubleshooting.md#it-starts-in-lockdown\`.",
      ]
    `);
    expect(posted(later, APPROVALS)).toEqual(posted(later, SECURITY));
    expect(later.screen(await codeCard(later))).toContain(IN_LOCKDOWN);
    expect(later.screen(await later.agent.asks('/securid help'))).toContain('by itself');
    expect(await stateLost(later)).toBe(true);
    expect((await fetch(`${later.ops}/readyz`)).status).toBe(200);
    expect(later.logged().filter(({ msg }) => String(msg).includes('is missing'))).toHaveLength(1);

    await later.manager.liftsLockdown();
    expect(await stateLost(later)).toBe(false);
    expect(later.screen(await codeCard(later))).toContain(ON_HOLD);
    expect(later.screen(await codeCard(later, 'noor@acme.test'))).toContain('[ Verify and issue ]');
    await later.close();

    const last = await openDesk({ env: { AUDIT_FILE: first.auditFile } });
    expect(last.screen(await codeCard(last, 'noor@acme.test'))).toContain('[ Verify and issue ]');
    expect(last.screen(await codeCard(last))).toContain(ON_HOLD);
  });

  it.each<[string, (file: string, earlier: string) => void]>([
    [
      'a state that holds no orders',
      (file) => writeFileSync(`${file}.state`, '{"version":1,"parts":{}}'),
    ],
    [
      'an older state, and a trail whose rows since are not all there',
      (file, earlier) => writeFileSync(`${file}.state`, earlier),
    ],
    [
      'neither state nor trail, and a key that has signed',
      (file) => {
        rmSync(`${file}.state`);
        rmSync(file);
      },
    ],
  ])('declares a lockdown with %s', async (_, lose) => {
    const first = await openDesk();
    await first.manager.asks('/securid lockdown on');
    await first.manager.liftsLockdown();
    const earlier = readFileSync(`${first.auditFile}.state`, 'utf8');
    await report(first);
    renameSync(first.auditFile, join(tempFolder(), 'elsewhere'));
    await codeCard(first);
    await first.close();
    lose(first.auditFile, earlier);

    const later = await openDesk({ env: { AUDIT_FILE: first.auditFile } });

    expect(later.screen(await codeCard(later))).toContain(IN_LOCKDOWN);
    expect(await stateLost(later)).toBe(true);
  });

  it('finds a block in the trail that an older state lacks', async () => {
    const first = await openDesk();
    await report(first);
    await first.manager.asks('/securid unblock alan@acme.test');
    const earlier = readFileSync(`${first.auditFile}.state`, 'utf8');
    const { signer, last, rows } = signerOf(first.auditFile);
    await first.close();
    const target = rows().find(({ event }) => event === 'reported')?.target;
    // More rows than a start reads.
    let prev = hashOf(last());
    let seq = Number(JSON.parse(last()).seq);
    const lines = Array.from({ length: 10_100 }, (_, number) => {
      const what = number === 0 ? { event: 'reported', target } : { event: 'look-up' };
      seq += 1;
      const row = { time: '2026-03-04T09:00:00.000Z', seq, ...what, incident: 'AAAA', prev };
      const line = signedLine(row as Row, signer);
      prev = hashOf(line);
      return `${line}\n`;
    });
    appendFileSync(first.auditFile, lines.join(''));
    writeFileSync(`${first.auditFile}.state`, earlier);

    const later = await openDesk({ env: { AUDIT_FILE: first.auditFile } });

    expect(later.screen(await codeCard(later))).toContain(IN_LOCKDOWN);
    await later.manager.liftsLockdown();
    expect(later.screen(await codeCard(later))).toContain(ON_HOLD);
  });

  it.each<[string, boolean, (row: Row, last: string) => string]>(
    [true, false].flatMap((hasState) => [
      [
        'nobody signed',
        hasState,
        ({ key: _, sig: __, ...row }, last) =>
          JSON.stringify({ ...row, seq: JSON.parse(last).seq + 1, prev: hashOf(last) }),
      ],
      ['has the number and the signature of another', hasState, (row) => JSON.stringify(row)],
    ]),
  )('keeps a block because of a row that %s (state: %s)', async (_, hasState, forge) => {
    const first = await openDesk();
    await report(first);
    await first.close();
    const { last, rows } = signerOf(first.auditFile);
    const reported = rows().find(({ event }) => event === 'reported');
    const forged = forge({ ...(reported as Row), event: 'block lifted' }, last());
    appendFileSync(first.auditFile, `${forged}\n`);
    if (!hasState) rmSync(`${first.auditFile}.state`);

    const later = await openDesk({ env: { AUDIT_FILE: first.auditFile } });

    if (!hasState) await later.manager.liftsLockdown();
    expect(later.screen(await codeCard(later))).toContain(ON_HOLD);
  });

  it.each([true, false])(
    'keeps what older versions lifted (the chain holds: %s)',
    async (holds) => {
      const first = await openDesk();
      await report(first);
      await first.manager.asks('/securid unblock alan@acme.test');
      await first.close();
      let prev = '0'.repeat(64);
      const lines = signerOf(first.auditFile)
        .rows()
        .map(({ key: _, sig: __, ...row }) => {
          const line = JSON.stringify({ ...row, prev });
          prev = hashOf(line);
          return `${line}\n`;
        });
      const { key: _, sig: __, ...one } = signerOf(first.auditFile).rows()[0] as Row;
      const loose = { ...one, seq: lines.length + 1, prev: '0'.repeat(64) };
      if (!holds) lines.push(`${JSON.stringify(loose)}\n`);
      writeFileSync(first.auditFile, lines.join(''));
      for (const end of ['.state', '.key', '.key.pub']) rmSync(first.auditFile + end);

      const later = await openDesk({ env: { AUDIT_FILE: first.auditFile } });

      await later.manager.liftsLockdown();
      expect(later.screen(await codeCard(later)).includes(ON_HOLD)).toBe(!holds);
    },
  );

  it('finds a block in the trail even if an older file of it is damaged', async () => {
    const first = await openDesk();
    await report(first);
    renameSync(first.auditFile, `${first.auditFile}.1`);
    await codeCard(first);
    await first.close();
    writeFileSync(`${first.auditFile}.2.gz`, 'Not Found');
    rmSync(`${first.auditFile}.state`);

    const later = await openDesk({ env: { AUDIT_FILE: first.auditFile } });

    await later.manager.liftsLockdown();
    expect(later.screen(await codeCard(later))).toContain(ON_HOLD);
    expect(later.printed.join()).toContain('not all of this file of the audit trail could be read');
  });

  it('stays in lockdown through the next starts', async () => {
    const first = await openDesk();
    await codeCard(first);
    await first.close();
    writeFileSync(`${first.auditFile}.state`, '{"version":1,"par');
    const second = await openDesk({ env: { AUDIT_FILE: first.auditFile } });
    await second.close();

    const third = await openDesk({ env: { AUDIT_FILE: first.auditFile } });

    expect(third.screen(await codeCard(third))).toContain(IN_LOCKDOWN);
    expect(await stateLost(third)).toBe(true);
    expect(readFileSync(`${first.auditFile}.state.broken`, 'utf8')).toBe('{"version":1,"par');
  });

  it('is a first start if there is no trace of an earlier one, which is logged once', async () => {
    const desk = await openDesk();

    expect(desk.screen(await codeCard(desk))).toContain('[ Verify and issue ]');
    const first = desk.logged().filter(({ msg }) => String(msg).includes('first start'));
    expect(first).toHaveLength(1);
    expect(await stateLost(desk)).toBe(false);
    await desk.close();
    const again = await openDesk({ env: { AUDIT_FILE: desk.auditFile } });
    expect(again.printed.join()).not.toContain('first start');
  });
});

describe.skipIf(!redisInstalled)('several instances', () => {
  const UNTOLD = 'could not check whether this code may be issued';

  async function openTwo() {
    const redis = await startRedis();
    const desk = await openDesk({ env: { REDIS_URL: redis.url } });
    desk.tenant.records.devices = [];
    return { redis, desk, second: await desk.openSecondBot() };
  }

  /** Lets every instance read what the others have written. */
  async function look({ clock, logged }: HelpDesk) {
    clock.advance(1000);
    const before = logged().length;
    await new Promise(setImmediate);
    return before;
  }

  /** The answer to a code request, once it can be given. */
  async function told(desk: HelpDesk, who?: string) {
    for (;;) {
      const card = desk.screen(await codeCard(desk, who));
      if (!card.includes(UNTOLD)) return card;
    }
  }

  it('issue nothing after an outage of Redis before they know of a lockdown during it', async () => {
    const { redis, desk, second } = await openTwo();
    await redis.kill();
    await desk.manager.asks('/securid lockdown on');
    second.isAsked();
    expect(desk.screen(await codeCard(desk))).toContain(UNTOLD);

    await redis.start();

    expect(await told(desk)).toContain(IN_LOCKDOWN);
    expect(await told(desk)).toContain(IN_LOCKDOWN);
  });

  it('issue nothing after Redis was silent before they know of a lockdown meanwhile', async () => {
    const { redis, desk, second } = await openTwo();
    redis.pause();
    const answer = await desk.manager.asks('/securid lockdown on');
    expect(desk.screen(answer)).toContain('do not know yet');
    second.isAsked();
    expect(desk.screen(await codeCard(desk))).toContain(UNTOLD);

    redis.goOn();

    expect(desk.screen(await codeCard(desk))).not.toContain('[ Verify and issue ]');
    await look(desk);
    expect(await told(desk)).toContain(IN_LOCKDOWN);
  });

  it('keep a block, even if Redis is emptied and the instance that took the report is down', async () => {
    const { redis, desk, second } = await openTwo();
    await report(desk);
    await look(desk);
    const state = () => readFileSync(`${second.auditFile}.state`, 'utf8');
    await eventually(() => state().includes('blocked'));
    await desk.app.stop();
    await redis.ask('FLUSHALL');

    second.isAsked();

    expect(await told(desk)).toContain(ON_HOLD);
  });

  it('follow a switch that an earlier version turns on, but never one that it turns off', async () => {
    const { redis, desk, second } = await openTwo();
    const key = 'securid-desk:order lockdown';
    const at = String(desk.clock.now() + 1000);
    expect(await told(desk)).toContain('[ Verify and issue ]');
    await redis.ask('HSET', key, 'at', at, 'text', 'on');
    expect(await told(desk)).toContain(IN_LOCKDOWN);
    await redis.ask('HSET', key, 'at', String(Number(at) + 1000), 'text', 'off');

    second.isAsked();
    expect(await told(desk)).toContain(IN_LOCKDOWN);

    await desk.manager.liftsLockdown();
    expect(await told(desk)).toContain('[ Verify and issue ]');
    expect(await redis.ask('HGET', key, 'text')).toBe('off');
    await desk.manager.asks('/securid lockdown on');
    expect(await redis.ask('HGET', key, 'text')).toBe('on');
  });

  it('go into lockdown if one has no state and Redis has switches', async () => {
    const { desk } = await openTwo();
    await report(desk);

    const third = await desk.openSecondBot();
    third.isAsked();

    expect(await told(desk)).toContain(IN_LOCKDOWN);
    desk.isAsked();
    expect(await told(desk)).toContain(IN_LOCKDOWN);
    await desk.manager.liftsLockdown();
    third.isAsked();
    expect(await told(desk, 'noor@acme.test')).toContain('[ Verify and issue ]');
    expect(await told(desk)).toContain(ON_HOLD);
  });

  it.each([
    ['HSET', 'securid-desk:order lockdown', 'at', '9007199254740992', 'text', 'off'],
    ['HSET', 'securid-desk:{orders}', 'lockdown', 'off 281474976710656 0 AAAA', '=version', '1'],
    ['HDEL', 'securid-desk:{orders}', 'lockdown'],
    ['DEL', 'securid-desk:{orders}'],
    ['HSET', 'securid-desk:{orders}', '=epoch', 'x'.repeat(5000)],
    ['HSET', 'securid-desk:{orders}:members', 'nobody', '9007199254740992 x'],
    ['FLUSHALL'],
  ])('stay in lockdown whatever is written to Redis: %s %s', async (command, ...args) => {
    const { redis, desk, second } = await openTwo();
    await desk.manager.asks('/securid lockdown on');
    second.isAsked();
    expect(await told(desk)).toContain(IN_LOCKDOWN);

    await redis.ask(command, ...args);

    expect(await told(desk)).toContain(IN_LOCKDOWN);
    desk.isAsked();
    expect(await told(desk)).toContain(IN_LOCKDOWN);
    expect(desk.screen(await desk.manager.asks('/securid lockdown on'))).not.toContain('could not');
    expect(desk.screen(await desk.manager.liftsLockdown())).toContain('is lifted');
    second.isAsked();
    expect(await told(desk)).toContain('[ Verify and issue ]');
  });

  it.each([
    ['note', '{"window":5}'],
    ['note', '{"requestsPerSecond":1e-9}'],
    ['paused', '9007199254740992'],
    ['tokens', '-9007199254740992'],
    ['tokens', 'nan'],
    ['taken', 'inf'],
    ['version', '-1e300'],
  ])('still look up after somebody wrote %s %s to the bucket in Redis', async (field, value) => {
    const { redis, desk } = await openTwo();
    await desk.agent.asks('/securid user alan@acme.test');
    const key = 'securid-desk:{bucket:securid}';
    const version = String(Number(await redis.ask('HGET', key, 'version')) + 7);
    await redis.ask('HSET', key, 'version', version, field, value);
    await look(desk);

    expect(desk.screen(await desk.agent.asks('/securid user noor@acme.test'))).toContain('Noor');
    expect(desk.screen(await desk.agent.asks('/securid user grace@acme.test'))).toContain('Grace');
  });
});
