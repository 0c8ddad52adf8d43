import { describe, expect, it } from 'vitest';
import { MIRA, NOBODY } from '../../src/playground/company.ts';
import { sid700, tenantRecords, user } from '../../src/playground/tenant-records.ts';
import {
  type HelpDesk,
  type HelpDeskOptions,
  markedUp,
  openHelpDesk,
} from '../support/help-desk.ts';
import { rowsOf } from '../support/rows.ts';

const SYNC = 'POST /v1/users/{id}/sync';
const LOOK_UP = 'POST /v1/users/lookup';
const BUTTON = 'Look in the directory';

const grace = user({ emailAddress: 'grace@acme.test', lastName: 'Okafor' });
/** Only the directory has Tess. */
const tess = user({ emailAddress: 'tess@acme.test', lastName: 'Lund', principalUsername: 'tlund' });

type Options = { env?: Record<string, string> } & Omit<HelpDeskOptions, 'env'>;

const openDesk = ({ env = {}, ...options }: Options = {}) =>
  openHelpDesk({
    records: () =>
      tenantRecords({
        users: [{ ...grace }],
        directory: [{ ...grace, lastName: 'Hopper', userStatus: 'Disabled' }, { ...tess }],
      }),
    ...options,
    env: { SECURID_CHANGES: 'code,sync', SECURID_APPROVERS: `${MIRA},${NOBODY}`, ...env },
  });

const asked = ({ tenant }: HelpDesk, route = SYNC) =>
  tenant.calls().filter((call) => call === route);

/** What was sent to look in the directory. */
const searched = ({ tenant }: HelpDesk) =>
  tenant.requests.filter(({ body }) => JSON.stringify(body ?? {}).includes('searchUnsynched'));

async function looks(desk: HelpDesk, typed = '/securid tess@acme.test') {
  const nobody = await desk.agent.asks(typed);
  return desk.agent.clicks(nobody, BUTTON);
}

