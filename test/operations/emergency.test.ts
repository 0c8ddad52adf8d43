import { describe, expect, it } from 'vitest';
import { inGroups } from '../../src/desk/aloud.ts';
import {
  ALAN,
  APPROVALS,
  HELP_DESK,
  MIRA,
  NOBODY,
  SECURITY,
} from '../../src/playground/company.ts';
import type { Fault, Traits } from '../../src/playground/tenant/index.ts';
import {
  eventually,
  type HelpDesk,
  type HelpDeskOptions,
  type Message,
  markedUp,
  openHelpDesk,
} from '../support/help-desk.ts';
import { rowsOf } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const ISSUE = 'PUT /v2/users/{id}/emergencyTokencode';
const END = 'DELETE /v1/users/{id}/emergencyTokencode/{eacId}';
const LOOKUP = 'POST /v1/users/lookup';
const MINUTE = 60_000;

const openDesk = ({ env = {}, ...options }: HelpDeskOptions = {}) =>
  openHelpDesk({
    ...options,
    env: {
      SECURID_CHANGES: 'code,emergency',
      SECURID_APPROVERS: `${MIRA},${NOBODY}`,
      SECURID_SECURITY_CHANNEL: SECURITY,
      ...env,
    },
  });

/** A tenant that is set up for emergency access like this. */
const emergency = (more: Partial<Traits['emergency']>): Pick<Traits, 'emergency'> => ({
  emergency: { again: 'replaced', endAnswer: 'nothing', ...more },
});

const cardFor = ({ agent }: HelpDesk, who = 'alan@acme.test') =>
  agent.asks(`/securid emergency ${who}`);

async function issue(desk: HelpDesk, card: Message) {
  const press = await verify(desk.agent, card);
  await press.answer();
  return press;
}

/** Issues a code, and waits for the message that replaces "Asking SecurID…". */
async function issued(desk: HelpDesk, card?: Message) {
  const message = card ?? (await cardFor(desk));
  const press = await issue(desk, message);
  await press.answer();
  return { message, press, reads: desk.screen(message) };
}

const asked = ({ tenant }: HelpDesk, route: string) =>
  tenant.calls().filter((call) => call === route);

const userOf = ({ tenant }: HelpDesk, name = 'alan') => {
  const found = tenant.records.users.find(
    ({ emailAddress }) => emailAddress === `${name}@acme.test`,
  );
  if (!found) throw new Error(`${name} is gone`);
  return found;
};

const codeOf = ({ tenant }: HelpDesk) => tenant.emergencyCodes.at(-1)?.code ?? 'none';

