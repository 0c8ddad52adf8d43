import { describe, expect, it } from 'vitest';
import { HELP_DESK, JONAS, MIRA, NOBODY, SANA, SECURITY } from '../../src/playground/company.ts';
import { logEvent } from '../../src/playground/tenant-records.ts';
import {
  type HelpDesk,
  type HelpDeskOptions,
  markedUp,
  openHelpDesk,
} from '../support/help-desk.ts';
import { rowsOf } from '../support/rows.ts';

const LOGS = 'GET /v1/users/{id}/authlogs/';

const openDesk = (options: HelpDeskOptions = {}) =>
  openHelpDesk({
    ...options,
    env: { SECURID_CHANGES: 'code,unlock', SECURID_APPROVERS: MIRA, ...options.env },
  });

const asked = ({ agent }: HelpDesk, who = 'noor@acme.test') =>
  agent.asks(`/securid history ${who}`);

const userOf = ({ tenant }: HelpDesk, name: string) => {
  const found = tenant.records.users.find(
    ({ emailAddress }) => emailAddress === `${name}@acme.test`,
  );
  if (!found) throw new Error(`${name} is gone`);
  return found;
};

/** Replaces what is on record about somebody; the codes, by how many minutes ago. */
function happened(
  desk: HelpDesk,
  name: string,
  events: [code: number, ago: number, more?: object][],
) {
  const { id: userId } = userOf(desk, name);
  desk.tenant.records.authLogs = events.map(([eventCode, ago, more]) =>
    logEvent({
      userId,
      eventCode,
      eventLogDate: new Date(desk.clock.now() - ago * 60_000).toISOString(),
      eventDescription: `Event ${eventCode}.`,
      ...more,
    }),
  );
}

