import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { withRotated } from '../../src/audit/files.ts';
import { readPublicKeys } from '../../src/audit/key.ts';
import { hashOf } from '../../src/audit/row.ts';
import { verify as verifyTrail } from '../../src/audit/verify.ts';
import { ALAN, SECURID_AUDIT as AUDIT, MIRA } from '../../src/playground/company.ts';
import { leftByTheVersionBefore } from '../support/earlier-words.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { counts } from '../support/metrics.ts';
import { PATIENCE } from '../support/patience.ts';
import { OUTPUT } from '../support/printed.ts';
import { fillIn, verify } from '../support/verification.ts';

const MINUTE = 60_000;
const CODE = 'POST /v1/users/deviceRegistrationCode';

/** A bot of the previous version, to be followed by this one. */
async function openDesk(env: Record<string, string> = {}) {
  const AUDIT_FILE = join(OUTPUT, `printed-audit-${randomUUID()}.jsonl`);
  const desk = await openHelpDesk({
    invitedTo: [AUDIT],
    env: { AUDIT_FILE, SECURID_APPROVERS: MIRA, ...env },
  });
  desk.tenant.records.devices = [];
  let before = '';

  /** @param until the last row before it was killed */
  async function upgrade(state: 'with its state' | 'without a state', until?: string) {
    await desk.app.stop();
    await leftByTheVersionBefore(AUDIT_FILE, until);
    before = readFileSync(AUDIT_FILE, 'utf8');
    if (state === 'without a state') rmSync(`${AUDIT_FILE}.state`);
    (await desk.openSecondBot()).isAsked();
    if (state === 'without a state') await desk.person(MIRA).liftsLockdown();
  }
  const text = () => readFileSync(AUDIT_FILE, 'utf8');
  return {
    ...desk,
    upgrade,
    /** The rows that this version wrote. */
    rows: (): Record<string, unknown>[] => {
      expect(text().startsWith(before)).toBe(true);
      const lines = text().slice(before.length).trim().split('\n');
      return lines.filter(Boolean).map((line) => JSON.parse(line));
    },
    before: () => before,
  };
}

const cardFor = ({ agent }: HelpDesk, who: string) => agent.asks(`/securid code ${who} ios`);

async function issueFor(desk: HelpDesk, who: string) {
  const came = await verify(desk.agent, await cardFor(desk, who));
  await came.answer();
  await came.answer();
}

async function reads(desk: HelpDesk, who: string) {
  return desk.screen(await cardFor(desk, who));
}

/** Adds an unsigned row: the intent of the last change, with these properties replaced. */
function addRow({ auditFile }: HelpDesk, given: Record<string, unknown>) {
  const lines = readFileSync(auditFile, 'utf8').trimEnd().split('\n');
  const last = lines.at(-1) ?? '';
  const intent = lines.map((line) => JSON.parse(line)).findLast((row) => row.event === 'intent');
  const { key: _, sig: __, ...row } = intent;
  const place = { seq: JSON.parse(last).seq + 1, prev: hashOf(last) };
  appendFileSync(auditFile, `${JSON.stringify({ ...row, ...given, ...place })}\n`);
}

describe.each(['with its state', 'without a state'] as const)(
  'what the previous version left, %s,',
  (state) => {
    it('is verified as it is, and continues', async () => {
      const desk = await openDesk();
      await issueFor(desk, 'alan@acme.test');
      await desk.upgrade(state);
      await issueFor(desk, 'grace@acme.test');
      await desk.close();

      const trusted = readPublicKeys(readFileSync(`${desk.auditFile}.key.pub`, 'utf8'));
      expect(await verifyTrail(withRotated(desk.auditFile), { trusted })).toMatchObject({
        ok: true,
        unsigned: 0,
      });
      expect(desk.before()).toContain('"event":"issued"');
      expect(desk.before()).toContain('"operation":"registration-code:issue"');
      expect(desk.before()).toContain('"platform":"ios"');
      expect(desk.rows()).toContainEqual(
        expect.objectContaining({ event: 'done', operation: 'code', input: { platform: 'ios' } }),
      );
    });

    it('counts codes that were or may have been issued, but none that was not', async () => {
      const desk = await openDesk({ SECURID_CODES_PER_TARGET_DAY: '1' });
      await issueFor(desk, 'alan@acme.test');
      desk.tenant.answerNext('reset after', 1, CODE);
      await issueFor(desk, 'grace@acme.test');
      desk.tenant.records.licensed = false;
      await issueFor(desk, 'noor@acme.test');
      desk.tenant.records.licensed = true;
      await desk.upgrade(state);
      expect(desk.before()).toContain('"event":"not issued"');

      const full = 'This user has had one code within a day.';
      expect(await reads(desk, 'alan@acme.test')).toContain(full);
      expect(await reads(desk, 'grace@acme.test')).toContain(full);
      expect(await reads(desk, 'noor@acme.test')).toContain('[ Verify and issue ]');
    });

    it('lets no card be used again', async () => {
      const desk = await openDesk();
      const used = await cardFor(desk, 'alan@acme.test');
      const buttons = structuredClone(used.blocks);
      const came = await verify(desk.agent, used);
      await came.answer();
      await came.answer();
      await desk.upgrade(state);
      desk.clock.advance(6 * MINUTE);
      used.blocks = buttons;

      const again = await (await verify(desk.agent, used)).answer();

      expect(desk.screen(again as Message)).toContain('This card has already been used.');
      expect(desk.tenant.issuedCodes).toHaveLength(1);
    });

    it('keeps a block until an approver lifts it', async () => {
      const desk = await openDesk();
      await issueFor(desk, 'alan@acme.test');
      const notice = desk.workspace.seenBy(ALAN, `D${ALAN}`).at(-1) as Message;
      await desk.person(ALAN).clicks(notice, "This wasn't me");
      await desk.upgrade(state);
      expect(await reads(desk, 'alan@acme.test')).toContain('This account is on hold');

      const answer = await desk.person(MIRA).asks('/securid unblock alan@acme.test');

      expect(desk.screen(answer)).toContain('The block is lifted.');
    });
  },
);

