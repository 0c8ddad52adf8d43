import { describe, expect, it } from 'vitest';
import { JONAS, MIRA } from '../../src/playground/company.ts';
import { tenantRecords, user } from '../../src/playground/tenant-records.ts';
import {
  type HelpDesk,
  type HelpDeskOptions,
  type Message,
  markedUp,
  openHelpDesk,
} from '../support/help-desk.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { rowsOf } from '../support/rows.ts';

const SEARCH = 'POST /v2/users/search';
const LIST = 'Choose a user';

const jane = user({ emailAddress: 'jane.doe@acme.test', lastName: 'Doe', firstName: 'Jane' });
const otherJane = user({
  ...{ emailAddress: 'jane.doe2@acme.test', lastName: 'Doe', firstName: 'Jane' },
  userStatus: 'Disabled',
});
const ivan = user({ emailAddress: 'ivan@acme.test', lastName: 'Petrov' });

const openDesk = (users = [jane, otherJane, ivan], options: HelpDeskOptions = {}) =>
  openHelpDesk({ ...options, records: () => tenantRecords({ users }) });

const crowd = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    user({ emailAddress: `person${String(index).padStart(2, '0')}@acme.test` }),
  );

async function chooses(
  { person }: HelpDesk,
  list: Message,
  word: string,
  who = JONAS,
): Promise<Message> {
  const chosen = await person(who).chooses(list, LIST, word);
  return (await chosen?.answer()) as Message;
}

const asked = ({ tenant }: HelpDesk) => tenant.calls().filter((call) => call === SEARCH);

