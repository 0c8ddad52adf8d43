import { describe, expect, it } from 'vitest';
import { phone, tenantRecords, user } from '../../src/playground/tenant-records.ts';
import { openHelpDesk } from '../support/help-desk.ts';

const LOOKUP = 'POST /v1/users/lookup';
const UPN = 'grace@corp.acme.test';
const NOTE = `Found by user name, not by e-mail address: ${UPN}`;

/** A directory whose user names look like e-mail addresses. */
const openDesk = (names: { principalUsername?: string; alternateUsername?: string } = {}) =>
  openHelpDesk({
    env: { SECURID_APPROVERS: 'U0MIRA' },
    records: () => {
      const grace = user({
        emailAddress: 'g.okafor@mail.test',
        firstName: 'Grace',
        lastName: 'Okafor',
        principalUsername: UPN,
        ...names,
      });
      return tenantRecords({
        users: [grace, user({ emailAddress: 'mira@acme.test' })],
        devices: [phone({ userId: grace.id })],
      });
    },
  });

type Desk = Awaited<ReturnType<typeof openDesk>>;
/** The users that the tenant was asked about, without the askers' own records. */
const lookUps = ({ tenant }: Desk) =>
  tenant.requests.flatMap(({ route, body }) =>
    route === LOOKUP && JSON.stringify(body).includes(UPN) ? [body] : [],
  );

describe('a user name that looks like an e-mail address', () => {
  it.each([
    ['User name', {}],
    ['Alternate user name', { principalUsername: 'gokafor', alternateUsername: UPN }],
  ])('finds a user by the %s, and says so', async (label, names) => {
    const desk = await openDesk(names);

    const answer = await desk.agent.asks(`/securid user ${UPN}`);

    expect(answer.text).toBe('Grace Okafor: Enabled');
    expect(desk.screen(answer)).toContain(NOTE);
    expect(desk.screen(answer)).toContain(`${label}: ${UPN}`);
    expect(lookUps(desk)).toEqual([{ email: UPN }, { username: UPN }]);
  });

  it('finds the person for every command, and for a mention', async () => {
    const desk = await openDesk();
    for (const person of desk.workspace.people) if (person.id === 'U0GRACE') person.email = UPN;

    for (const who of [UPN, '@grace']) {
      expect(desk.screen(await desk.agent.asks(`/securid user ${who}`))).toContain(NOTE);
      expect(desk.screen(await desk.agent.asks(`/securid authenticators ${who}`))).toContain(NOTE);
      expect(desk.screen(await desk.agent.asks(`/securid code ${who}`))).toContain(NOTE);
      expect(desk.screen(await desk.manager.asks(`/securid unblock ${who}`))).toContain(NOTE);
    }
  });

  it('is the only key from then on, down to the registration code', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks(`/securid user ${UPN}`);
    // From here on, another user has that e-mail address.
    desk.tenant.records.users.push(user({ emailAddress: UPN, principalUsername: 'other' }));
    const before = lookUps(desk).length;

    const code = await desk.agent.clicks(card, 'Registration code');
    const devices = await desk.agent.clicks(card, 'Authenticators');
    const browsers = await desk.agent.clicks(devices, 'Show browsers');

    for (const answer of [code, devices, browsers]) {
      expect(answer.text).toContain('Grace Okafor');
      expect(desk.screen(answer)).toContain(NOTE);
    }
    expect(lookUps(desk).slice(before)).toEqual([
      { username: UPN },
      { username: UPN },
      { username: UPN },
    ]);
  });

  it('is only asked for if nobody has that e-mail address', async () => {
    const desk = await openDesk();
    desk.tenant.records.users.push(user({ emailAddress: UPN, firstName: 'Alan' }));

    const answer = await desk.agent.asks(`/securid code ${UPN}`);

    expect(answer.text).toMatch(/^Registration code for Alan/);
    expect(desk.screen(answer)).not.toContain('Found by user name');
    expect(lookUps(desk)).toEqual([{ email: UPN }]);
  });

  it('finds nobody if the tenant accepts no such user name', async () => {
    const desk = await openDesk();
    const saying = (code: string, status: number) => ({ status, body: { code, description: '' } });
    desk.tenant.answerNext(saying('404 NOT_FOUND', 404));
    desk.tenant.answerNext(saying('400 BAD_REQUEST', 400));

    expect(desk.screen(await desk.agent.asks('/securid user x@acme.test'))).toBe(
      'SecurID has no user with the e-mail address or user name x@acme.test. Check the spelling, or try their SecurID user name.',
    );
  });
});