it('counts a change by its name, even if it is switched off', async () => {
  const desk = await openDesk();
  await issueFor(desk, 'alan@acme.test');
  await desk.app.stop();
  addRow(desk, { operation: 'unlock', input: { methods: 'TOKEN' }, incident: 'AAAA-2222' });
  const { ops } = await desk.openSecondBot();

  await vi.waitFor(
    async () => expect(await counts({ ops }, 'changes_total')).toEqual({ 'unlock | unknown': 1 }),
    PATIENCE,
  );
});

describe('what a newer version left', () => {
  it('is shown in the audit channel as a change, not as one that this version knows', async () => {
    const desk = await openDesk({ AUDIT_CHANNEL: AUDIT });
    await issueFor(desk, 'alan@acme.test');
    await desk.app.stop();
    addRow(desk, { operation: 'teleport', input: { to: '1' }, incident: 'AAAA-2222' });
    (await desk.openSecondBot()).isAsked();

    const said = () => desk.workspace.messages.map((one) => desk.screen(one)).join();
    await eventually(() => said().includes('unknown'));
    expect(said()).toContain('@jonas asked for a change; it is unknown whether it was made.');
  });
});

describe('an intent without an outcome left by the previous version', () => {
  it('is unknown from the next start on, still counts, and is shown in the audit channel', async () => {
    const desk = await openDesk({ SECURID_CODES_PER_TARGET_DAY: '1', AUDIT_CHANNEL: AUDIT });
    await issueFor(desk, 'alan@acme.test');
    const before = desk.workspace.messages.length;
    await desk.upgrade('with its state', 'intent');
    const news = () =>
      desk.workspace.messages
        .slice(before)
        .map((one) => desk.screen(one))
        .join();
    await eventually(() => news().includes('unknown'));

    const { incident, target } = JSON.parse(desk.before().trimEnd().split('\n').at(-1) ?? '');
    expect(desk.rows()).toContainEqual(
      expect.objectContaining({
        ...{ event: 'unknown', incident, target, operation: 'code', input: { platform: 'ios' } },
        failure: 'the process ended before an answer',
      }),
    );
    expect(desk.rows()[0]).not.toHaveProperty('platform');
    expect(news()).toContain(
      '@jonas asked for a registration code; it is unknown whether it was issued.',
    );
    expect(await reads(desk, 'alan@acme.test')).toContain('This user has had one code');
  });
});

it.each(['not done', 'not issued'])(
  'frees no limit because of an unsigned row: %s',
  async (event) => {
    const desk = await openDesk({ SECURID_CODES_PER_TARGET_DAY: '1' });
    await issueFor(desk, 'alan@acme.test');
    await desk.app.stop();
    addRow(desk, { event });
    (await desk.openSecondBot()).isAsked();

    expect(await reads(desk, 'alan@acme.test')).toContain('This user has had one code');
  },
);

it('answers an unknown form that it is too old, and leaves it open', async () => {
  const desk = await openDesk();
  const { form } = await fillIn(desk.agent, await cardFor(desk, 'alan@acme.test'));
  form.view.callback_id = 'registration-code:issue';

  const { errors, closed } = await desk.agent.submits(form);

  expect(Object.values(errors ?? {})).toEqual([
    'This form has expired. Close it and type the command again.',
  ]);
  expect(closed).toBe(false);
  expect(desk.tenant.issuedCodes).toEqual([]);
  expect(desk.printed.join()).toContain('a submission of a modal that is not known');
});
