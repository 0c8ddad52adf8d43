import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { APPROVALS, MIRA, NOBODY } from '../../src/playground/company.ts';
import {
  eventually,
  type HelpDesk,
  type HelpDeskOptions,
  type Message,
  openHelpDesk,
} from '../support/help-desk.ts';
import { OUTPUT } from '../support/printed.ts';
import { rowsOf } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const UNLOCK = 'PATCH /v1/users/{id}/methods';
const button = 'Verify and unlock';

type Options = { env?: Record<string, string> } & Omit<HelpDeskOptions, 'env'>;

/** Noor's OTP, SMS and voice are locked. */
async function openDesk({ env = {}, ...options }: Options = {}) {
  return openHelpDesk({
    ...options,
    env: { SECURID_CHANGES: 'code,unlock', SECURID_APPROVERS: `${MIRA},${NOBODY}`, ...env },
  });
}

const cardFor = ({ agent }: HelpDesk, who = 'noor@acme.test') =>
  agent.asks(`/securid unlock ${who}`);

async function unlock(desk: HelpDesk, card: Message) {
  const press = await verify(desk.agent, card, { button });
  await press.answer();
  return press;
}

/** Unlocks, and waits for the message that replaces "Asking SecurID…". */
async function unlocked(desk: HelpDesk, card: Message): Promise<string> {
  const press = await unlock(desk, card);
  await press.answer();
  return desk.screen(card);
}

const asked = ({ tenant }: HelpDesk) => tenant.calls().filter((call) => call === UNLOCK);

const noor = ({ tenant }: HelpDesk) => {
  const found = tenant.records.users.find(({ emailAddress }) => emailAddress === 'noor@acme.test');
  if (!found) throw new Error('Noor is gone');
  return found;
};

