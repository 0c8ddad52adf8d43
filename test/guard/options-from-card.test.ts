import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { OwnCard } from '../../src/guard/change/asked.ts';
import { APPROVALS, MIRA } from '../../src/playground/company.ts';
import { declared, THAW } from '../support/declared-change.ts';
import { type HelpDesk, type Message, modal, openHelpDesk } from '../support/help-desk.ts';

const PHONES = { 'id-1': 'iPhone 14', 'id-2': '<!here> *Pixel*' };

const field = {
  id: 'device',
  label: 'Device',
  placeholder: 'Choose it',
  missing: 'Choose a device.',
};

/** What the card offers can be changed by a story. */
function openDesk({
  isNeeded = true,
  env = {},
}: {
  isNeeded?: boolean;
  env?: Record<string, string>;
} = {}) {
  const offered: { options: OwnCard['options'] } = { options: { device: PHONES } };
  const performed: unknown[] = [];
  const device = z.string().min(1);
  const thaw = declared({
    input: z.object({ device: isNeeded ? device : device.optional() }),
    fields: [field],
    card: async () => ({ facts: [], blocks: [], ...offered }),
    perform: ({ securid, user, input }, options) => {
      performed.push(input);
      return securid.users.unlock(user.id, ['TOKEN'], options);
    },
  });
  return openHelpDesk({ changes: [thaw], env: { SECURID_APPROVERS: MIRA, ...env } }).then(
    (desk) => ({ ...desk, offered, performed }),
  );
}

const cardFor = ({ agent }: Pick<HelpDesk, 'agent'>) => agent.asks('/securid thaw alan@acme.test');

/** Opens the form, and fills in what every change asks for. */
async function formOf({ agent }: Pick<HelpDesk, 'agent'>, card: Message) {
  const press = await agent.presses(card, 'Verify and thaw');
  const form = modal(await press.answer());
  await agent.chooses(form, 'How did you verify the caller?', 'In person with badge');
  agent.fills(form, 'Ticket', 'INC-4711');
  agent.fills(form, 'Reason', 'New telephone');
  return { press, form };
}

describe('what the card lets the agent choose', () => {
  it('is what the form offers, and what is asked of SecurID', async () => {
    const desk = await openDesk();
    const card = await cardFor(desk);
    const { press, form } = await formOf(desk, card);
    expect(desk.screen(form)).toContain('Device: (iPhone 14 | <!here> *Pixel*)');

    await desk.agent.chooses(form, 'Device', '<!here> *Pixel*');
    expect(await desk.agent.submits(form)).toMatchObject({ closed: true });
    await press.answer();
    await press.answer();

    expect(desk.performed).toEqual([{ device: 'id-2' }]);
    expect(desk.screen(card)).toContain('Thawed.');
  });

  it('is what the approver reads', async () => {
    const desk = await openDesk({
      env: { SECURID_PROTECTED: 'alan@acme.test', SECURID_APPROVAL_CHANNEL: APPROVALS },
    });
    const { press, form } = await formOf(desk, await cardFor(desk));
    await desk.agent.chooses(form, 'Device', 'iPhone 14');
    await desk.agent.submits(form);
    await press.answer();
    const request = desk.workspace.messages.find(
      ({ channel, to }) => channel === APPROVALS && !to,
    ) as Message;

    expect(desk.screen(request)).toContain('Device: iPhone 14');
  });

  it('has to be chosen', async () => {
    const desk = await openDesk();
    const { form } = await formOf(desk, await cardFor(desk));

    expect((await desk.agent.submits(form)).errors).toHaveProperty('device');
  });

  it('is nothing else, whatever the form sends', async () => {
    const desk = await openDesk();
    const { form } = await formOf(desk, await cardFor(desk));
    await desk.agent.chooses(form, 'Device', 'iPhone 14');
    for (const value of ['id-3', 'constructor']) {
      const text = JSON.stringify(form.view.blocks).replaceAll('id-1', value);
      form.view.blocks = JSON.parse(text);
      Object.assign(form, JSON.parse(JSON.stringify(form).replaceAll('id-1', value)));

      expect((await desk.agent.submits(form)).errors).toEqual({ device: 'Choose a device.' });
    }
    expect(desk.performed).toEqual([]);
  });

  it('is not asked for where there is nothing to choose, if the change can do without', async () => {
    const desk = await openDesk({ isNeeded: false });
    desk.offered.options = { device: {} };
    const card = await cardFor(desk);
    const { press, form } = await formOf(desk, card);
    expect(desk.screen(form)).not.toContain('Device');

    await desk.agent.submits(form);
    await press.answer();
    await press.answer();

    expect(desk.performed).toEqual([{}]);
  });

  it('opens no form where there is nothing to choose and the change needs it', async () => {
    const desk = await openDesk();
    desk.offered.options = {};

    const card = desk.screen(await cardFor(desk));

    expect(card).toContain('⛔ SecurID Desk could not check whether this account may be thawed.');
    expect(card).toContain('[ Try again ]');
    expect(card).not.toContain('Verify and thaw');
    expect(desk.tenant.calls().filter((call) => call === THAW)).toEqual([]);
  });

  it.each([
    ['short names', 'Kiosk'],
    ['names of 255 characters with markup', `<!here> ${'*Ünlöng* 📱 '.repeat(40)}`.slice(0, 255)],
  ])('is as much of 140 devices as fits into a button, with %s', async (_, name) => {
    const desk = await openDesk();
    const many = Array.from({ length: 140 }, (__, at) => [`${4711 + at}x`, `${at} ${name}`]);
    desk.offered.options = { device: Object.fromEntries(many) };

    const card = await cardFor(desk);

    const [, shown = ''] =
      /the form has room for the first (\d+) of 140\./.exec(desk.screen(card)) ?? [];
    expect(Number(shown)).toBeGreaterThan(3);
    const { form } = await formOf(desk, card);
    const [, ...labels] = /Device: \((.*)\)/.exec(desk.screen(form))?.[1]?.split(' | ') ?? [];
    expect(labels).toHaveLength(Number(shown) - 1);
    expect(labels.at(-1)).toMatch(new RegExp(`^${Number(shown) - 1} `));
  });
});
