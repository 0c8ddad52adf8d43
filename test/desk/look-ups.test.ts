import { describe, expect, it } from 'vitest';
import { SECURID_AUDIT as AUDIT } from '../../src/playground/company.ts';
import { eventually, type Message, openHelpDesk } from '../support/help-desk.ts';
import { rowsOf } from '../support/rows.ts';

const AGENTS = ['U0JONAS', 'U0MIRA', 'U0GRACE', 'U0ALAN', 'U0IVY'];
const MINUTE = 60_000;

async function openDesk() {
  const desk = await openHelpDesk({
    env: { SECURID_AGENTS: AGENTS.join(), AUDIT_CHANNEL: AUDIT },
  });
  const helpDesk = desk.workspace.channels.find(({ name }) => name === 'help-desk');
  helpDesk?.members.push(...AGENTS);
  return {
    ...desk,
    async warnings() {
      return rowsOf(desk, { event: 'many look-ups' });
    },
  };
}

describe('look-ups of one user', () => {
  it('by more than three agents within an hour raise one warning', async () => {
    const desk = await openDesk();
    const commands = [
      '/securid user noor@acme.test',
      '/securid authenticators noor',
      '/securid code @noor',
      '/securid user noor',
      '/securid user noor@acme.test',
    ];
    for (const [index, agent] of AGENTS.entries()) {
      await desk.person(agent).asks(commands[index] ?? '');
      desk.clock.advance(10 * MINUTE);
    }
    await eventually(() => desk.workspace.messages.some(({ channel }) => channel === AUDIT));

    const line = desk.workspace.messages.find(({ channel }) => channel === AUDIT);
    expect(line?.text).toBe(':eyes: More than three agents looked up one user within an hour.');
    const shown = desk.screen(line as Message);
    expect(shown).toContain('They are @jonas, @mira, @grace and @alan.');
    expect(shown).toContain('for Noor Haddad, noor@acme.test');
    expect(await desk.warnings()).toMatchObject([
      {
        actor: 'U0ALAN',
        reason: '4 agents within an hour: U0JONAS, U0MIRA, U0GRACE, U0ALAN',
      },
    ]);
  });

  it('by one agent four times, or by four agents in more than an hour, raise none', async () => {
    const desk = await openDesk();
    for (let time = 0; time < 4; time++) await desk.agent.asks('/securid user noor@acme.test');
    for (const agent of AGENTS.slice(1)) {
      desk.clock.advance(20 * MINUTE);
      await desk.person(agent).asks('/securid user noor@acme.test');
    }

    expect(await desk.warnings()).toEqual([]);
  });
});
