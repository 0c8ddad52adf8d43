import { describe, expect, it } from 'vitest';
import { MIRA, NOBODY } from '../../src/playground/company.ts';
import { tenantRecords, user } from '../../src/playground/tenant-records.ts';
import { type HelpDesk, markedUp, openHelpDesk } from '../support/help-desk.ts';

const NO_SUCH = 'There is no such command.';
const LISTS = '`/securid help` lists them all.';
const openEverything = () =>
  openHelpDesk({
    env: { SECURID_CHANGES: 'code,unlock,delete,emergency,token,user,sync' },
  });
const lookUps = ({ tenant }: HelpDesk) => tenant.calls().filter((call) => call.includes('lookup'));

describe('/securid without a command', () => {
  it.each([
    'grace@acme.test',
    '@grace',
    '<mailto:grace@acme.test|grace@acme.test>',
    'Okafor, Grace <grace@acme.test>;',
    'E-mail: grace@acme.test',
    'Caller: grace@acme.test',
    'userPrincipalName: grace@acme.test',
    '/securid user grace@acme.test',
    'securid user grace@acme.test',
    '“user grace@acme.test”',
  ])('shows the user for %s', async (typed) => {
    const { agent } = await openHelpDesk();

    expect((await agent.asks(`/securid ${typed}`)).text).toBe('Grace Okafor: Enabled');
  });

  it('reads a single word as a user name, and says so', async () => {
    const desk = await openHelpDesk();

    const grace = await desk.agent.asks('/securid gokafor');
    const nobody = await desk.agent.asks('/securid xyzzy');

    expect(desk.screen(grace)).toMatch(/^# Grace Okafor/);
    expect(desk.screen(grace)).toContain('Taken for a user name.');
    expect(desk.screen(nobody)).toMatchInlineSnapshot(`
      "SecurID has no user with the user name xyzzy. Check the spelling, or try their e-mail address.
      [ Find “xyzzy” ]
        Taken for a user name. \`/securid help\` lists the commands."
    `);
  });

  it.each(['gokafor;', 'gokafor,', '· gokafor ·', '<http://grace.okafor|grace.okafor>,'])(
    'reads a single word as a user name, whatever is around it: %s',
    async (typed) => {
      const { agent } = await openHelpDesk();

      expect((await agent.asks(`/securid ${typed}`)).text).toBe('Grace Okafor: Enabled');
    },
  );

  it('shows the authenticators for a SecurID user id', async () => {
    const { agent, tenant } = await openHelpDesk();
    const [grace] = tenant.records.users;

    await agent.asks(`/securid ${grace?.id}`);

    expect(tenant.calls()).toEqual(['GET /v2/users/{id}/devices']);
  });

  it.each(['000000900001', '900001', '#900001', 'SN 0000-0090-0001', '<tel:000000900001>'])(
    'shows the token for %s',
    async (typed) => {
      const { agent } = await openHelpDesk();

      expect((await agent.asks(`/securid ${typed}`)).text).toMatch(/^Hardware token 000000900001/);
    },
  );

  it('shows a user whose name is all digits, in two presses', async () => {
    const desk = await openHelpDesk({
      records: () =>
        tenantRecords({
          users: [user({ emailAddress: 'grace@acme.test', principalUsername: '10432' })],
        }),
    });

    const asked = await desk.agent.asks('/securid 10432');

    expect(desk.screen(asked)).toMatch(/^SecurID has no hardware token/);
    const found = await desk.agent.clicks(asked, 'Look for a user of that name');
    expect(found.text).toBe('Grace Example: Enabled');
  });

  it.each([
    ['@help-desk', /^That is a group of people\. Type `@` and pick the person/],
    ['@gracee', /^Slack did not recognize that name/],
    ['U0GRACE', /^That looks like a Slack id/],
    ['grace@acme.test alan@acme.test', /^One user at a time/],
    ['000000900001, 000000900002', /^One serial number at a time/],
    ['iphone', /^Usage: `\/securid code <who>/],
    ['mac', /^Usage: `\/securid code <who>/],
    ['Windows 11', /^Usage: `\/securid code <who>/],
    ['code iphone', /^Usage: `\/securid code <who>/],
    [
      '4F7K-9QWX',
      /^`4F7K-9QWX` is an incident number\. Your SecurID Desk administrator can find it/,
    ],
    ['Incident 4f7k-9qwx', /^`4F7K-9QWX` is an incident number/],
    ['#4F7K-9QWX', /^`4F7K-9QWX` is an incident number/],
    ['4F7K – 9QWX', /^`4F7K-9QWX` is an incident number/],
    ['Incident number: 4f7k 9qwx', /^`4F7K-9QWX` is an incident number/],
    ['Incident no. 4FIK-9OWX', /^`4F1K-90WX` is an incident number/],
  ])('says what to do about %s', async (typed, words) => {
    const desk = await openHelpDesk();

    expect(desk.screen(await desk.agent.asks(`/securid ${typed}`))).toMatch(words);
    expect(desk.tenant.requests).toEqual([]);
  });

  it('looks nothing up for a manager, who is told whom to ask', async () => {
    const desk = await openHelpDesk();

    expect(desk.screen(await desk.manager.asks('/securid grace@acme.test'))).toMatch(/^Sorry/);
    expect(desk.screen(await desk.manager.asks('/securid 900001'))).toMatch(/^Sorry/);
    expect(desk.screen(await desk.manager.asks('/securid gokafor'))).toBe(`${NO_SUCH} ${LISTS}`);
    expect(desk.screen(await desk.manager.asks('/securid usr gokafor'))).toBe(
      `${NO_SUCH} ${LISTS}`,
    );
    expect(desk.tenant.requests).toEqual([]);
  });

  it('reveals nothing to people without a role', async () => {
    const desk = await openHelpDesk();

    for (const typed of ['grace@acme.test', '900001', 'gokafor', '@help-desk', '4F7K-9QWX']) {
      expect(desk.screen(await desk.person(NOBODY).asks(`/securid ${typed}`))).toMatch(/^Sorry/);
    }
    expect(desk.tenant.requests).toEqual([]);
  });
});

describe('words before an address', () => {
  it.each(['history of grace@acme.test', 'emergency for <@U0GRACE>', 'for grace@acme.test'])(
    'may join it to the command: %s',
    async (typed) => {
      const desk = await openEverything();
      expect(desk.screen(await desk.agent.asks(`/securid ${typed}`))).toMatch(/Grace Okafor/);
    },
  );
});

describe('Did you mean', () => {
  it.each([
    ['usr grace@acme.test', 'user', '/securid user grace@acme.test', /^# Grace Okafor/],
    ['usr @grace', 'user', '/securid user @grace', /^# Grace Okafor/],
    ['User: grace@acme.test', undefined, undefined, /^# Grace Okafor/],
    ['device gokafor', 'devices', '/securid devices gokafor', /^# Authenticators of Grace/],
    ['tokn 900001', 'token', '/securid token 900001', /^# Hardware token/],
    ['grace@acme.test code', 'code', '/securid code grace@acme.test', /^# Registration code/],
    ['@alan ios', 'code', '/securid code @alan ios', /^# Registration code for Alan/],
    ['hlep me', 'help', '/securid help me', /^# What you can do/],
  ])(
    'keeps the words that followed the name, and is a button: %s',
    async (typed, name, label, answer) => {
      const desk = await openHelpDesk();

      const asked = await desk.agent.asks(`/securid ${typed}`);
      if (!name || !label) return expect(desk.screen(asked)).toMatch(answer);

      expect(desk.screen(asked)).toBe(
        `${NO_SUCH} Did you mean \`/securid ${name}\`? ${LISTS}\n[ ${label} ]`,
      );
      expect(lookUps(desk)).toEqual([]);
      const found = await desk.agent.clicks(asked, label);
      expect(desk.screen(found)).toMatch(answer);
      // It replaced the question.
      expect(desk.workspace.messages).toHaveLength(1);
    },
  );

  it('also offers a word that resembles a command as a user name', async () => {
    const desk = await openHelpDesk();

    const asked = await desk.agent.asks('/securid tokens');

    expect(desk.screen(asked)).toBe(
      `${NO_SUCH} Did you mean \`/securid token\`? ${LISTS}\n[ /securid token ]  [ /securid user tokens ]`,
    );
    expect(desk.screen(await desk.agent.clicks(asked, '/securid user tokens'))).toMatch(
      /^SecurID has no user with the user name tokens/,
    );
  });

  it.each(['linda', 'fiona', 'nina', 'fred', 'mina'])(
    'takes %s for a name, though it is two letters away from a command',
    async (typed) => {
      const desk = await openHelpDesk();

      expect(desk.screen(await desk.agent.asks(`/securid ${typed}`))).toMatch(
        /^SecurID has no user with the user name/,
      );
    },
  );

  it.each([
    ['emergency-code gokafor', '/securid emergency gokafor'],
    ['synchronize gokafor', '/securid sync gokafor'],
    ['hist gokafor', '/securid history gokafor'],
    ['token-disable 000000900001', '/securid token disable 000000900001'],
    ['disable-user gokafor', '/securid disable user gokafor'],
    // It is about a token, as it is when it is spelled right.
    ['disabel 000000900001', '/securid token disable 000000900001'],
    ['disabel gokafor', '/securid disable gokafor'],
    // Two letters that changed places.
    ['enabel', '/securid enable'],
  ])('offers for %s %s', async (typed, label) => {
    const desk = await openEverything();
    const asked = await desk.agent.asks(`/securid ${typed}`);
    expect(desk.screen(asked)).toContain(`[ ${label} ]`);
    expect(desk.tenant.requests).toEqual([]);
    expect(desk.screen(await desk.agent.clicks(asked, label))).not.toContain('no such command');
  });

  it.each(['end emergency grace@acme.test', 'the man'])(
    'does not take a short word for another: %s',
    async (typed) => {
      const desk = await openEverything();
      const asked = await desk.agent.asks(`/securid ${typed}`);
      expect(desk.screen(asked)).not.toMatch(/Did you mean `\/securid (?!user`)/);
    },
  );

  it.each([
    ['who is grace@acme.test?', '/securid user grace@acme.test', /^# Grace Okafor/],
    ['registration code for @grace please', '/securid user @grace', /^# Grace Okafor/],
    ['lost 000000900001', '/securid token 000000900001', /^# Hardware token 000000900001/],
    ['000000900001 (exp. 2027)', '/securid token 000000900001', /^# Hardware token 000000900001/],
  ])('offers what is certain among words that are not understood: %s', async (...row) => {
    const [typed, label, answer] = row;
    const desk = await openEverything();

    const asked = await desk.agent.asks(`/securid ${typed}`);

    expect(desk.screen(asked)).toContain(`${LISTS}\n[ ${label} ]`);
    expect(desk.tenant.requests).toEqual([]);
    expect(desk.screen(await desk.agent.clicks(asked, label))).toMatch(answer);
  });

  it.each([
    'give 000000900002 to grace@acme.test',
    'compare grace@acme.test and alan@acme.test',
    'grace @acme.test',
  ])('offers nothing if that is not certain: %s', async (typed) => {
    const desk = await openEverything();
    expect(desk.screen(await desk.agent.asks(`/securid ${typed}`))).toBe(`${NO_SUCH} ${LISTS}`);
  });

  it('knows an incident number that was noted down in small letters', async () => {
    const desk = await openHelpDesk();
    expect(desk.screen(await desk.agent.asks('/securid 4f7k-9qwx'))).toContain(
      'If it is an incident number, your SecurID Desk administrator can find it',
    );
  });

  it.each([
    ['Grace Okafor', ['Grace', 'Okafor']],
    ['grace okafor', ['grace', 'okafor']],
    ['Okafor, Grace', ['Okafor', 'Grace']],
    // Two letters away from `find`, `help` and `code`.
    ['Linda Okafor', ['Linda', 'Okafor']],
    ['Helen Hunt', ['Helen', 'Hunt']],
    ['Joe Okafor', ['Joe', 'Okafor']],
  ])('offers to search for the parts of a name: %s', async (typed, parts) => {
    const desk = await openEverything();
    const asked = await desk.agent.asks(`/securid ${typed}`);
    const buttons = parts.map((part) => `[ /securid find ${part} ]`).join('  ');
    expect(desk.screen(asked)).toBe(
      `${NO_SUCH} If that is somebody’s name, search for a part of it in the e-mail addresses. ${LISTS}\n${buttons}`,
    );
    expect(desk.tenant.requests).toEqual([]);
    const [, last = ''] = parts;
    const found = await desk.agent.clicks(asked, `/securid find ${last}`);
    expect(desk.screen(found)).toMatch(/e-mail address contains/);
  });

  it.each([
    ['user Grace Okafor', /^Usage: `\/securid user <who>`/],
    ['user grace okafor', /^Usage: `\/securid user <who>`/],
    ['unlock: Okafor, Grace', /^One user at a time/],
    ['find Grace Okafor', /^SecurID searches for one part of an e-mail address/],
  ])('offers the same beside what a command says about a name: %s', async (typed, says) => {
    const desk = await openEverything();

    const asked = await desk.agent.asks(`/securid ${typed}`);

    expect(desk.screen(asked)).toMatch(says);
    expect(desk.screen(asked)).toContain('search for a part of it in the e-mail addresses');
    const [button = ''] = /\/securid find grace(?= \])/i.exec(desk.screen(asked)) ?? [];
    expect(desk.screen(await desk.agent.clicks(asked, button))).toMatch(/^# Grace Okafor/);
  });

  it('offers a search before a command that resembles a first name', async () => {
    const desk = await openEverything();
    expect(desk.screen(await desk.agent.asks('/securid Cody Smith'))).toContain(
      '[ /securid find Cody ]  [ /securid find Smith ]  [ /securid code Smith ]',
    );
  });

  it('offers a manager no search', async () => {
    const desk = await openEverything();
    expect(desk.screen(await desk.manager.asks('/securid Grace Okafor'))).toBe(
      `${NO_SUCH} ${LISTS}`,
    );
  });

  it('offers a code if a platform comes before a person', async () => {
    const desk = await openHelpDesk();
    const asked = await desk.agent.asks('/securid iphone grace@acme.test');

    const card = await desk.agent.clicks(asked, '/securid code iphone grace@acme.test');

    expect(card.text).toMatch(/^Registration code for Grace/);
  });

  it('offers one button if both are the same command', async () => {
    const desk = await openHelpDesk();

    expect(desk.screen(await desk.agent.asks('/securid user1'))).toBe(
      `${NO_SUCH} Did you mean \`/securid user\`? ${LISTS}\n[ /securid user user1 ]`,
    );
  });

  it('says what is wrong with the command it runs', async () => {
    const desk = await openHelpDesk();
    const asked = await desk.agent.asks('/securid usr grace@acme.test alan@acme.test');

    const answer = await desk.agent.clicks(asked, '/securid user grace@acme.test alan@acme.test');

    expect(desk.screen(answer)).toMatch(/^One user at a time/);
  });

  it('lets the license summary go to the channel', async () => {
    const desk = await openHelpDesk();
    const asked = await desk.manager.asks('/securid licens');

    await desk.manager.clicks(asked, '/securid license');

    const inChannel = desk.workspace.seenBy('U0JONAS', 'C0HELPDESK');
    expect(inChannel.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^RSA ID Plus license summary/),
    ]);
  });

  it('checks the role again when it is pressed', async () => {
    const desk = await openHelpDesk();
    const asked = await desk.agent.asks('/securid usr grace@acme.test');
    for (const group of desk.workspace.groups) group.users = [MIRA];
    desk.clock.advance(5 * 60_000);

    const answer = await desk.agent.clicks(asked, '/securid user grace@acme.test');

    expect(desk.screen(answer)).toMatch(/^Sorry/);
    expect(desk.tenant.requests).toEqual([]);
  });

  it('shows what was typed as plain text, and no button for more than one can carry', async () => {
    const desk = await openHelpDesk();

    const hostile = await desk.agent.asks('/securid usr <!channel> *x* `y` &amp; 😈');
    const long = await desk.agent.asks(`/securid usr ${'王'.repeat(480)}`);

    expect(markedUp(hostile).join()).not.toMatch(/channel|\*x|😈/);
    expect(desk.screen(long)).toBe(`${NO_SUCH} Did you mean \`/securid user\`? ${LISTS}`);
  });
});