describe('/securid emergency', () => {
  it('shows who it is for and how long the code will be valid, and issues nothing yet', async () => {
    const desk = await openDesk();

    const card = await cardFor(desk);

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "# Emergency code for Alan Mertens
      E-mail: alan@acme.test
      User name: alan
      Status: 🟢 Enabled
      Identity source: Acme Directory
      Valid for: 4 hours, for one sign-in
      Emergency access: Disabled
      [ Verify and issue ]  [ Cancel ]"
    `);
    expect(asked(desk, ISSUE)).toEqual([]);
  });

  it('warns of a code that the user has already', async () => {
    const desk = await openDesk();
    expect(desk.screen(await cardFor(desk, 'noor@acme.test'))).toContain(
      '⚠️ This user already has emergency access. With a new code, the earlier one may stop working.',
    );
  });

  it('issues a code for one sign-in, to the agent alone, and tells the user', async () => {
    const desk = await openDesk();

    const { reads, message } = await issued(desk);

    const code = codeOf(desk);
    const shown = reads.replaceAll(code, 'ABCA7DEF').replaceAll(inGroups(code), 'ABCA 7DEF');
    expect(shown).toMatchInlineSnapshot(`
      "Emergency code for Alan Mertens
      # ABCA 7DEF
      To copy: \`ABCA7DEF\`
      Valid until: 2026-03-04 13:00
      Works: Once
        Only you can see this message. It disappears within five minutes. The code stays valid until it is used or expires, unless you press End emergency access, here or on the user’s card.
        Alan Mertens was notified in Slack.
      [ Hide now ]
      [ End emergency access ]"
    `);
    expect(message.text).not.toContain(code);
    const [request] = desk.tenant.requests.filter(({ route }) => route === ISSUE);
    expect(request?.body).toEqual({ oneTimeUse: true, expiryUnit: 'hours', expiryValue: 4 });
    const notice = desk.workspace.messages.find(({ text }) => text.includes('emergency code'));
    expect(notice && desk.screen(notice)).toContain(
      '🔑 An emergency code for your SecurID account was issued by @jonas at 2026-03-04 09:00.',
    );
    const rows = (await rowsOf(desk)).filter(({ operation }) => operation === 'emergency');
    expect(rows.map(({ event }) => event)).toEqual(['look-up', 'intent', 'done', 'told', 'erased']);
    expect(rows).toContainEqual(
      expect.objectContaining({ event: 'intent', input: { hours: '4' } }),
    );
    expect(JSON.stringify(rows)).not.toContain(code);
  });

  it('asks for as many hours as are configured', async () => {
    const desk = await openDesk({ env: { SECURID_EMERGENCY_HOURS: '1' } });
    const { reads } = await issued(desk);
    expect(reads).toContain('Valid until: 2026-03-04 10:00');
    const [request] = desk.tenant.requests.filter(({ route }) => route === ISSUE);
    expect(request?.body).toMatchObject({ expiryValue: 1 });
  });

  it.each<[string, Traits['emergency']['lockedTo'], string]>([
    [
      'for longer and as often as needed',
      { expiryValue: 2, expiryUnit: 'days', oneTimeUse: false },
      'the code is valid for 2 days, for any number of sign-ins. Its settings are locked in the console.',
    ],
    [
      'for a shorter time',
      { expiryValue: 90, expiryUnit: 'minutes', oneTimeUse: true },
      'the code is valid for 90 minutes. Its settings are locked in the console.',
    ],
  ])('says what SecurID really used: %s', async (_, lockedTo, reads) => {
    const desk = await openDesk({ traits: emergency({ lockedTo }) });
    expect((await issued(desk)).reads).toContain(
      `⚠️ SecurID did not issue what was asked for (4 hours, one sign-in): ${reads}`,
    );
  });

  it('says nothing of settings that are locked to what was asked for', async () => {
    const lockedTo = { expiryValue: 240, expiryUnit: 'minutes', oneTimeUse: true } as const;
    const desk = await openDesk({ traits: emergency({ lockedTo }) });
    expect((await issued(desk)).reads).not.toContain('⚠️');
  });

  it('says that it may have used others, if it does not say which', async () => {
    const desk = await openDesk();
    const body = { emergencyTokencode: 'AB12CD34', configurationsLocked: true };
    desk.tenant.answerNext({ status: 200, body }, 1, ISSUE);
    expect((await issued(desk)).reads).toContain(
      '⚠️ The settings for emergency access are locked in the console, and SecurID does not say which it used.',
    );
  });

  it('shows a code of any characters as it is', async () => {
    const desk = await openDesk();
    const body = { emergencyTokencode: '*a_b*`<c>&' };
    desk.tenant.answerNext({ status: 200, body }, 1, ISSUE);
    const { reads, message } = await issued(desk);
    expect(reads).toContain('# *a_b*`<c>&');
    expect(reads).toContain('To copy: *a_b*`<c>&');
    expect(reads).toContain('Valid until: SecurID does not say');
    expect(markedUp(message).join('\n')).not.toContain('<c>');
  });

  it('disappears after five minutes, which ends nothing', async () => {
    const desk = await openDesk();
    const { message, press } = await issued(desk);

    desk.clock.advance(5 * MINUTE - 1);
    expect(desk.screen(message)).toContain(codeOf(desk));
    desk.clock.advance(1);
    await press.answer();

    expect(desk.screen(message)).toMatchInlineSnapshot(
      `"The emergency code for Alan Mertens was removed from the screen. It stays valid until it is used or expires."`,
    );
    expect(JSON.stringify(message)).not.toContain(codeOf(desk));
    expect(userOf(desk).emergencyAccessStatus).toBe('Enabled');
    const rows = (await rowsOf(desk)).filter(({ event }) => event === 'erased');
    expect(rows).toEqual([expect.objectContaining({ reason: 'it was shown long enough' })]);
  });

  it('disappears when it expires, if that is sooner', async () => {
    const lockedTo = { expiryValue: 1, expiryUnit: 'minutes', oneTimeUse: true } as const;
    const desk = await openDesk({ traits: emergency({ lockedTo }) });
    const { message, press } = await issued(desk);
    desk.clock.advance(MINUTE);
    await press.answer();
    expect(desk.screen(message)).toBe(
      'The emergency code for Alan Mertens has expired and was removed.',
    );
  });

  it('can be hidden, and leads to its end', async () => {
    const desk = await openDesk();
    const { message } = await issued(desk);

    const card = await desk.agent.clicks(message, 'End emergency access');
    expect(desk.screen(card)).toContain('# End emergency access for Alan Mertens');
    await desk.agent.clicks(message, 'Hide now');

    expect(desk.screen(message)).toBe(
      'The emergency code for Alan Mertens was hidden. It stays valid until it is used or expires.',
    );
  });

  it('is not confused by markup in a name', async () => {
    const desk = await openDesk();
    desk.tenant.records.devices = [];
    const { reads, message } = await issued(desk, await cardFor(desk, 'mallory@acme.test'));
    expect(reads).toContain(inGroups(codeOf(desk)));
    expect(markedUp(message).join('\n')).not.toMatch(/<!channel>|<https:\/\/evil/);
  });
});