describe('/securid history', () => {
  it.each([
    [[null, {}, 'x'], 'What is on record does not say whether a sign-in failed.'],
    [[{ eventCode: 99999 }], 'What is on record does not say whether a sign-in failed.'],
    [[{ eventCode: 99999, eventLevel: 'notice' }], 'No failed sign-in is on record.'],
    [[], 'No sign-in is on record.'],
    // Milliseconds since 1970, as a string.
    [[{ eventCode: 104, eventLogDate: '1772600060000' }], '2026-03-04 04:54 ❌ wrong OTP'],
  ])('claims nothing that the log does not say: %j', async (body, words) => {
    const desk = await openDesk();
    desk.tenant.answerNext({ status: 200, body }, 1, LOGS);
    expect(desk.screen(await asked(desk))).toContain(words);
  });

  it('says what kept the user out, why, and what to do', async () => {
    const desk = await openDesk();

    const answer = await asked(desk);

    expect(desk.screen(answer)).toMatchInlineSnapshot(`
      "# Sign-ins of Noor Haddad
        noor@acme.test · Enabled
      ⚠️ 7 × wrong OTP in 3 min, then locked; 2 × tried while locked in 2 min. The last sign-in that worked was at 2026-03-02 09:00.
      The method is locked. If the user can explain the failed attempts, have it unlocked.
      2026-03-04 08:52 ❌ 2 × tried while locked in 2 min
      Authenticate OTP · iPhone von Noor · Acme VPN · from 198.51.100.7
      2026-03-04 08:38 🔒 7 × wrong OTP in 3 min, then locked
      Authenticate OTP · iPhone von Noor · Acme VPN · from 198.51.100.7
      2026-03-02 09:00 ✅ OTP accepted
      Authenticate OTP · iPhone von Noor · Acme VPN · from 198.51.100.7
        14 steps of the same sign-ins left out.
      [ Unlock ]"
    `);
    expect(desk.tenant.calls()).toContain(LOGS);
  });

  it('says that the last sign-in worked', async () => {
    const desk = await openDesk();
    expect(desk.screen(await asked(desk, 'grace@acme.test'))).toMatchInlineSnapshot(`
      "# Sign-ins of Grace Okafor
        grace@acme.test · Enabled
      ✅ The last sign-in worked at 2026-03-03 09:00.
      2026-03-03 09:00 ✅ Approve accepted
      Approve · Grace's Pixel · Acme VPN · from 198.51.100.7
      2026-03-02 09:00 ✅ Approve accepted
      Approve · Grace's Pixel · Acme VPN · from 198.51.100.7
      2026-02-27 09:00 ✅ Approve accepted
      Approve · Grace's Pixel · Acme VPN · from 198.51.100.7"
    `);
  });

  it('is open to approvers, without changes that are an agent’s', async () => {
    const desk = await openDesk();
    const answer = desk.screen(await desk.person(MIRA).asks('/securid history noor@acme.test'));
    expect(answer).toContain('7 × wrong OTP in 3 min, then locked');
    expect(answer).not.toContain('[ Unlock ]');
  });

  it('is refused to people without the role', async () => {
    const desk = await openDesk();
    expect(desk.screen(await desk.nobody.asks('/securid history noor@acme.test'))).toMatch(
      /^Sorry/,
    );
    expect(desk.tenant.calls()).not.toContain(LOGS);
  });

  it('leads to the unlock card', async () => {
    const desk = await openDesk();
    const card = await desk.agent.clicks(await asked(desk), 'Unlock');
    expect(desk.screen(card)).toContain('# Unlock Noor Haddad');
  });

  it('offers no unlock if the record says that nothing is locked', async () => {
    const desk = await openDesk();
    Object.assign(userOf(desk, 'noor'), {
      isTokenLocked: false,
      isSmsLocked: false,
      isVoiceLocked: false,
    });
    expect(desk.screen(await asked(desk))).not.toContain('[ Unlock ]');
  });

  it('offers no unlock if it is not switched on', async () => {
    const desk = await openDesk({ env: { SECURID_CHANGES: 'code' } });
    expect(desk.screen(await asked(desk))).not.toContain('[ Unlock ]');
  });

  it('offers no unlock if something else keeps the user out', async () => {
    const desk = await openDesk();
    happened(desk, 'noor', [
      [2, 60],
      [103, 30],
      [215, 5],
    ]);
    const answer = desk.screen(await asked(desk));
    expect(answer).toContain('⚠️ Wrong password or unknown user name.');
    expect(answer).not.toContain('[ Unlock ]');
  });

  it('offers a registration code to a user without an authenticator', async () => {
    const desk = await openDesk();
    const answer = desk.screen(await asked(desk, 'alan@acme.test'));
    expect(answer).toContain('They need a registration code, or an emergency code for now.');
    expect(answer).toContain('[ Registration code ]');
    expect(answer).not.toContain('[ Emergency code ]');
  });

  it('offers an emergency code as well if it is switched on', async () => {
    const desk = await openDesk({ env: { SECURID_CHANGES: 'code,emergency' } });
    const answer = desk.screen(await asked(desk, 'alan@acme.test'));
    expect(answer).toContain('[ Registration code ]  [ Emergency code ]');
  });

  it('offers nothing that would be refused: the agent’s own account, a lockdown', async () => {
    const desk = await openDesk();
    happened(desk, 'jonas', [[2, 5]]);
    userOf(desk, 'jonas').isTokenLocked = true;
    expect(desk.screen(await asked(desk, 'jonas@acme.test'))).not.toContain('[ Unlock ]');
    happened(desk, 'noor', [[2, 5]]);
    await desk.person(MIRA).asks('/securid lockdown on');
    expect(desk.screen(await asked(desk))).not.toContain('[ Unlock ]');
  });

  it.each<[string, [number, number][], string]>([
    [
      'one by one if they are far apart',
      [
        [104, 50],
        [104, 5],
      ],
      '⚠️ Wrong OTP; wrong OTP.',
    ],
    [
      'within a minute',
      [
        [104, 5.3],
        [104, 5.2],
        [104, 5],
      ],
      '3 × wrong OTP within a minute',
    ],
    ['over hours', Array.from({ length: 13 }, (_, at) => [607, at * 9]), '13 × wrong PIN in 2 h'],
    [
      'without a lock that came later',
      [
        [104, 30],
        [2, 5],
      ],
      '⚠️ Wrong OTP; method locked.',
    ],
  ])('groups attempts %s', async (_, events, reads) => {
    const desk = await openDesk();
    happened(desk, 'alan', events);
    expect(desk.screen(await asked(desk, 'alan@acme.test'))).toContain(reads);
  });

  it.each<[string, [number, number, object?][], string]>([
    [
      'which it knows only by a step',
      [
        [104, 9],
        [912, 5],
      ],
      '✅ The last sign-in worked at',
    ],
    [
      'by an unlock',
      [
        [104, 9],
        [3, 5],
      ],
      '✅ The last sign-in worked at',
    ],
    [
      'that came before',
      [
        [912, 9],
        [104, 5],
      ],
      '⚠️ Wrong OTP. The last sign-in that worked was at',
    ],
  ])('tells a sign-in that worked %s', async (_, events, reads) => {
    const desk = await openDesk();
    happened(desk, 'alan', events);
    expect(desk.screen(await asked(desk, 'alan@acme.test'))).toContain(reads);
  });

  it('does not call the last sign-in good if an unknown error followed', async () => {
    const desk = await openDesk();
    happened(desk, 'alan', [
      [103, 9],
      [77_777, 5, { eventLevel: 'error' }],
    ]);
    const answer = desk.screen(await asked(desk, 'alan@acme.test'));
    expect(answer).toContain('⚠️ Event 77777. The last sign-in that worked was at');
    expect(answer).toContain('❌ event 77777');
  });

  it('does not say that no sign-in worked if it does not know all events', async () => {
    const desk = await openDesk();
    happened(desk, 'alan', [
      [88_888, 9],
      [104, 5],
    ]);
    const answer = desk.screen(await asked(desk, 'alan@acme.test'));
    expect(answer).toContain('⚠️ Wrong OTP.\n');
  });

  it('says that nothing is locked any more', async () => {
    const desk = await openDesk();
    happened(desk, 'alan', [[2, 9]]);
    const answer = desk.screen(await asked(desk, 'alan@acme.test'));
    expect(answer).toContain('nothing is locked any more. Ask them to try again.');
    expect(answer).not.toContain('[ Unlock ]');
  });

  it('shows RSA’s own words as plain text where it does not know the code', async () => {
    const desk = await openDesk();

    const answer = await asked(desk, 'mallory@acme.test');

    expect(desk.screen(answer)).toContain('event 99001');
    expect(desk.screen(answer)).toContain(
      '<!channel> *Sign-in* ~failed~ <https://evil.test|click> & `more` · *Phone* · <!here> _Portal_ · from 198.51.100.7',
    );
    expect(markedUp(answer).join('\n')).not.toMatch(/<!here|<!channel|\*Sign-in|_Portal_/);
  });

  it('shows the good events beside one that cannot be read', async () => {
    const desk = await openDesk();
    const time = new Date(desk.clock.now()).toISOString();
    const good = { eventLogDate: time, eventCode: '104', eventDescription: 'No.' };
    desk.tenant.answerNext({ status: 200, body: [null, good, 'x', { eventCode: {} }] }, 1, LOGS);

    const answer = desk.screen(await asked(desk));

    expect(answer).toContain('⚠️ Wrong OTP. There is no successful sign-in on record.');
    expect(answer).toContain('3 events could not be read.');
  });

  it('shows an event without a time', async () => {
    const desk = await openDesk();
    desk.tenant.answerNext({ status: 200, body: [{ eventCode: 703 }] }, 1, LOGS);
    const answer = desk.screen(await asked(desk));
    expect(answer).toContain('Time unknown: ❌ Approve denied on the phone');
    expect(answer).toContain('call your security team');
  });

  it('says that SecurID gives no more than 100 events', async () => {
    const desk = await openDesk();
    const answer = desk.screen(await asked(desk, 'otto@acme.test'));
    expect(answer).toContain(
      '85 older entries are not shown. SecurID returns the newest 100 events. The Cloud Administration Console has the older ones.',
    );
  });

  it.each([[[]], ['']])('says that nothing is on record: %j', async (body) => {
    const desk = await openDesk();
    desk.tenant.answerNext({ status: 200, body }, 1, LOGS);
    expect(desk.screen(await asked(desk))).toContain('No sign-in is on record.');
  });

  it('says that the user is gone meanwhile', async () => {
    const desk = await openDesk();
    const body = { code: '404 NOT_FOUND', description: 'User not found' };
    desk.tenant.answerNext({ status: 404, body }, 1, LOGS);
    expect(desk.screen(await asked(desk))).toBe(
      'SecurID no longer has Noor Haddad. Look the user up again.',
    );
  });

  it('names the permission that is missing, while the rest works', async () => {
    const desk = await openDesk({ credential: 'oauth rsa' });
    const { scopes } = desk.tenant.oauth;
    scopes.splice(scopes.indexOf('rsa.audit.user'), 1);

    const answer = desk.screen(await asked(desk));

    expect(answer).toContain('its OAuth client needs the permission `rsa.audit.user`');
    expect(desk.screen(await desk.agent.asks('/securid user noor@acme.test'))).toContain('# Noor');
  });

  it('is on record as a look-up, and counts as one', async () => {
    const desk = await openDesk({ env: { SECURID_AGENTS: `${JONAS},${NOBODY},${MIRA},${SANA}` } });
    for (const id of [JONAS, NOBODY, MIRA, SANA]) {
      await desk
        .person(id)
        .asks('/securid history noor@acme.test', id === SANA ? SECURITY : HELP_DESK);
    }
    const { id } = userOf(desk, 'noor');

    const rows = await rowsOf(desk, { operation: 'history' });
    expect(rows.filter(({ event }) => event === 'look-up')).toHaveLength(4);
    expect(rows).toContainEqual(expect.objectContaining({ event: 'many look-ups', target: id }));
  });

  it('makes somebody wait who looks at very many within an hour', async () => {
    const desk = await openDesk();
    for (let count = 0; count < 60; count += 1) await asked(desk, 'ivy@acme.test');
    expect(asksFor(desk)).toBe(60);

    expect(desk.screen(await asked(desk))).toBe(
      'You have looked at sign-ins very often within an hour. The next look is possible after 2026-03-04 10:00. `/securid user` still works.',
    );

    expect(asksFor(desk)).toBe(60);
    const manager = desk.screen(await desk.person(MIRA).asks('/securid history noor@acme.test'));
    expect(manager).toContain('# Sign-ins of Noor Haddad');
    desk.clock.advance(60 * 60_000);
    expect(desk.screen(await asked(desk))).toContain('# Sign-ins of Noor Haddad');
  });
});

const asksFor = ({ tenant }: HelpDesk) => tenant.calls().filter((call) => call === LOGS).length;
