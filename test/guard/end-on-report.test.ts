import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registrationCode } from '../../src/operations/registration-code/change.ts';
import { MIRA, SECURITY } from '../../src/playground/company.ts';
import { declared, THAW } from '../support/declared-change.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { OUTPUT } from '../support/printed.ts';
import { rowsOf } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const ALAN = 'U0ALAN';

/** Stands in for emergency access: for SecurID it is Alan's locked OTP. */
const ending = declared({
  name: 'end',
  risk: 'protects',
  needsUser: [],
  isTyped: false,
  unable: ({ isVoiceLocked }) => (isVoiceLocked ? 'SecurID does not say which.' : undefined),
  onReport: {
    ends: 'Emergency access',
    isThere: ({ isTokenLocked }) => isTokenLocked === true,
    stays: 'The offline code stays.',
  },
});

async function openDesk(options: { env?: Record<string, string>; switches?: string[] } = {}) {
  const { env, ...rest } = options;
  const desk = await openHelpDesk({
    changes: [registrationCode, ending],
    env: { SECURID_SECURITY_CHANNEL: SECURITY, SECURID_APPROVERS: MIRA, ...env },
    ...rest,
  });
  alan(desk).isTokenLocked = true;
  return desk;
}

function alan({ tenant }: HelpDesk) {
  const found = tenant.records.users.find(({ firstName }) => firstName === 'Alan');
  if (!found) throw new Error('Alan is gone');
  return found;
}

/** Jonas issues a code for Alan, who says that it was not him. */
async function report(desk: HelpDesk, before = () => {}) {
  const press = await verify(desk.agent, await desk.agent.asks('/securid code alan@acme.test ios'));
  await press.answer();
  await press.answer();
  const notice = desk.workspace.seenBy(ALAN, `D${ALAN}`).at(-1) as Message;
  before();
  await desk.person(ALAN).clicks(notice, "This wasn't me");
  const alert = desk.workspace.messages.find(({ channel }) => channel === SECURITY) as Message;
  return { notice, alert };
}

const asked = ({ tenant }: HelpDesk) => tenant.calls().filter((call) => call === THAW);

