import { describe, expect, it } from 'vitest';
import { MIRA, SECURITY } from '../../src/playground/company.ts';
import { eventually, type HelpDesk, openHelpDesk } from '../support/help-desk.ts';
import { inTime } from '../support/passing-time.ts';
import { rowsIn } from '../support/rows.ts';
import { verify } from '../support/verification.ts';

const ALAN = 'U0ALAN';
const NOT_TAKEN = 'The user was not notified: Slack did not accept the message.';

const openDesk = () =>
  openHelpDesk({ env: { SECURID_SECURITY_CHANNEL: SECURITY, SECURID_APPROVERS: MIRA } });

/** Jonas issues a code for Alan. */
async function issue(desk: HelpDesk) {
  const card = await desk.agent.asks('/securid code alan@acme.test ios');
  const press = await verify(desk.agent, card);
  await press.answer();
  await press.answer();
  return card;
}

const notices = ({ workspace }: HelpDesk) => workspace.seenBy(ALAN, `D${ALAN}`);
const toSecurity = ({ workspace }: HelpDesk) =>
  workspace.messages.filter(({ channel }) => channel === SECURITY);

const rowsOf = ({ auditFile }: HelpDesk, event: string) =>
  rowsIn(auditFile).filter((row) => row.event === event);

/** Removes Alan's account from this Slack. */
function leaves({ workspace }: HelpDesk) {
  const alan = workspace.people.findIndex(({ id }) => id === ALAN);
  return workspace.people.splice(alan, 1);
}

describe('the user a code was issued for', () => {
  it('is notified as soon as Slack accepts messages again', async () => {
    const desk = await openDesk();
    desk.workspace.failNext('chat.postMessage', { status: 429, headers: { 'retry-after': '40' } });

    const card = await issue(desk);
    expect(desk.screen(card)).toContain(NOT_TAKEN);
    expect(desk.screen(card)).toContain('[ Hide now ]');
    desk.clock.advance(39_999);
    expect(notices(desk)).toEqual([]);
    desk.clock.advance(1);
    await eventually(() => notices(desk).length === 1);

    expect(desk.screen(notices(desk)[0] as never)).toContain('at 2026-03-04 09:00.');
    await eventually(() => rowsOf(desk, 'told').length === 1);
    expect(rowsOf(desk, 'told')).toMatchObject([{ reason: 'late' }]);
    expect(toSecurity(desk)).toEqual([]);
  });

  it.each([
    ['is not there', 'chat.postMessage', { status: 503 }],
    ['fails', 'chat.postMessage', { status: 500 }],
    ['does not say who they are', 'users.lookupByEmail', { status: 503 }],
    ['wants quiet before it says who they are', 'users.lookupByEmail', { status: 429 }],
  ])('is notified even if Slack %s for minutes', async (_, where, fault) => {
    const desk = await openDesk();
    desk.workspace.setAlways((place) =>
      place === where && desk.tenant.issuedCodes.length > 0 ? fault : undefined,
    );
    const card = await issue(desk);
    expect(desk.screen(card)).toContain('[ Hide now ]');
    const until = desk.clock.now() + 4 * 60_000;
    await inTime(desk, () => desk.clock.now() >= until);

    desk.workspace.setAlways(undefined);
    await inTime(desk, () => notices(desk).length === 1);

    expect(toSecurity(desk)).toEqual([]);
  });

  it('is not notified, and security is, after Slack has accepted no message for ten minutes', async () => {
    const desk = await openDesk();
    desk.workspace.setAlways((place) =>
      place === 'chat.postMessage' ? { status: 503 } : undefined,
    );
    await issue(desk);
    const until = desk.clock.now() + 11 * 60_000;
    await inTime(desk, () => desk.clock.now() >= until);

    desk.workspace.setAlways(undefined);
    await inTime(desk, () => toSecurity(desk).length === 1);

    const [line] = desk.screen(toSecurity(desk)[0] as never).split(' · ');
    expect(line).toMatchInlineSnapshot(`
      "⚠️ @jonas issued a registration code, and the user was not notified: Slack did not accept the message. Please ask them another way whether they requested it.
        for Alan Mertens"
    `);
    expect(notices(desk)).toEqual([]);
    expect(rowsOf(desk, 'told')).toEqual([]);
  });

  it('must be asked by security if they are not in Slack', async () => {
    const desk = await openDesk();
    leaves(desk);

    await issue(desk);
    await eventually(() => toSecurity(desk).length === 1);

    expect(desk.screen(toSecurity(desk)[0] as never)).toContain(
      'the user was not notified: no Slack account matches them.',
    );
  });

  it('is notified when the app stops, if that was not possible before', async () => {
    const desk = await openDesk();
    desk.workspace.failNext('chat.postMessage', { status: 503 });
    await issue(desk);

    await desk.close();

    expect(notices(desk)).toHaveLength(1);
    expect(toSecurity(desk)).toEqual([]);
  });

  it('must be asked by security if the notice cannot be sent at the stop either', async () => {
    const desk = await openDesk();
    desk.workspace.failNext('chat.postMessage', { status: 503 }, 2);
    await issue(desk);

    await desk.close();

    expect(notices(desk)).toEqual([]);
    expect(toSecurity(desk)).toHaveLength(1);
  });
});