describe('/securid unlock', () => {
  it('shows who it is for and what is locked, and unlocks nothing yet', async () => {
    const desk = await openDesk();

    const card = await cardFor(desk);

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "# Unlock Noor Haddad
      E-mail: noor@acme.test
      User name: noor
      Status: 🟢 Enabled
      Identity source: Acme Directory
      Locked methods: Authenticate OTP, SMS tokencode, Voice tokencode
      [ Verify and unlock ]  [ Cancel ]"
    `);
    expect(asked(desk)).toEqual([]);
  });

  it('unlocks once the caller is verified, says what is now locked, and tells the user', async () => {
    const desk = await openDesk();
    const card = await cardFor(desk);

    expect(await unlocked(desk, card)).toMatchInlineSnapshot(`
      "Unlock Noor Haddad
      Unlocked: Authenticate OTP, SMS tokencode, Voice tokencode
      Locked: None
        Noor Haddad was notified in Slack."
    `);

    expect(noor(desk)).toMatchObject({
      isTokenLocked: false,
      isSmsLocked: false,
      isVoiceLocked: false,
    });
    const notice = desk.workspace.messages.find(({ text }) => text.includes('were unlocked'));
    expect(notice && desk.screen(notice)).toMatchInlineSnapshot(`
      "🔑 Sign-in methods of your SecurID account were unlocked by @jonas at 2026-03-04 09:00.
      Authenticate OTP, SMS tokencode, Voice tokencode
      If you asked for this, you're done. If not, tell us now.
      [ This wasn't me ]  [ It was me ]
        Incident \`####-####\`"
    `);
    const rows = (await rowsOf(desk)).filter(({ operation }) => operation === 'unlock');
    expect(rows).toContainEqual(
      expect.objectContaining({
        event: 'intent',
        input: { methods: 'TOKEN SMS VOICE' },
        ticket: 'INC-4711',
        target: noor(desk).id,
      }),
    );
    expect(rows.map(({ event }) => event)).toEqual(['look-up', 'intent', 'done', 'told']);
  });

  it('unlocks what is locked and can be unlocked, and says what stays locked', async () => {
    const desk = await openDesk();
    Object.assign(noor(desk), { isSmsLocked: false, isVoiceLocked: false, isApproveLocked: true });
    const card = await cardFor(desk);

    expect(desk.screen(card)).toContain(
      '⚠️ Approve stays locked: SecurID Desk can unlock OTP, SMS and voice, and nothing else.',
    );
    const done = await unlocked(desk, card);

    expect(done).toContain('Unlocked: Authenticate OTP');
    expect(done).toContain('Locked: Approve');
    const [row] = (await rowsOf(desk)).filter(({ event }) => event === 'done');
    expect(row).toMatchObject({ operation: 'unlock', input: { methods: 'TOKEN' } });
  });

  it.each([
    [{}, 'None of the user’s methods is locked.'],
    [
      { isApproveLocked: true, isFingerprintLocked: true },
      'There is nothing to unlock. Approve and Fingerprint stay locked',
    ],
  ])('offers no form if there is nothing to unlock: %o', async (locks, reads) => {
    const desk = await openDesk();
    const none = { isTokenLocked: false, isSmsLocked: false, isVoiceLocked: false };
    Object.assign(noor(desk), none, locks);

    const card = desk.screen(await cardFor(desk));

    expect(card).toContain(`⛔ ${reads}`);
    expect(card).not.toContain(button);
    expect(desk.screen(await desk.agent.asks('/securid user noor@acme.test'))).not.toContain(
      '[ Unlock ]',
    );
  });

  it('is a button on the card of a user with locked methods', async () => {
    const desk = await openDesk();
    const user = await desk.agent.asks('/securid user noor@acme.test');

    expect(desk.screen(await desk.agent.clicks(user, 'Unlock'))).toContain('# Unlock Noor Haddad');
  });

  it('asks for, records and reports only what is still locked', async () => {
    const desk = await openDesk();
    const card = await cardFor(desk);
    noor(desk).isSmsLocked = false;

    expect(await unlocked(desk, card)).toContain(
      'Unlocked: Authenticate OTP, Voice tokencode\nLocked: None',
    );
    const request = desk.tenant.requests.find(({ route }) => route === UNLOCK);
    expect(request?.body).toEqual({ unlockMethods: ['TOKEN', 'VOICE'] });
    const rows = (await rowsOf(desk)).filter(({ event }) => event === 'intent' || event === 'done');
    expect(rows.map(({ input }) => input)).toEqual(Array(2).fill({ methods: 'TOKEN VOICE' }));
  });

  it('unlocks nothing if it was unlocked meanwhile', async () => {
    const desk = await openDesk();
    const card = await cardFor(desk);
    Object.assign(noor(desk), { isTokenLocked: false, isSmsLocked: false, isVoiceLocked: false });

    await unlock(desk, card);

    expect(desk.screen(card)).toContain(
      'Nothing was unlocked. None of the user’s methods is locked.',
    );
    expect(asked(desk)).toEqual([]);
  });

  it.each(['nothing', 'no content'] as const)(
    'reads the record back if SecurID answers %s',
    async (unlockAnswer) => {
      const desk = await openDesk({ traits: { unlockAnswer } });

      const done = await unlocked(desk, await cardFor(desk));

      expect(done).toContain('Unlocked: Authenticate OTP, SMS tokencode, Voice tokencode');
    },
  );

  it.each(['cannot be read back', 'does not tell'])(
    'says that it is not confirmed if the record %s',
    async (how) => {
      const desk = await openDesk({ traits: { unlockAnswer: 'nothing' } });
      const card = await cardFor(desk);
      const press = await unlock(desk, card);
      const { isSmsLocked: _, ...silent } = noor(desk);
      const answer = how === 'does not tell' ? { status: 200, body: silent } : { status: 403 };
      desk.tenant.answerNext(answer, 9, 'POST /v1/users/lookup');

      await press.answer();

      expect(desk.screen(card)).toContain('SecurID accepted it, but did not confirm it.');
      expect((await rowsOf(desk)).map(({ event }) => event)).toContain('done');
    },
  );
});

