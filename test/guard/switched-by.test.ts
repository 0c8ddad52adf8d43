import { describe, expect, it } from 'vitest';
import { createChanges, switchesOf } from '../../src/guard/change/changes.ts';
import { registrationCode } from '../../src/operations/registration-code/change.ts';
import { declared } from '../support/declared-change.ts';
import { openHelpDesk } from '../support/help-desk.ts';

const thaw = declared();
const refreeze = declared({
  name: 'refreeze',
  button: 'Refreeze',
  switchedBy: 'thaw',
  isTyped: false,
  suits: () => 'possible',
});
const changes = [registrationCode, thaw, refreeze];

describe('a switch of `SECURID_CHANGES`', () => {
  it('switches on every change that it names', () => {
    expect(switchesOf(changes)).toEqual(['code', 'thaw']);
    const { on, off } = createChanges(changes, ['thaw']);
    expect(on.map(({ name }) => name)).toEqual(['thaw', 'refreeze']);
    expect(off.map(({ name }) => name)).toEqual(['code']);
  });

  it('leaves a change that is not typed out of help, the form and the commands', async () => {
    const { agent, screen } = await openHelpDesk({ changes });

    const help = screen(await agent.asks('/securid help'));
    const asked = await agent.types('/securid');
    await asked.answer();
    const form = await asked.answer();

    expect(help).toContain('`/securid thaw <who>`: thaws an account');
    expect(help).not.toContain('refreeze');
    expect(JSON.stringify(form)).toContain('Thaw an account');
    expect(JSON.stringify(form)).not.toContain('efreeze');
    expect(screen(await agent.asks('/securid refreeze alan@acme.test'))).toMatch(
      /^There is no such command\./,
    );
  });

  it('lets a button lead to a change that is not typed', async () => {
    const { agent, screen } = await openHelpDesk({ changes });
    const user = await agent.asks('/securid user alan@acme.test');

    expect(screen(await agent.clicks(user, 'Refreeze'))).toContain('# Thaw Alan Mertens');
  });

  it('is named to whoever types or presses what it has switched off', async () => {
    const before = await openHelpDesk({ changes });
    const user = await before.agent.asks('/securid user alan@acme.test');
    const after = await before.openSecondBot({ switches: ['code'] });
    after.isAsked();

    expect(before.screen(await before.agent.asks('/securid thaw alan@acme.test'))).toBe(
      '`/securid thaw` is not switched on here. Your SecurID Desk administrator can add it to `SECURID_CHANGES`.\n  For your SecurID Desk administrator: `docs/troubleshooting.md#a-change-is-not-switched-on`',
    );
    expect(before.screen(await before.agent.clicks(user, 'Refreeze'))).toBe(
      'Refreeze is not switched on here. Your SecurID Desk administrator can add `thaw` to `SECURID_CHANGES`.\n  For your SecurID Desk administrator: `docs/troubleshooting.md#a-change-is-not-switched-on`',
    );
  });
});
