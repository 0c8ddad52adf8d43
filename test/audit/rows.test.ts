import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { verify } from '../../src/audit/verify.ts';
import { MIRA } from '../../src/playground/company.ts';
import { type HelpDesk, type HelpDeskOptions, openHelpDesk } from '../support/help-desk.ts';
import { rowsIn } from '../support/rows.ts';
import { verify as record } from '../support/verification.ts';

/** Closes the help desk, so that every row is on disk, and reads the trail. */
async function trail(desk: HelpDesk) {
  await desk.close();
  expect(await verify([desk.auditFile])).toMatchObject({ ok: true });
  return rowsIn(desk.auditFile);
}

async function issueCode(
  options: HelpDeskOptions = {},
  before?: (desk: HelpDesk) => void,
  who = 'alan@acme.test',
) {
  const desk = await openHelpDesk(options);
  const { agent } = desk;
  const card = await agent.asks(`/securid code ${who} ios`);
  before?.(desk);
  const press = await record(agent, card, { ticket: 'T-4711' });
  await press.answer();
  await press.answer();
  return { ...desk, card };
}

describe('the audit trail', () => {
  it('has a row for each look-up: who, where, what, whom', async () => {
    const desk = await openHelpDesk();
    await desk.agent.asks('/securid user grace@acme.test');
    await desk.agent.asks('/securid token 000000900001');
    await desk.manager.asks('/securid license');
    await desk.agent.asks('/securid help');

    const rows = await trail(desk);

    expect(rows).toMatchObject([
      {
        event: 'look-up',
        actor: 'U0JONAS',
        team: 'T0ACME',
        channel: 'C0HELPDESK',
        operation: 'user',
        target: 'grace@acme.test',
      },
      { event: 'look-up', operation: 'token', target: '000000900001' },
      // Its owner, whom somebody had looked up before.
      { event: 'look-up', operation: 'token', target: 'grace@acme.test' },
      { event: 'look-up', actor: 'U0MIRA', operation: 'license' },
    ]);
  });

  it('has a row for each refusal', async () => {
    const desk = await openHelpDesk();
    await desk.guest.asks('/securid user grace@acme.test');

    expect(await trail(desk)).toMatchObject([
      { event: 'refusal', actor: 'U0GUEST', operation: 'user', reason: 'a guest' },
    ]);
  });

  it('follows a code from the intent to its end, without the code itself', async () => {
    const desk = await issueCode();
    await desk.agent.clicks(desk.card, 'Hide now');

    const rows = await trail(desk);

    const [, intent, issued, told, hidden] = rows;
    const said = {
      actor: 'U0JONAS',
      reason: 'New telephone',
      ticket: 'T-4711',
      operation: 'code',
      input: { platform: 'ios' },
      method: 'In person with badge',
    };
    expect(intent).toMatchObject({ event: 'intent', ...said });
    expect(issued).toMatchObject({ event: 'done', ...said, target: intent?.target });
    expect(told).toMatchObject({ event: 'told', incident: intent?.incident });
    expect(hidden).toMatchObject({ event: 'hidden', incident: intent?.incident });
    expect(JSON.stringify(rows)).not.toContain(desk.tenant.issuedCodes[0]?.code);
  });

  it('says if a code was erased because it expired or because the app stopped', async () => {
    const expired = await issueCode();
    expired.clock.advance(5 * 60_000);
    const stopped = await issueCode();

    expect((await trail(expired)).at(-1)).toMatchObject({ event: 'expired' });
    expect((await trail(stopped)).at(-1)).toMatchObject({ event: 'erased' });
  });

  it('says why no code was issued, or that it is unknown', async () => {
    const refused = await issueCode({}, ({ tenant }) => {
      tenant.records.licensed = false;
    });
    const unknown = await issueCode({}, ({ tenant }) => {
      tenant.answerNext('reset after', 1, 'POST /v1/users/deviceRegistrationCode');
    });

    expect((await trail(refused)).at(-1)).toMatchObject({
      event: 'not done',
      failure: 'REFUSED: NOT_LICENSED',
    });
    expect((await trail(unknown)).at(-1)).toMatchObject({
      event: 'unknown',
      failure: 'UNAVAILABLE',
    });
  });

  it('has the intent on disk before SecurID is asked', async () => {
    const desk = await openHelpDesk();
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    const hold = desk.tenant.hold('POST /v1/users/deviceRegistrationCode');
    const press = await record(desk.agent, card);
    await hold.arrived();

    const [, row] = readFileSync(desk.auditFile, 'utf8').trim().split('\n');
    expect(JSON.parse(row ?? '')).toMatchObject({ event: 'intent' });

    hold.release();
    await press.answer();
    await press.answer();
  });

  it('lifts no lockdown because of a row that the app did not sign', async () => {
    const env = { SECURID_APPROVERS: MIRA };
    const first = await openHelpDesk({ env });
    await first.manager.asks('/securid lockdown on');
    await first.close();
    const last = readFileSync(first.auditFile, 'utf8').trimEnd().split('\n').at(-1) ?? '';
    const prev = createHash('sha256').update(last).digest('hex');
    const { seq, ...row } = JSON.parse(last);
    const forged = { ...row, seq: seq + 1, event: 'lockdown off', prev };
    appendFileSync(first.auditFile, `${JSON.stringify(forged)}\n`);

    const second = await openHelpDesk({ env: { ...env, AUDIT_FILE: first.auditFile } });

    expect(second.screen(await second.agent.asks('/securid help'))).toContain('Lockdown');
  });

  it('is written by one process; another issues no code until that has ended', async () => {
    const first = await issueCode();
    const noDevices = ({ tenant }: HelpDesk) => void tenant.records.devices.splice(0);
    const env = { AUDIT_FILE: first.auditFile };
    const second = await issueCode({ env }, noDevices, 'noor@acme.test');

    expect(second.screen(second.card)).toContain('The audit trail cannot be written');
    expect(second.tenant.issuedCodes).toEqual([]);
    expect(second.printed.join()).toContain('another process writes this audit trail');

    await first.close();
    const card = await second.agent.asks('/securid code noor@acme.test ios');
    const press = await record(second.agent, card, { ticket: 'T-4712' });
    await press.answer();
    await press.answer();
    expect(second.tenant.issuedCodes).toHaveLength(1);
    expect((await trail(second)).map(({ event }) => event)).toEqual(
      expect.arrayContaining(['erased', 'taken over', 'intent', 'done']),
    );
  });

  it.skipIf(!existsSync('/dev/full'))(
    'that cannot be written stops codes, but not look-ups, with a warning',
    async () => {
      const desk = await issueCode({ env: { AUDIT_FILE: '/dev/full' } });

      expect(desk.screen(desk.card)).toMatchInlineSnapshot(`
        "⚠️ The audit trail cannot be written, so no code was requested. Please tell your SecurID Desk administrator.
          Incident \`####-####\`
          For your SecurID Desk administrator: \`docs/troubleshooting.md#the-audit-trail-cannot-be-written\`"
      `);
      expect(desk.tenant.issuedCodes).toEqual([]);
      expect(desk.tenant.calls()).not.toContain('POST /v1/users/deviceRegistrationCode');
      const answer = await desk.agent.asks('/securid user grace@acme.test');
      expect(desk.screen(answer)).toContain('Grace Okafor');
      expect(desk.printed.join()).toContain('an audit row was not written');
    },
  );
});