describe('a report', () => {
  it('ends at once what the change declares, on record, and says so', async () => {
    const desk = await openDesk();

    const { notice, alert } = await report(desk);

    expect(alan(desk).isTokenLocked).toBe(false);
    expect(desk.screen(alert)).toContain('✅ Emergency access was ended. The offline code stays.');
    expect(desk.screen(notice)).toContain('until they have looked into it. Emergency access was');
    const rows = await rowsOf(desk, { operation: 'end' });
    expect(rows.map(({ event }) => event)).toEqual(['intent', 'done']);
    expect(rows[0]).toMatchObject({ reason: 'the user reported a change', target: alan(desk).id });
    expect(rows[0]).not.toHaveProperty('actor');
  });

  it('ends it even if there is no channel to alert', async () => {
    const desk = await openDesk({ env: { SECURID_SECURITY_CHANNEL: '' } });

    const { notice } = await report(desk);

    expect(asked(desk)).toHaveLength(1);
    expect(desk.screen(notice)).toContain('Emergency access was ended. Please call your security');
  });

  it('says nothing of what there was not', async () => {
    const desk = await openDesk();

    const { alert } = await report(desk, () => {
      alan(desk).isTokenLocked = false;
    });

    expect(desk.screen(alert)).not.toContain('Emergency access');
    expect(asked(desk)).toEqual([]);
  });

  it('says why the app cannot end what there is', async () => {
    const desk = await openDesk();
    alan(desk).isVoiceLocked = true;

    const { alert } = await report(desk);

    expect(desk.screen(alert)).toContain(
      '⚠️ Emergency access could not be ended. SecurID does not say which.',
    );
    expect(asked(desk)).toEqual([]);
  });

  it('ends nothing whose change is not switched on', async () => {
    const desk = await openDesk({ switches: ['code'] });

    const { alert } = await report(desk);

    expect(desk.screen(alert)).not.toContain('Emergency access');
    expect(asked(desk)).toEqual([]);
  });

  it.each([
    [403, 'could not be ended. SecurID refused this app’s key.', 'not done'],
    [404, 'could not be ended. SecurID thawed nothing: it no longer has that user.', 'not done'],
  ])('says in the alert why it could not: %s', async (status, reads, event) => {
    const desk = await openDesk();
    const body = { code: `${status} NOT_FOUND`, description: 'User not found' };

    const { notice, alert } = await report(desk, () =>
      desk.tenant.answerNext({ status, body }, 1, THAW),
    );

    expect(desk.screen(alert)).toContain(`⚠️ Emergency access ${reads}`);
    expect(desk.screen(notice)).not.toContain('Emergency access');
    expect(asked(desk)).toHaveLength(1);
    expect((await rowsOf(desk, { operation: 'end' })).map((row) => row.event)).toEqual([
      'intent',
      event,
    ]);
  });

  it('says that nobody knows if no answer came, and asks for it once', async () => {
    const desk = await openDesk();

    const { alert } = await report(desk, () => desk.tenant.answerNext({ status: 502 }, 1, THAW));

    expect(desk.screen(alert)).toContain(
      '⚠️ Nobody knows whether emergency access was ended. SecurID did not answer. To end it, look the user up: `/securid user`.',
    );
    expect(asked(desk)).toHaveLength(1);
    expect((await rowsOf(desk, { operation: 'end' })).map(({ event }) => event)).toEqual([
      'intent',
      'unknown',
    ]);
  });

  it('believes the record if the answer was lost', async () => {
    const desk = await openDesk();

    const { alert } = await report(desk, () => desk.tenant.answerNext('reset after', 1, THAW));

    expect(desk.screen(alert)).toContain('Emergency access was ended.');
    expect(asked(desk)).toHaveLength(1);
    expect((await rowsOf(desk, { operation: 'end' })).map(({ event }) => event)).toEqual([
      'intent',
      'unknown',
    ]);
  });

  it('blocks and alerts even if SecurID does not answer', async () => {
    const desk = await openDesk();

    const { notice, alert } = await report(desk, () => desk.tenant.answerNext({ status: 500 }, 50));

    expect(desk.screen(alert)).toContain('could not be ended. SecurID did not answer.');
    expect(desk.screen(notice)).toContain('Security has been notified.');
  });

  it.each([
    ['is ended by the next start if it was not asked for', 'POST /v1/users/lookup', 0, 1],
    ['is never asked for again by the next start', THAW, 1, 1],
  ])('%s, with or without a channel', async (_, fails, before, after) => {
    const AUDIT_FILE = join(OUTPUT, `printed-audit-${randomUUID()}.jsonl`);
    const desk = await openDesk({ env: { AUDIT_FILE, SECURID_SECURITY_CHANNEL: '' } });
    await report(desk, () => desk.tenant.answerNext({ status: 502 }, 3, fails));
    expect(asked(desk)).toHaveLength(before);
    expect(alan(desk).isTokenLocked).toBe(true);
    await desk.app.stop();

    await desk.openSecondBot();
    const read = () => desk.tenant.calls().filter((call) => call.endsWith('/lookup')).length;
    const reads = read();
    await eventually(() => asked(desk).length === after && read() > reads);

    await desk.close();
    expect(asked(desk)).toHaveLength(after);
  });

  it('ends it once, even if pressed twice at once', async () => {
    const desk = await openDesk();
    const press = await verify(
      desk.agent,
      await desk.agent.asks('/securid code alan@acme.test ios'),
    );
    await press.answer();
    await press.answer();
    const notice = desk.workspace.seenBy(ALAN, `D${ALAN}`).at(-1) as Message;

    await Promise.all(
      [notice, notice].map((one) => desk.person(ALAN).clicks(one, "This wasn't me")),
    );

    expect(asked(desk)).toHaveLength(1);
  });
});