describe('a forbidden unlock', () => {
  it('is refused for the agent’s own account', async () => {
    const desk = await openDesk();
    const [user] = desk.tenant.records.users;
    if (user) Object.assign(user, { emailAddress: 'jonas@acme.test', isTokenLocked: true });

    const card = desk.screen(await cardFor(desk, 'jonas@acme.test'));

    expect(card).toContain('⛔ This is your own account. A colleague has to unlock it.');
    expect(card).not.toContain(button);
  });

  it('is refused during a lockdown, on the card and on submission', async () => {
    const desk = await openDesk();
    const card = await cardFor(desk);
    await desk.person(MIRA).asks('/securid lockdown on');

    await unlock(desk, card);

    expect(desk.screen(card)).toBe(
      '⛔ Nothing was unlocked. SecurID Desk is in lockdown: nothing is unlocked.',
    );
    expect(desk.screen(await cardFor(desk))).toContain('SecurID Desk is in lockdown');
    expect(asked(desk)).toEqual([]);
  });

  it('is refused to people without the role', async () => {
    const desk = await openDesk();

    expect(desk.screen(await desk.manager.asks('/securid unlock noor@acme.test'))).toMatch(
      /^Sorry,/,
    );
  });

  it('says what SecurID answered when it refuses, and counts for nothing', async () => {
    const desk = await openDesk({ env: { SECURID_CHANGES_PER_AGENT_HOUR: '1' } });
    const card = await cardFor(desk);
    const body = { code: '404 NOT_FOUND', description: 'User not found' };
    desk.tenant.answerNext({ status: 404, body }, 1, UNLOCK);

    expect(await unlocked(desk, card)).toContain('⚠️ Nothing was unlocked: SecurID no longer has');
    expect(noor(desk).isTokenLocked).toBe(true);
    expect(await unlocked(desk, await cardFor(desk))).toContain('Unlocked: Authenticate OTP');
  });

  it('names the missing OAuth permission, while codes are still issued', async () => {
    const desk = await openDesk({ credential: 'oauth rsa' });
    const { scopes } = desk.tenant.oauth;
    scopes.splice(scopes.indexOf('rsa.user.factor.manage'), 1);

    expect(await unlocked(desk, await cardFor(desk))).toMatchInlineSnapshot(`
      "⚠️ Nothing was unlocked. SecurID does not let this app do that. Please tell the SecurID administrators: its OAuth client needs the permission \`rsa.user.factor.manage\`, and the company a license for the Admin API.
        Incident \`####-####\`
        For your SecurID Desk administrator: \`docs/troubleshooting.md#the-oauth-client-lacks-a-permission\`
      [ Try again ]"
    `);

    expect(desk.logged()).toContainEqual(
      expect.objectContaining({
        err: expect.objectContaining({ needed: 'rsa.user.factor.manage' }),
      }),
    );
    expect(asked(desk)).toEqual([]);
    const card = await desk.agent.asks('/securid code alan@acme.test ios');
    const press = await verify(desk.agent, card);
    await press.answer();
    await press.answer();
    expect(desk.screen(card)).toContain('[ Hide now ]');
  });

  it.each([{ status: 502 }, 'reset after', 'cut off'] as const)(
    'has an unknown outcome, and is never repeated, after %o',
    async (fault) => {
      const desk = await openDesk();
      const card = await cardFor(desk);
      desk.tenant.answerNext(fault, 1, UNLOCK);

      const reads = await unlocked(desk, card);

      expect(reads).toMatch(
        /^⚠️ SecurID may have unlocked the methods, but no usable answer arrived/,
      );
      expect(reads).not.toContain('[ Try again ]');
      expect(asked(desk)).toHaveLength(1);
      expect((await rowsOf(desk)).map(({ event }) => event)).toContain('unknown');
    },
  );

  it('counts together with codes, and says when the next is possible', async () => {
    const desk = await openDesk({ env: { SECURID_CHANGES_PER_AGENT_HOUR: '1' } });
    desk.tenant.records.devices = [];
    const code = await desk.agent.asks('/securid code alan@acme.test ios');
    const press = await verify(desk.agent, code);
    await press.answer();
    await press.answer();

    expect(desk.screen(await cardFor(desk))).toContain(
      '⛔ You have made one change within an hour. The next one is possible after',
    );
  });

  it('still counts after a restart', async () => {
    const AUDIT_FILE = join(OUTPUT, `printed-audit-${randomUUID()}.jsonl`);
    const desk = await openDesk({ env: { SECURID_CHANGES_PER_AGENT_HOUR: '1', AUDIT_FILE } });
    await unlocked(desk, await cardFor(desk));
    await desk.app.stop();
    (await desk.openSecondBot()).isAsked();
    noor(desk).isTokenLocked = true;

    expect(desk.screen(await cardFor(desk))).toContain(
      '⛔ You have made one change within an hour.',
    );
  });
});

