import { describe, expect, it } from 'vitest';
import { modal, openHelpDesk } from '../support/help-desk.ts';
import { verify } from '../support/verification.ts';

describe('in Socket Mode', () => {
  it('answers a command', async () => {
    const { agent, tenant } = await openHelpDesk({ mode: 'socket' });

    const answer = await agent.asks('/securid user grace@acme.test');

    expect(answer.text).toBe('Grace Okafor: Enabled');
    expect(tenant.calls()).toEqual(['POST /v1/users/lookup', 'GET /v2/users/{id}/devices']);
  });

  it('follows a button', async () => {
    const { agent, screen } = await openHelpDesk({ mode: 'socket' });
    const list = await agent.asks('/securid authenticators grace@acme.test');

    expect(screen(await agent.clicks(list, 'Show browsers'))).toContain('Firefox 135.0');
  });

  it('shows a registration code and hides it', async () => {
    const { agent, screen, tenant } = await openHelpDesk({ mode: 'socket' });
    const card = await agent.asks('/securid code alan@acme.test ios');

    const press = await verify(agent, card);
    await press.answer();
    await press.answer();
    expect(screen(card)).toContain(`To copy: \`${tenant.issuedCodes[0]?.code}\``);

    await agent.clicks(card, 'Hide now');
    expect(screen(card)).toMatch(/was hidden/);
  });

  it('opens the form, shows errors at its fields, and answers', async () => {
    const { agent, screen } = await openHelpDesk({ mode: 'socket' });
    const asked = await agent.types('/securid');
    await asked.answer();
    const form = modal(await asked.answer());

    agent.fills(form, 'Or an e-mail address or SecurID user name', 'Grace Okafor');
    expect((await agent.submits(form)).errors).toEqual({
      'home:typed': 'Type an e-mail address or a SecurID user name.',
    });

    agent.fills(form, 'Or an e-mail address or SecurID user name', 'grace@acme.test');
    expect(await agent.submits(form)).toMatchObject({ closed: true });
    expect(screen(await asked.answer())).toMatch(/^# Grace Okafor/);
  });

  it('refuses whoever has no role', async () => {
    const { nobody, screen, tenant } = await openHelpDesk({ mode: 'socket' });

    expect(screen(await nobody.asks('/securid user grace@acme.test'))).toMatch(/^Sorry/);
    expect(tenant.requests).toEqual([]);
  });
});
