import { describe, expect, it } from 'vitest';
import { MIRA, NOBODY } from '../../src/playground/company.ts';
import { declared, THAW } from '../support/declared-change.ts';
import { type HelpDesk, openHelpDesk } from '../support/help-desk.ts';
import { rowsOf } from '../support/rows.ts';

const sync = declared({
  name: 'melt',
  risk: 'refreshes',
  example: '/securid melt jane@example.com',
  summary: 'lets the record follow the directory',
  button: 'Melt',
  task: 'Melt a user',
});

const openDesk = (env: Record<string, string> = {}) =>
  openHelpDesk({ changes: [sync], env: { SECURID_APPROVERS: `${MIRA},${NOBODY}`, ...env } });

const COMMAND = '/securid melt noor@acme.test';

const asked = ({ tenant }: HelpDesk) => tenant.calls().filter((call) => call === THAW);

describe('a change that only lets the record follow the directory', () => {
  it('is carried out at once, is on record, and tells nobody else', async () => {
    const desk = await openDesk();

    const answer = await desk.agent.asks(COMMAND);

    expect(desk.screen(answer)).toBe('Thaw Noor Haddad\nThawed.');
    expect(asked(desk)).toHaveLength(1);
    expect(desk.workspace.messages.filter(({ channel }) => channel === 'U0NOOR')).toEqual([]);
    const rows = (await rowsOf(desk)).filter(({ operation }) => operation === 'melt');
    expect(rows.map(({ event }) => event)).toEqual(['look-up', 'intent', 'done']);
    for (const one of ['method', 'ticket', 'reason']) expect(rows[1]).not.toHaveProperty(one);
  });

  it('goes on during a lockdown', async () => {
    const desk = await openDesk();
    await desk.person(MIRA).asks('/securid lockdown on');

    expect(desk.screen(await desk.agent.asks(COMMAND))).toContain('Thawed.');
  });

  it('is for agents', async () => {
    const desk = await openDesk();

    expect(desk.screen(await desk.person(NOBODY).asks(COMMAND))).toMatch(/^Sorry,/);
    expect(asked(desk)).toEqual([]);
  });

  it('is not sent if a rule refuses it', async () => {
    const desk = await openDesk();
    const noor = desk.tenant.records.users.find(
      ({ emailAddress }) => emailAddress === 'noor@acme.test',
    );
    Object.assign(noor ?? {}, { markDeleted: true });

    expect(desk.screen(await desk.agent.asks(COMMAND))).toBe(
      '⛔ Nothing was thawed. The user is pending deletion and stays frozen.',
    );
    expect(asked(desk)).toEqual([]);
  });

  it('says what SecurID refused', async () => {
    const desk = await openDesk();
    const body = { code: '404 NOT_FOUND', description: 'User not found' };
    desk.tenant.answerNext({ status: 404, body }, 1, THAW);

    const answer = desk.screen(await desk.agent.asks(COMMAND));

    expect(answer).toContain('⚠️ SecurID thawed nothing: it no longer has that user.');
    expect(answer).not.toContain('[ Try again ]');
  });

  it('has an unknown outcome, and offers no second try, if no usable answer arrives', async () => {
    const desk = await openDesk();
    desk.tenant.answerNext({ status: 502 }, 1, THAW);

    const answer = desk.screen(await desk.agent.asks(COMMAND));

    expect(answer).toContain('SecurID may have thawed it, but no usable answer arrived.');
    expect(answer).not.toContain('[ Try again ]');
    expect(asked(desk)).toHaveLength(1);
    expect((await rowsOf(desk)).map(({ event }) => event)).toContain('unknown');
  });

  it('is a task in the form behind a bare /securid', async () => {
    const desk = await openDesk();
    const typed = await desk.agent.types('/securid');
    await typed.answer();

    expect(JSON.stringify(await typed.answer())).toContain('Melt a user');
  });
});