describe('/securid sync', () => {
  it('lets the record follow the directory, and shows it', async () => {
    const desk = await openDesk();

    const answer = await desk.agent.asks('/securid sync grace@acme.test');

    expect(desk.screen(answer)).toMatchInlineSnapshot(`
      "Synchronized with the directory
      # Grace Hopper
      🔴 Disabled
      Status: 🔴 Disabled
      E-mail: grace@acme.test
      User name: grace
      Identity source: Acme Directory
      Last synchronized: 2026-03-04 09:00
      [ User details ]"
    `);
    const rows = await rowsOf(desk, { operation: 'sync' });
    expect(rows.map(({ event }) => event)).toEqual(['look-up', 'intent', 'done']);
    expect(rows[1]).toMatchObject({ target: grace.id });
    for (const one of ['method', 'ticket', 'reason']) expect(rows[1]).not.toHaveProperty(one);
  });

  it('is on the card of a user, and leads back to it', async () => {
    const desk = await openDesk();
    const card = await desk.agent.asks('/securid user grace@acme.test');

    const answer = await desk.agent.clicks(card, 'Synchronize');

    expect(desk.screen(await desk.agent.clicks(answer, 'User details'))).toMatch(/^# Grace Hopper/);
  });

  it('takes a user id, as a token names its owner', async () => {
    const desk = await openDesk();

    const answer = desk.screen(await desk.agent.asks(`/securid sync ${grace.id}`));

    expect(answer).toContain('# Grace Hopper');
    expect(answer).toContain('[ User details ]');
    expect(asked(desk, LOOK_UP)).toEqual([]);
    expect(
      (await rowsOf(desk, { operation: 'sync' })).map(({ event, target }) => [event, target]),
    ).toEqual([
      ['intent', grace.id],
      ['done', grace.id],
    ]);
  });

  it('tells who has a token whose owner nobody has looked up', async () => {
    const desk = await openDesk({
      records: () =>
        tenantRecords({
          users: [{ ...grace }],
          tokens: [sid700({ tokenSerialNumber: '000000900001', userId: grace.id })],
        }),
      env: { SECURID_CHANGES: 'code,token,sync' },
    });
    const token = await desk.agent.asks('/securid token 000000900001');

    const owner = await desk.agent.clicks(token, 'Synchronize owner');

    expect(desk.screen(owner)).toContain('# Grace Okafor');
    expect(desk.screen(await desk.agent.asks('/securid token 000000900001'))).toContain(
      'Grace Okafor',
    );
  });

  it('asks for the same id again if certainly nothing was done', async () => {
    const desk = await openDesk();
    desk.tenant.answerNext({ status: 403 }, 1, SYNC);
    const failed = await desk.agent.asks(`/securid sync ${grace.id}`);

    const answer = await desk.agent.clicks(failed, 'Try again');

    expect(desk.screen(answer)).toContain('# Grace Hopper');
  });

  it('says so if SecurID no longer has the user', async () => {
    const desk = await openDesk();

    expect(desk.screen(await desk.agent.asks(`/securid sync ${tess.id}`))).toContain(
      '⚠️ Nobody was synchronized: SecurID no longer has that user.',
    );
  });

  it('goes on during a lockdown, and for the agent’s own account', async () => {
    const desk = await openDesk();
    const [first] = desk.tenant.records.users;
    if (first) first.emailAddress = 'jonas@acme.test';
    desk.tenant.records.directory = [];
    await desk.person(MIRA).asks('/securid lockdown on');

    expect(desk.screen(await desk.agent.asks('/securid sync jonas@acme.test'))).toContain(
      'Synchronized with the directory',
    );
  });

  it('is for agents', async () => {
    const desk = await openDesk();
    expect((await desk.person(NOBODY).asks('/securid sync grace@acme.test')).text).toMatch(
      /^Sorry,/,
    );
    expect(asked(desk)).toEqual([]);
  });

  it.each([{ status: 502 }, 'reset after'] as const)(
    'is never repeated after %o',
    async (fault) => {
      const desk = await openDesk();
      desk.tenant.answerNext(fault, 1, SYNC);

      const answer = desk.screen(await desk.agent.asks('/securid sync grace@acme.test'));

      expect(answer).toContain('SecurID may have synchronized the user');
      expect(answer).not.toContain('[ Try again ]');
      expect(asked(desk)).toHaveLength(1);
      expect((await rowsOf(desk, { operation: 'sync' })).map(({ event }) => event)).toContain(
        'unknown',
      );
    },
  );

  it('names the missing OAuth permission', async () => {
    const desk = await openDesk({ credential: 'oauth rsa' });
    const { scopes } = desk.tenant.oauth;
    scopes.splice(scopes.indexOf('rsa.user.sync'), 1);

    const answer = desk.screen(await desk.agent.asks('/securid sync grace@acme.test'));

    expect(answer).toContain('needs the permission `rsa.user.sync`');
  });

  it('is limited', async () => {
    const desk = await openDesk();
    for (let count = 0; count < 60; count += 1) {
      await desk.agent.asks('/securid sync grace@acme.test');
    }

    expect(desk.screen(await desk.agent.asks('/securid sync grace@acme.test'))).toContain(
      '⛔ The user was not synchronized. You have asked the directory 60 times within an hour.',
    );
    expect(asked(desk)).toHaveLength(60);
  });
});

describe('Look in the directory', () => {
  it('finds whom SecurID does not have, and takes them over', async () => {
    const desk = await openDesk();

    const answer = await looks(desk);

    expect(desk.screen(answer)).toMatchInlineSnapshot(`
      "Looked in the directory
      # Tess Lund
      Nothing stands out in the record.
      Status: 🟢 Enabled
      E-mail: tess@acme.test
      User name: tlund
      Identity source: Acme Directory
      Last synchronized: 2026-03-04 09:00
      [ User details ]  [ Registration code ]"
    `);
    expect(desk.screen(await desk.agent.clicks(answer, 'User details'))).toMatch(/^# Tess Lund/);
    const rows = await rowsOf(desk, { operation: 'directory' });
    expect(rows.map(({ event, target }) => [event, target])).toEqual([
      ['intent', 'tess@acme.test'],
      ['done', 'tess@acme.test'],
    ]);
  });

  it.each([
    '/securid code tess@acme.test',
    '/securid authenticators tlund',
    '/securid sync tlund',
    '/securid tlund',
  ])('is offered after %s', async (typed) => {
    const desk = await openDesk();
    expect(desk.screen(await looks(desk, typed))).toContain('# Tess Lund');
  });

  it('says that the directory has nobody either, and looks for an address as a user name', async () => {
    const desk = await openDesk();
    desk.tenant.records.directory?.push(
      user({ emailAddress: 'x@acme.test', principalUsername: 'upn@acme.test', lastName: 'Upn' }),
    );

    const nobody = await looks(desk, '/securid user upn@acme.test');
    expect(desk.screen(nobody)).toContain(
      'The directory has nobody with the e-mail address upn@acme.test either.',
    );

    const found = await desk.agent.clicks(nobody, 'Look for that user name');
    expect(desk.screen(found)).toContain('# X Upn');
    expect(searched(desk)).toHaveLength(2);
  });

  it('is not offered to approvers, nor if it is not switched on', async () => {
    const desk = await openDesk();
    const asApprover = await desk.person(NOBODY).asks('/securid user tess@acme.test');
    expect(desk.screen(asApprover)).toContain('SecurID has no user');
    expect(desk.screen(asApprover)).not.toContain(BUTTON);

    const off = await openHelpDesk();
    expect(off.screen(await off.agent.asks('/securid user tess@acme.test'))).not.toContain(BUTTON);
    expect((await off.agent.asks('/securid sync grace@acme.test')).text).toContain(
      'is not switched on here',
    );
  });

  it.each([{ status: 504 }, 'reset after'] as const)(
    'is never repeated after %o, and offers no second try',
    async (fault) => {
      const desk = await openDesk();
      const nobody = await desk.agent.asks('/securid tess@acme.test');
      desk.tenant.answerNext(fault, 1, LOOK_UP);

      const answer = await desk.agent.clicks(nobody, BUTTON);

      expect(desk.screen(answer)).toContain('SecurID may have added the user');
      expect(desk.screen(answer)).not.toMatch(/Try again|Look in the directory \]/);
      expect(searched(desk)).toHaveLength(1);
      expect((await rowsOf(desk, { operation: 'directory' })).map(({ event }) => event)).toEqual([
        'intent',
        'unknown',
      ]);
    },
  );

  it('does nothing on a second press at once', async () => {
    const desk = await openDesk();
    const nobody = await desk.agent.asks('/securid tess@acme.test');
    const held = desk.tenant.hold(LOOK_UP);
    const first = await desk.agent.presses(nobody, BUTTON);
    await desk.agent.presses(nobody, BUTTON);
    await desk.tenant.saw(LOOK_UP, 3);
    held.release();
    await first.answer();

    expect(searched(desk)).toHaveLength(1);
  });

  it('is for agents whoever presses it', async () => {
    const desk = await openDesk();
    const nobody = await desk.agent.asks('/securid tess@acme.test');
    for (const group of desk.workspace.groups) group.users = [];
    desk.clock.advance(5 * 60_000);

    expect((await desk.agent.clicks(nobody, BUTTON)).text).toMatch(/^Sorry,/);
    expect(searched(desk)).toEqual([]);
  });

  it('shows a name as it is', async () => {
    const desk = await openDesk();
    desk.tenant.records.directory?.push(
      user({ emailAddress: 'm@acme.test', firstName: '<!channel>', lastName: '*M*' }),
    );
    const answer = await looks(desk, '/securid user m@acme.test');
    expect(markedUp(answer).join()).not.toContain('<!channel>');
  });
});
