import { describe, expect, it } from 'vitest';
import { eventually, incidentOf, openHelpDesk } from '../../support/help-desk.ts';
import { passes } from '../../support/passing-time.ts';
import { cardFor, codesAskedFor, holdCode, ISSUE, issue } from '../../support/registration-code.ts';
import { verify } from '../../support/verification.ts';

const PAGE = '<html><body><h1>502 Bad Gateway</h1></body></html>';

describe('when a registration code fails', () => {
  it.each([
    {
      fault: { status: 400 },
      reads: 'SecurID did not accept the request. Please give the incident number',
    },
    { fault: { status: 401 }, times: 2, reads: "SecurID refused this app's key." },
    { fault: { status: 403, body: { message: 'No' } }, reads: "SecurID refused this app's key." },
    {
      fault: { status: 404, body: { code: '404 NOT_FOUND', description: 'User not found' } },
      reads: 'SecurID no longer finds the user, or what was to be changed.',
    },
    { fault: { status: 409 }, reads: 'The record has changed in SecurID since.' },
    {
      fault: { status: 415 },
      reads: 'SecurID did not accept the request. Please give the incident number',
    },
    { fault: { status: 429, headers: { 'retry-after': '60' } }, reads: 'Try again in 60 s.' },
  ])('says that none was issued after $fault.status', async ({ fault, times = 1, reads }) => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    desk.tenant.answerNext(fault, times, ISSUE);

    await issue(desk, card);

    expect(desk.screen(card)).toMatch(/^⚠️ No code was issued\. /);
    expect(desk.screen(card)).toContain(reads);
    expect(desk.tenant.issuedCodes).toEqual([]);
  });

  it.each([
    { fault: { status: 500 } },
    { fault: { status: 502, body: PAGE } },
    { fault: { status: 503, body: PAGE } },
    { fault: { status: 504, body: PAGE } },
    ...[200, 400, 401, 403, 404, 409, 415].flatMap((status) => [
      { fault: { status, body: PAGE } },
      { fault: { status, body: 'Blocked by policy' } },
    ]),
    { fault: { status: 200 } },
    { fault: { status: 200, body: { deviceRegistrationCode: null } } },
    { fault: 'reset' as const },
    { fault: 'reset after' as const },
    { fault: 'cut off' as const },
  ])(
    'says that the outcome is unknown, and does not ask again, after $fault',
    async ({ fault }) => {
      const desk = await openHelpDesk();
      const card = await cardFor(desk);
      desk.tenant.answerNext(fault, 1, ISSUE);

      await issue(desk, card);

      expect(desk.screen(card)).toMatch(
        /^⚠️ SecurID may have issued a code, but no usable answer arrived/,
      );
      expect(desk.logged()).toContainEqual(
        expect.objectContaining({
          incident: incidentOf(card),
          msg: 'registration code: unknown',
        }),
      );
      expect(codesAskedFor(desk)).toHaveLength(1);
    },
  );

  it.each(['hang', 'hang after'] as const)(
    'says that the outcome is unknown if there is no answer in time: %s',
    async (fault) => {
      const desk = await openHelpDesk();
      const card = await cardFor(desk);
      desk.tenant.answerNext(fault, 1, ISSUE);
      const press = await verify(desk.agent, card);
      await press.answer();
      await desk.tenant.saw(ISSUE);

      desk.clock.advance(12_500);
      await press.answer();

      expect(desk.screen(card)).toMatchInlineSnapshot(`
        "⚠️ SecurID may have issued a code, but no usable answer arrived. If it did, nobody has seen the code. Type \`/securid code\` to request another.
          Incident \`####-####\`"
      `);
      expect(codesAskedFor(desk)).toHaveLength(1);
    },
  );

  it('says that none was issued if there was no access token', async () => {
    const desk = await openHelpDesk({ credential: 'oauth rsa' });
    const card = await cardFor(desk);
    desk.tenant.answerNext({ status: 401 }, 1, ISSUE);
    desk.tenant.answerNext({ status: 503 }, 3, 'POST /oauth/token');

    await issue(desk, card);

    expect(desk.screen(card)).toContain('SecurID could not be reached, so no code was issued.');
    expect(desk.tenant.issuedCodes).toEqual([]);
  });

  it('names the missing permission, and look-ups go on', async () => {
    const desk = await openHelpDesk({ credential: 'oauth rsa' });
    const { scopes } = desk.tenant.oauth;
    scopes.splice(scopes.indexOf('rsa.authenticator.mobile.manage'), 1);
    const card = await cardFor(desk);

    await issue(desk, card);

    expect(desk.screen(card)).toMatchInlineSnapshot(`
      "⚠️ No code was issued. SecurID does not let this app do that. Please tell the SecurID administrators: its OAuth client needs the permission \`rsa.authenticator.mobile.manage\`, and the company a license for the Admin API.
        Incident \`####-####\`
        For your SecurID Desk administrator: \`docs/troubleshooting.md#the-oauth-client-lacks-a-permission\`
      [ Try again ]"
    `);
    expect(codesAskedFor(desk)).toEqual([]);
    const user = await desk.agent.asks('/securid user alan@acme.test');
    expect(desk.screen(user)).toContain('Alan Mertens');
  });

  it('says that none was issued if SecurID cannot be reached, and leaves the card', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const before = desk.screen(card);
    await desk.tenant.stop();

    const answer = await (await verify(desk.agent, card)).answer();

    expect(desk.screen(answer)).toMatchInlineSnapshot(`
      "⚠️ No code was issued. SecurID did not answer. Try again in a minute.
        Incident \`####-####\`
      [ Try again ]"
    `);
    expect(desk.screen(card)).toBe(before);
  });

  it('retries after a 429', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    desk.tenant.answerNext({ status: 429, headers: { 'retry-after': '2' } }, 1, ISSUE);
    const press = await verify(desk.agent, card);
    await press.answer();

    // As long as the tenant asked for.
    await eventually(() => desk.clock.nextIn() === 2000);
    desk.clock.advance(2000);
    await press.answer();

    expect(desk.screen(card)).toContain('Hide now');
    expect(codesAskedFor(desk)).toHaveLength(2);
    expect(desk.tenant.issuedCodes).toHaveLength(1);
  });
});

describe('when Slack accepts no message about a registration code', () => {
  it('issues none, and the card can be pressed again', async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    desk.workspace.failNext('response_url', { status: 500 });

    await verify(desk.agent, card);
    await eventually(() => desk.logged().some(({ msg }) => msg === 'failed'));
    expect(codesAskedFor(desk)).toEqual([]);

    await issue(desk, card);
    expect(codesAskedFor(desk)).toHaveLength(1);
  });

  it('logs that it was issued but not shown, with the incident number', async () => {
    const desk = await openHelpDesk();
    const { card, hold } = await holdCode(desk);
    desk.workspace.failNext('response_url', 'reset', 3);
    hold.release();
    await passes(desk.clock, 'a moment');
    await passes(desk.clock, 'a moment');
    await eventually(() => desk.logged().some(({ msg }) => msg === 'failed'));

    const { incident } = desk.logged().find(({ msg }) => msg === 'registration code issued') ?? {};
    expect(desk.logged()).toContainEqual(expect.objectContaining({ incident, msg: 'failed' }));
    expect(desk.screen(card)).toMatch(/^Asking SecurID/);
    expect((await desk.agent.asks('/securid help')).text).toMatch(/^You can use/);
  });
});