describe('an unlock of a protected user', () => {
  const withApproval = {
    env: { SECURID_PROTECTED: 'noor@acme.test', SECURID_APPROVAL_CHANNEL: APPROVALS },
  };
  const requestIn = ({ workspace }: HelpDesk) =>
    workspace.messages.find(({ channel, to }) => channel === APPROVALS && !to) as Message;

  it('needs a second person, who reads what will be unlocked', async () => {
    const desk = await openDesk(withApproval);
    const card = await cardFor(desk);
    await unlock(desk, card);
    const request = requestIn(desk);

    expect(desk.screen(request)).toMatchInlineSnapshot(`
      "# Approval: Unlock Noor Haddad
      @jonas asks for approval of an unlock. @mira @nora
      For: Noor Haddad, noor@acme.test
      Reason: New telephone
      Ticket: INC-4711
      Verified: In person with badge
      To unlock: Authenticate OTP, SMS tokencode, Voice tokencode
      Status: 🟢 Enabled
      Locked methods: Authenticate OTP, SMS tokencode, Voice tokencode
      High risk: ⚠️ Yes
      Registered authenticators:
      000000900004 (RSA SecurID 700), since 2025-02-03
      iPhone von Noor (iOS 18.3), since 2025-01-28
        Expires at 09:10:00. Someone other than the agent and the user has to decide.
      [ Approve ]  [ Deny ]
        Incident \`####-####\`"
    `);
    expect(asked(desk)).toEqual([]);
    await desk.person(MIRA).clicks(request, 'Approve');
    await eventually(() => desk.screen(card).includes('Unlocked:'));

    expect(asked(desk)).toHaveLength(1);
    const [row] = (await rowsOf(desk)).filter(({ event }) => event === 'done');
    expect(row).toMatchObject({ operation: 'unlock', approver: MIRA });
  });

  it('opens as no other change', async () => {
    const desk = await openDesk({
      env: { ...withApproval.env, SECURID_PROTECTED: 'noor@acme.test, alan@acme.test' },
    });
    desk.tenant.records.devices = [];
    await (
      await verify(desk.agent, await desk.agent.asks('/securid code alan@acme.test ios'))
    ).answer();
    const code = requestIn(desk);
    await unlock(desk, await cardFor(desk));
    const request = desk.workspace.messages.findLast(
      ({ channel, to }) => channel === APPROVALS && !to,
    ) as Message;
    const [, value] = JSON.stringify(request.blocks).match(/"value":"(eyJ[^"]*)"/) ?? [];
    const press = await desk.person(MIRA).presses(code, 'Deny');
    await press.answer();

    const sent = new URLSearchParams(desk.workspace.lastRequest()?.body);
    const payload = JSON.parse(sent.get('payload') ?? '');
    Object.assign(payload, { trigger_id: 'another press' });
    Object.assign(payload.actions[0], { action_id: 'code:approve', value });
    await desk.workspace.send({ form: { payload: JSON.stringify(payload) } });
    await press.answer();

    expect(desk.screen(code)).toContain('This request has expired or has been decided.');
    expect(desk.tenant.issuedCodes).toEqual([]);
    expect(asked(desk)).toEqual([]);
    await desk.person(MIRA).clicks(request, 'Approve');
    await eventually(() => asked(desk).length === 1);
  });
});

describe('when unlock is not switched on', () => {
  it('is nowhere, and says so in one sentence when it is typed', async () => {
    const desk = await openDesk({ env: { SECURID_CHANGES: 'code' } });

    const answer = await cardFor(desk);

    expect(desk.screen(answer)).toMatchInlineSnapshot(
      `
      "\`/securid unlock\` is not switched on here. Your SecurID Desk administrator can add it to \`SECURID_CHANGES\`.
        For your SecurID Desk administrator: \`docs/troubleshooting.md#a-change-is-not-switched-on\`"
    `,
    );
    const help = desk.screen(await desk.agent.asks('/securid help'));
    expect(help).not.toContain('unlock');
    const user = await desk.agent.asks('/securid user noor@acme.test');
    expect(desk.screen(user)).not.toContain('Unlock');
    expect(desk.screen(await desk.agent.asks('/securid unlok noor@acme.test'))).not.toContain(
      '/securid unlock',
    );
  });
});