describe('a forbidden emergency code', () => {
  it('is refused for the agent’s own account', async () => {
    const desk = await openDesk();
    expect(desk.screen(await cardFor(desk, 'jonas@acme.test'))).toContain(
      '⛔ This is your own account. A colleague has to issue the emergency code.',
    );
  });

  it.each(['ivy', 'pia'])('is refused for a user who is disabled or leaving: %s', async (name) => {
    const desk = await openDesk();
    const card = desk.screen(await cardFor(desk, `${name}@acme.test`));
    expect(card).toContain('⛔');
    expect(card).not.toContain('[ Verify');
  });

  it('is refused during a lockdown, on the card and on submission', async () => {
    const desk = await openDesk();
    const card = await cardFor(desk);
    await desk.person(MIRA).asks('/securid lockdown on');

    await issue(desk, card);

    expect(desk.screen(card)).toBe(
      '⛔ No emergency code was issued. SecurID Desk is in lockdown: no emergency codes are issued.',
    );
    expect(asked(desk, ISSUE)).toEqual([]);
  });

  it('disappears from the screen in a lockdown', async () => {
    const desk = await openDesk();
    const { message } = await issued(desk);
    await desk.person(MIRA).asks('/securid lockdown on');
    await eventually(() => desk.screen(message).includes('withdrawn'));
    expect(desk.screen(message)).toContain('Do not pass it on.');
  });

  it('is refused to people without the role', async () => {
    const desk = await openDesk();
    expect(desk.screen(await desk.manager.asks('/securid emergency alan@acme.test'))).toMatch(
      /^Sorry,/,
    );
  });

  it('is nowhere if it is not switched on', async () => {
    const desk = await openDesk({ env: { SECURID_CHANGES: 'code' } });
    expect(desk.screen(await cardFor(desk))).toBe(
      '`/securid emergency` is not switched on here. Your SecurID Desk administrator can add it to `SECURID_CHANGES`.\n  For your SecurID Desk administrator: `docs/troubleshooting.md#a-change-is-not-switched-on`',
    );
    const user = desk.screen(await desk.agent.asks('/securid user noor@acme.test'));
    expect(user).not.toMatch(/Emergency code|End emergency access/);
  });

  it('needs a second person for a protected user, who reads how long it is valid', async () => {
    const desk = await openDesk({
      env: { SECURID_PROTECTED: 'alan@acme.test', SECURID_APPROVAL_CHANNEL: APPROVALS },
    });
    const card = await cardFor(desk);
    await issue(desk, card);
    const request = desk.workspace.messages.find(
      ({ channel, to }) => channel === APPROVALS && !to,
    ) as Message;
    expect(desk.screen(request)).toContain('Valid for: 4 hours, for one sign-in');
    expect(asked(desk, ISSUE)).toEqual([]);

    await desk.person(MIRA).clicks(request, 'Approve');
    await eventually(() => desk.screen(card).includes('To copy'));

    const channel = desk.workspace.messages.filter((message) => message.channel === APPROVALS);
    expect(JSON.stringify(channel)).not.toContain(codeOf(desk));
  });

  it.each<[Fault, string]>([
    [
      { status: 404, body: { code: '404 NOT_FOUND', description: 'User not found' } },
      '⚠️ SecurID issued no emergency code: it no longer has that user.',
    ],
    [
      { status: 400, body: { code: '400 BAD_REQUEST', description: 'Invalid expiryValue.' } },
      '⚠️ SecurID issued no emergency code. Most likely it does not allow one that is valid for so long: your SecurID Desk administrator can set `SECURID_EMERGENCY_HOURS`',
    ],
  ])('says what SecurID answered when it refuses, and counts for nothing', async (fault, reads) => {
    const desk = await openDesk({ env: { SECURID_CODES_PER_AGENT_HOUR: '1' } });
    desk.tenant.answerNext(fault, 1, ISSUE);

    expect((await issued(desk)).reads).toContain(reads);
    expect((await issued(desk)).reads).toContain('To copy');
  });

  it('says that the tenant does not allow so many hours', async () => {
    const desk = await openDesk({ traits: emergency({ longest: 60 }) });
    expect((await issued(desk)).reads).toContain('Most likely it does not allow one');
    expect(desk.tenant.emergencyCodes).toEqual([]);
  });

  it('tells the state as it is now if the user has one already', async () => {
    const desk = await openDesk({ traits: emergency({ again: 'conflict' }) });
    const card = await cardFor(desk);
    Object.assign(userOf(desk), {
      emergencyAccessStatus: 'Enabled',
      emergencyTokencodeId: 'one',
      emergencyTokencodeExpiration: '2026-03-04T12:30:00.000Z',
    });

    const { reads } = await issued(desk, card);

    expect(reads).toContain('⚠️ SecurID issued no emergency code: the user already has one.');
    expect(reads).toContain('Emergency access: Enabled until 2026-03-04 12:30');
    expect(reads).not.toContain('[ Try again ]');
  });

  it.each([{ status: 502 }, 'reset after', 'cut off'] as const)(
    'has an unknown outcome, and is never repeated, after %o',
    async (fault) => {
      const desk = await openDesk();
      desk.tenant.answerNext(fault, 1, ISSUE);

      const { reads } = await issued(desk);

      expect(reads).toMatch(/^⚠️ SecurID may have issued an emergency code, but no usable answer/);
      expect(reads).not.toContain('[ Try again ]');
      expect(asked(desk, ISSUE)).toHaveLength(1);
      expect((await rowsOf(desk)).map(({ event }) => event)).toContain('unknown');
    },
  );

  it('has an unknown outcome if the answer is about another user, and shows nothing', async () => {
    const desk = await openDesk();
    const body = { userId: '0b1f', emergencyTokencode: 'SECRET77' };
    desk.tenant.answerNext({ status: 200, body }, 1, ISSUE);
    const { reads } = await issued(desk);
    expect(reads).toContain('SecurID may have issued an emergency code');
    expect(reads).not.toContain('SECRET77');
  });

  it('names the missing OAuth permission', async () => {
    const desk = await openDesk({ credential: 'oauth rsa' });
    const { scopes } = desk.tenant.oauth;
    scopes.splice(scopes.indexOf('rsa.authenticator.emergency.manage'), 1);
    const { reads } = await issued(desk);
    expect(reads).toContain('No emergency code was issued.');
    expect(reads).toContain('needs the permission `rsa.authenticator.emergency.manage`');
  });

  it.each([
    [
      { SECURID_CODES_PER_AGENT_HOUR: '1' },
      'noor',
      'You have issued one emergency code within an hour.',
    ],
    [
      { SECURID_CODES_PER_TARGET_DAY: '1' },
      'alan',
      'This user has had one emergency code within a day.',
    ],
    [{ SECURID_CHANGES_PER_AGENT_HOUR: '1' }, 'noor', 'You have made one change within an hour.'],
  ])('has limits of its own: %o', async (env, next, reads) => {
    const desk = await openDesk({ env });
    await issued(desk);
    const card = desk.screen(await cardFor(desk, `${next}@acme.test`));
    expect(card).toContain(`⛔ ${reads}`);
  });

  it('counts apart from registration codes', async () => {
    const desk = await openDesk({ env: { SECURID_CODES_PER_AGENT_HOUR: '1' } });
    desk.tenant.records.devices = [];
    const code = await desk.agent.asks('/securid code noor@acme.test ios');
    const press = await verify(desk.agent, code);
    await press.answer();
    await press.answer();
    expect((await issued(desk)).reads).toContain('To copy');
  });
});

