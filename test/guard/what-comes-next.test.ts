import { describe, expect, it } from 'vitest';
import { registrationCode } from '../../src/operations/registration-code/change.ts';
import { declared } from '../support/declared-change.ts';
import { openHelpDesk } from '../support/help-desk.ts';
import { verify } from '../support/verification.ts';

const thaw = declared({
  next: ({ key }) => [
    { label: 'Registration code', operation: 'code', input: { who: key } },
    { label: 'Refreeze', operation: 'refreeze', input: { who: key } },
    { label: 'Look again', operation: 'user', input: { who: key } },
  ],
});
const refreeze = declared({ name: 'refreeze', isTyped: false });
const changes = [registrationCode, thaw, refreeze];

async function thawed(switches: string[]) {
  const desk = await openHelpDesk({ changes, switches });
  const card = await desk.agent.asks('/securid thaw alan@acme.test');
  const press = await verify(desk.agent, card, { button: 'Verify and thaw' });
  await press.answer();
  await press.answer();
  return { ...desk, card };
}

describe('an answer', () => {
  it('offers what usually comes next, as far as it is switched on', async () => {
    const { agent, card, screen } = await thawed(['thaw', 'code']);

    expect(screen(card)).toMatch(/\[ Registration code \] {2}\[ Look again \]$/);
    const next = await agent.clicks(card, 'Registration code');
    expect(screen(next)).toContain('# Registration code for Alan Mertens');
    expect(screen(card)).toContain('Thawed.');
  });

  it('leaves out what is not for whoever reads it', async () => {
    const { card, screen } = await thawed(['thaw']);

    expect(screen(card)).toMatch(/\n\[ Look again \]$/);
  });
});