describe('/securid find', () => {
  it('lists whoever matches, and tells people of one name apart', async () => {
    const desk = await openDesk();

    const list = await desk.agent.asks('/securid find jan');

    expect(desk.screen(list)).toMatchInlineSnapshot(`
      "2 users whose e-mail address contains “jan”.
      (Jane Doe (jane.doe2@acme.test, disabled) | Jane Doe (jane.doe@acme.test))"
    `);
  });

  it('opens one of them with one press, as if they had been typed', async () => {
    const desk = await openDesk();
    const list = await desk.agent.asks('/securid find jan');

    const card = await chooses(desk, list, 'Jane Doe');

    expect(desk.screen(card)).toMatch(/^# Jane Doe/);
    expect(desk.screen(card)).toContain('jane.doe2@acme.test');
    expect(desk.screen(list)).toContain('2 users whose');
    const rows = (await rowsOf(desk)).filter(({ event }) => event === 'look-up');
    expect(rows.map(({ operation, target }) => [operation, target])).toEqual([
      ['find', 'jan'],
      ['find:choose', 'jane.doe2@acme.test'],
    ]);
  });

  it('shows the card at once if only one matches', async () => {
    const desk = await openDesk();

    const card = desk.screen(await desk.agent.asks('/securid find IVAN@'));

    expect(card).toMatch(/^# Ivan Petrov/);
    expect(card).toContain('The only user whose e-mail address contains “IVAN@”.');
  });

  it.each(['array', 'envelope'] as const)(
    'says how to narrow it if there are more than 25 (%s)',
    async (searchAnswer) => {
      const desk = await openDesk(crowd(26), { traits: { searchAnswer } });

      const list = desk.screen(await desk.agent.asks('/securid find person'));

      expect(list).toMatch(
        searchAnswer === 'envelope'
          ? /^The first 25 of 26 users whose e-mail address contains “person”\./
          : /^The first 25 users whose e-mail address contains “person”; there may be more\./,
      );
      expect(list).toContain('If the user is not in the list, type more of their address.');
      expect(list).toContain('person24@acme.test');
      expect(list).not.toContain('person25@acme.test');
    },
  );

  it('says so if nobody matches', async () => {
    const desk = await openDesk();

    expect(desk.screen(await desk.agent.asks('/securid find xyzzy'))).toMatchInlineSnapshot(
      `"SecurID has no user whose e-mail address contains “xyzzy”. Check the spelling, or type less of it."`,
    );
  });

  it.each(['j', ' j ', '@j', 'j.', '*j*', '..', '田'])('refuses %j as too short', async (typed) => {
    const desk = await openDesk();

    expect((await desk.agent.asks(`/securid find ${typed}`)).text).toMatch(
      /^Type at least two letters or digits|^Usage/,
    );
    expect(asked(desk)).toEqual([]);
  });

  it.each([
    ['@jan', 'jan'],
    ['“jan”', 'jan'],
    ['jan*', 'jan'],
    ['<mailto:ivan@acme.test|ivan@acme.test>', 'ivan@acme.test'],
    ['Petrov, Ivan <ivan@acme.test>', 'ivan@acme.test'],
    ['acme.test', 'acme.test'],
    ['jan,', 'jan'],
    ['_jan_', 'jan'],
    ['~jan~', 'jan'],
    ['%jan%', 'jan'],
    ['_svc', 'svc'],
    ['<mailto:_svc@acme.test|_svc@acme.test>', '_svc@acme.test'],
  ])('reads %s', async (typed, emailLike) => {
    const desk = await openDesk();
    await desk.agent.asks(`/securid find ${typed}`);
    const request = desk.tenant.requests.find(({ route }) => route === SEARCH);
    expect(request?.body).toEqual({ emailLike });
  });

  it.each([
    ['Jane Doe', /^SecurID searches for one part of an e-mail address/],
    ['<@U0GRACE>', /^A mention is one person/],
    ['jan, ivan', /^SecurID searches for one part of an e-mail address/],
    ['<!channel>', /^A group or a channel has no e-mail address/],
    ['<#C0HELPDESK|help-desk>', /^A group or a channel has no e-mail address/],
    ['j*n', /^SecurID searches for the part as it is, without wildcards/],
    ['j%ne', /^SecurID searches for the part as it is, without wildcards/],
    ['a'.repeat(300), /^No e-mail address is longer than 254 characters/],
    ['', /^Usage: `\/securid find &lt;part of an address&gt;`/],
  ])('says what to type instead of %j', async (typed, words) => {
    const desk = await openDesk();
    expect((await desk.agent.asks(`/securid find ${typed}`)).text).toMatch(words);
    expect(asked(desk)).toEqual([]);
  });

  it('says where to look for what is rather a serial number', async () => {
    const desk = await openDesk();
    expect(desk.screen(await desk.agent.asks('/securid find 000000900001'))).toBe(
      'SecurID has no user whose e-mail address contains “000000900001”. If it is the serial number of a token, type /securid token 000000900001.',
    );
    expect(desk.screen(await desk.agent.asks('/securid user 9000-0001'))).toContain(
      'Check the spelling, or try their e-mail address. If it is the serial number of a token, type /securid token 9000-0001.',
    );
  });

  it('is for agents and approvers', async () => {
    const desk = await openDesk();
    expect((await desk.manager.asks('/securid find jan')).text).toMatch(/^Sorry,/);
  });

  it('is a task of the form', async () => {
    const desk = await openDesk();
    const typed = await desk.agent.types('/securid');
    await typed.answer();
    const form = await typed.answer();
    if (form.kind !== 'view') throw new Error('no form');
    const chosen = await desk.agent.chooses(form, 'What would you like to do?', 'Find a user');
    await chosen?.answer();

    desk.agent.fills(form, 'Part of the e-mail address', 'j');
    expect((await desk.agent.submits(form)).errors).toEqual({
      'home:part': expect.stringMatching(/^Type at least two letters or digits/),
    });
    desk.agent.fills(form, 'Part of the e-mail address', 'jan');
    await desk.agent.submits(form);
    expect(desk.screen((await typed.answer()) as Message)).toContain('2 users whose');
  });
});

describe('a list of users', () => {
  it('gives somebody without a role nothing', async () => {
    const desk = await openDesk();
    const list = await desk.agent.asks('/securid find jan');
    for (const group of desk.workspace.groups) group.users = [];
    desk.clock.advance(5 * 60_000);

    expect((await chooses(desk, list, 'Jane Doe')).text).toMatch(/^Sorry,/);
  });

  it('still works after a restart, and in another instance', async () => {
    const desk = await openDesk();
    const list = await desk.agent.asks('/securid find jan');
    (await desk.openSecondBot()).isAsked();

    expect(desk.screen(await chooses(desk, list, 'Jane Doe'))).toMatch(/^# Jane Doe/);
  });

  it('tells users with one address apart by their user names', async () => {
    const desk = await openDesk([
      jane,
      { ...jane, id: otherJane.id, lastName: 'Roe', principalUsername: 'jroe' },
      { ...jane, id: ivan.id, lastName: 'Poe' },
    ]);
    const list = await desk.agent.asks('/securid find jan');

    expect(desk.screen(list)).toContain('Cannot be opened from here: Jane Doe; Jane Poe');
    const opened = await chooses(desk, list, 'Jane Roe');
    expect(desk.screen(opened)).toMatch(/^# Jane Roe/);
  });

  it('says so if the user is gone meanwhile', async () => {
    const desk = await openDesk();
    const list = await desk.agent.asks('/securid find jan');
    desk.tenant.records.users.length = 0;

    expect((await chooses(desk, list, 'Jane Doe')).text).toMatch(/^SecurID has no user with/);
  });

  it('shows a name as it is, and opens nobody whose address is no address', async () => {
    const desk = await openDesk([
      user({ emailAddress: 'mallory@acme.test', firstName: '<!channel>', lastName: '*M*' }),
      user({
        emailAddress: `${'x'.repeat(64)}@${'y'.repeat(100)}.acme.test`,
        principalUsername: 'longone',
      }),
      user({ emailAddress: 'not an address@acme.test', principalUsername: '<@U0GRACE>' }),
    ]);

    const list = await desk.agent.asks('/securid find acme');

    expect(desk.screen(list)).toContain('<!channel> *M* (mallory@acme.test)');
    expect(desk.screen(list)).toContain('Cannot be opened from here: Not an address Example');
    expect(markedUp(list).join()).not.toContain('<!channel>');
    const opened = await desk.agent.chooses(list, LIST, 'longone');
    expect(desk.screen((await opened?.answer()) as Message)).toContain('longone');
  });
});

describe('a word that is nobody', () => {
  it.each([
    ['/securid jan', 'Find “jan”'],
    ['/securid user jan@example.com', 'Find “jan”'],
    ['/securid user ACME\\jan', 'Find “jan”'],
    ['/securid authenticators jan', 'Find “jan”'],
    ['/securid code jan ios', 'Find “jan”'],
    ['/securid history jan', 'Find “jan”'],
  ])('leads from %s to a search', async (typed, button) => {
    const desk = await openDesk();
    const nobody = await desk.agent.asks(typed);

    const list = await desk.agent.clicks(nobody, button);

    expect(desk.screen(list)).toContain('2 users whose e-mail address contains “jan”.');
  });

  it('leads nowhere if it is too short to search for', async () => {
    const desk = await openDesk();
    expect(desk.screen(await desk.agent.asks('/securid user j'))).not.toContain('Find');
  });
});

it('says how to look up a token whose number was taken for a user name', async () => {
  const desk = await openDesk([ivan]);
  expect((await desk.agent.asks('/securid user 000000900001')).text).toContain(
    'If it is the serial number of a token, type /securid token 000000900001.',
  );
});

describe('too many searches', () => {
  it('are refused until an hour has passed, for that agent alone', async () => {
    const desk = await openDesk([ivan], { env: { SECURID_APPROVERS: MIRA } });
    for (let count = 0; count < 60; count += 1) await desk.agent.asks('/securid find xyzzy');

    const refused = await desk.agent.asks('/securid find ivan');

    expect(desk.screen(refused)).toMatchInlineSnapshot(
      `"You have searched too often within an hour. The next search is possible after 2026-03-04 10:00. \`/securid user\` with a whole address still works."`,
    );
    expect((await desk.manager.asks('/securid find xyzzy')).text).toMatch(/^SecurID has no user/);
    desk.clock.advance(60 * 60_000);
    expect((await desk.agent.asks('/securid find xyzzy')).text).toMatch(/^SecurID has no user/);
    const rows = await rowsOf(desk);
    expect(rows).toContainEqual(
      expect.objectContaining({ event: 'refusal', reason: 'searches per agent and hour' }),
    );
  });
});

describe.skipIf(!redisInstalled)('too many searches of several instances', () => {
  it('are counted together, and by each alone while Redis is away', async () => {
    const redis = await startRedis();
    const desk = await openDesk([ivan], { env: { REDIS_URL: redis.url } });
    for (let count = 0; count < 60; count += 1) await desk.agent.asks('/securid find xyzzy');
    (await desk.openSecondBot()).isAsked();

    expect((await desk.agent.asks('/securid find xyzzy')).text).toMatch(/^You have searched/);
    await redis.kill();
    expect((await desk.agent.asks('/securid find xyzzy')).text).toMatch(/^SecurID has no user/);
    desk.isAsked();
    expect((await desk.agent.asks('/securid find xyzzy')).text).toMatch(/^You have searched/);
  });
});