/** Noor has emergency access. Her card has other buttons, too, so this one may be in its menu. */
async function endFor(desk: HelpDesk, who = desk.agent): Promise<Message> {
  const channel = who === desk.agent ? HELP_DESK : APPROVALS;
  const user = await who.asks('/securid user noor@acme.test', channel);
  if (desk.screen(user).includes(`[ ${LABEL} ]`)) return who.clicks(user, LABEL);
  const chosen = await who.chooses(user, 'More actions', LABEL);
  return (await chosen?.answer()) as Message;
}

const LABEL = 'End emergency access';

async function ended(desk: HelpDesk, card: Message, who = desk.agent): Promise<string> {
  const press = await verify(who, card, { button: 'End it', method: '' });
  await press.answer();
  await press.answer();
  return desk.screen(card);
}

describe('the end of emergency access', () => {
  it('is a button on the card of a user who has it', async () => {
    const desk = await openDesk();
    expect(desk.screen(await endFor(desk))).toMatchInlineSnapshot(`
      "# End emergency access for Noor Haddad
      E-mail: noor@acme.test
      User name: noor
      Status: 🟢 Enabled
      Identity source: Acme Directory
      Emergency access: Enabled until 2026-03-07 09:00
      [ End it ]  [ Cancel ]"
    `);
    expect(desk.screen(await desk.agent.asks('/securid user alan@acme.test'))).not.toContain(
      'End emergency access',
    );
    expect(desk.screen(await desk.agent.asks('/securid help'))).not.toContain('end-emergency');
  });

  it('ends all codes, says what the record says now, and tells the user', async () => {
    const desk = await openDesk();

    expect(await ended(desk, await endFor(desk))).toMatchInlineSnapshot(`
      "End emergency access for Noor Haddad
      Emergency access: Disabled
        Noor Haddad was notified in Slack."
    `);

    expect(userOf(desk, 'noor')).toMatchObject({
      emergencyAccessStatus: 'Disabled',
      emergencyTokencodeId: null,
    });
    const notice = desk.workspace.messages.find(({ text }) => text.includes('was ended'));
    expect(notice && desk.screen(notice)).toContain(
      'Emergency access to your SecurID account was ended by @jonas',
    );
    const rows = (await rowsOf(desk)).filter(({ operation }) => operation === 'end-emergency');
    expect(rows).toContainEqual(expect.objectContaining({ event: 'done', ticket: 'INC-4711' }));
  });

  it('says that the offline code survives', async () => {
    const desk = await openDesk();
    Object.assign(userOf(desk, 'noor'), {
      offlineEmergencyAccessStatus: 'Enabled',
      offlineEmergencyTokencodeExpiration: '2026-03-06T09:00:00.000Z',
    });
    const stays = '⚠️ An offline code on a Windows computer keeps working until it expires.';
    const card = await endFor(desk);
    expect(desk.screen(card)).toContain(stays);
    const reads = await ended(desk, card);
    expect(reads).toContain('Offline emergency access: Enabled until 2026-03-06 09:00');
    expect(reads).toContain(stays);
  });

  it('goes on during a lockdown, and an approver may do it', async () => {
    const desk = await openDesk();
    await desk.person(MIRA).asks('/securid lockdown on');
    const card = await endFor(desk, desk.person(MIRA));
    expect(await ended(desk, card, desk.person(MIRA))).toContain('Emergency access: Disabled');
  });

  it.each(['nothing', 'no content'] as const)('takes %s for an answer', async (endAnswer) => {
    const desk = await openDesk({ traits: emergency({ endAnswer }) });
    expect(await ended(desk, await endFor(desk))).toContain('Emergency access: Disabled');
  });

  it.each(['cannot be read back', 'does not tell'])(
    'says that it is not confirmed if the record %s',
    async (how) => {
      const desk = await openDesk();
      const card = await endFor(desk);
      const press = await verify(desk.agent, card, { button: 'End it', method: '' });
      await press.answer();
      const { emergencyAccessStatus: _, ...silent } = userOf(desk, 'noor');
      const answer = how === 'does not tell' ? { status: 200, body: silent } : { status: 403 };
      desk.tenant.answerNext(answer, 9, LOOKUP);
      await press.answer();
      expect(desk.screen(card)).toContain('SecurID accepted it, but did not confirm it.');
    },
  );

  it('ends nothing if it has ended meanwhile', async () => {
    const desk = await openDesk();
    const card = await endFor(desk);
    Object.assign(userOf(desk, 'noor'), {
      emergencyAccessStatus: 'Disabled',
      emergencyTokencodeId: null,
    });
    const press = await verify(desk.agent, card, { button: 'End it', method: '' });
    await press.answer();
    expect(desk.screen(card)).toContain(
      'Emergency access was not ended. This user has no emergency access.',
    );
    expect(asked(desk, END)).toEqual([]);
  });

  it.each<[number, string, string]>([
    [404, 'Emergency tokencode not found', 'SecurID no longer has that emergency code'],
    [409, 'Already disabled', 'emergency access has already ended'],
  ])('tells the state as it is now after a %i', async (status, description, reads) => {
    const desk = await openDesk();
    const card = await endFor(desk);
    const body = { code: `${status} X_Y`, description };
    desk.tenant.answerNext({ status, body }, 1, END);
    const answer = await ended(desk, card);
    expect(answer).toContain(`⚠️ Nothing was ended: ${reads}`);
    expect(answer).toContain('Emergency access: Enabled until');
  });

  it('looks at the record if the answer was lost', async () => {
    const desk = await openDesk();
    desk.tenant.answerNext('reset after', 1, END);
    expect(await ended(desk, await endFor(desk))).toContain('Emergency access: Disabled');
    expect(asked(desk, END)).toHaveLength(1);
  });

  it('says so if the answer was lost and nothing was ended', async () => {
    const desk = await openDesk();
    desk.tenant.answerNext({ status: 502 }, 1, END);
    const reads = await ended(desk, await endFor(desk));
    expect(reads).toContain('No usable answer arrived, and the user still has emergency access.');
    expect(asked(desk, END)).toHaveLength(1);
  });

  it('says that SecurID does not name the code', async () => {
    const desk = await openDesk();
    userOf(desk, 'noor').emergencyTokencodeId = null;
    const user = await desk.agent.asks('/securid user noor@acme.test');
    expect(desk.screen(user)).not.toContain(LABEL);
  });
});

describe('a report', () => {
  it('ends emergency access at once, whatever it is about, and the alert says so', async () => {
    const desk = await openDesk();
    const { message } = await issued(desk);
    const notice = desk.workspace.messages.find(({ text }) => text.includes('emergency code'));

    await desk.person(ALAN).clicks(notice as Message, "This wasn't me");

    expect(userOf(desk).emergencyAccessStatus).toBe('Disabled');
    expect(asked(desk, END)).toHaveLength(1);
    await eventually(() => desk.screen(message).includes('withdrawn'));
    const alert = () =>
      desk.workspace.messages.find(({ channel, to }) => channel === SECURITY && !to);
    await eventually(() => alert() !== undefined);
    expect(desk.screen(alert() as Message)).toContain('Emergency access was ended.');
    const rows = (await rowsOf(desk)).filter(({ operation }) => operation === 'end-emergency');
    expect(rows.map(({ event, actor }) => ({ event, actor }))).toEqual([
      { event: 'intent', actor: undefined },
      { event: 'done', actor: undefined },
    ]);
  });

  const alertIn = ({ workspace }: HelpDesk) =>
    workspace.messages.find(({ channel, to }) => channel === SECURITY && !to);

  /** Alan reports the emergency code that was issued for him. */
  async function reported(desk: HelpDesk): Promise<string> {
    const notice = desk.workspace.messages.find(({ text }) => text.includes('emergency code'));
    await desk.person(ALAN).clicks(notice as Message, "This wasn't me");
    await eventually(() => alertIn(desk) !== undefined);
    return desk.screen(alertIn(desk) as Message);
  }

  it('ends what SecurID was still being asked for, and says so in an alert of its own', async () => {
    const desk = await openDesk();
    await issued(desk);
    const notice = desk.workspace.messages.find(({ text }) => text.includes('emergency code'));
    const card = await cardFor(desk);
    const hold = desk.tenant.hold(ISSUE);
    await issue(desk, card);
    await hold.arrived();
    await desk.person(ALAN).clicks(notice as Message, "This wasn't me");
    expect(userOf(desk).emergencyAccessStatus).toBe('Disabled');
    hold.release();

    await eventually(() => asked(desk, END).length === 2);
    const alerts = () => desk.workspace.messages.filter(({ channel }) => channel === SECURITY);
    await eventually(() => alerts().length === 2);
    expect(userOf(desk).emergencyAccessStatus).toBe('Disabled');
    expect(desk.screen(alerts().at(-1) as Message)).toContain('Emergency access was ended.');
  });

  it('says in the alert why emergency access could not be ended', async () => {
    const desk = await openDesk();
    await issued(desk);
    desk.tenant.answerNext({ status: 403 }, 9, END);
    expect(await reported(desk)).toMatchInlineSnapshot(`
      "# An emergency code nobody asked for
      🚨 @jonas issued an emergency code, and @alan did not ask for it.
      For: Alan Mertens
      Issued: 2026-03-04 09:00
      No more changes that give access will be made for this user until an approver lifts the block.
      ⚠️ Emergency access could not be ended. SecurID refused this app’s key. To end it, look the user up: \`/securid user\`.
      No device has been added so far.
      [ Show the devices ]  [ Lift the block ]
        Incident \`####-####\`"
    `);
    expect(userOf(desk).emergencyAccessStatus).toBe('Enabled');
  });

  it('ends nothing where there is no emergency access any more, and says nothing of it', async () => {
    const desk = await openDesk();
    await issued(desk);
    Object.assign(userOf(desk), { emergencyAccessStatus: 'Disabled', emergencyTokencodeId: null });
    expect(await reported(desk)).not.toContain('mergency access');
    expect(asked(desk, END)).toEqual([]);
  });

  it.each([
    ['before it is ended', 0],
    ['after the answer was lost', 1],
  ])('does not take silence of SecurID for the end: %s', async (_, ends) => {
    const desk = await openDesk();
    await issued(desk);
    const { emergencyAccessStatus: _status, ...silent } = userOf(desk);
    if (ends === 0) desk.tenant.answerNext({ status: 200, body: silent }, 9, LOOKUP);
    else {
      desk.tenant.answerNext('reset after', 1, END);
      void desk.tenant.saw(END).then(() => {
        desk.tenant.answerNext({ status: 200, body: silent }, 9, LOOKUP);
      });
    }
    const alert = await reported(desk);
    expect(alert).not.toContain('Emergency access was ended.');
    expect(alert).toContain('⚠️ ');
    expect(asked(desk, END)).toHaveLength(ends);
  });

  it('is content if it had ended meanwhile', async () => {
    const desk = await openDesk();
    await issued(desk);
    desk.tenant.answerNext('reset after', 1, END);
    expect(await reported(desk)).toContain('Emergency access was ended.');
    expect(asked(desk, END)).toHaveLength(1);
  });
});
