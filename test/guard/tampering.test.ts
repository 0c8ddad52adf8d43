import { describe, expect, it } from 'vitest';
import { HELP_DESK_GROUP, JONAS, MIRA } from '../../src/playground/company.ts';
import { eventually, type HelpDesk, type Message, openHelpDesk } from '../support/help-desk.ts';
import { cardFor, codesAskedFor } from '../support/registration-code.ts';
import { fillIn } from '../support/verification.ts';

describe('“Issue code”, tampered with', () => {
  /** Repeats Jonas's submission, signed as Slack signs, with parts of it replaced. */
  async function forge(desk: HelpDesk, change: { user?: string; team?: string; sealed?: string }) {
    const { agent, workspace } = desk;
    const { form } = await fillIn(agent, await cardFor(desk), { reason: '  ' });
    await agent.submits(form);

    const body = new URLSearchParams(workspace.lastRequest()?.body);
    const payload = JSON.parse(body.get('payload') ?? '');
    payload.trigger_id = 'another submission';
    payload.view.state.values.reason.reason.value = 'New telephone';
    Object.assign(payload.user, { id: change.user ?? JONAS, team_id: change.team ?? 'T0ACME' });
    Object.assign(payload.view, change.sealed !== undefined && { private_metadata: change.sealed });
    return workspace.send({ form: { payload: JSON.stringify(payload) } });
  }

  const refused = 'This form has expired';

  it('works untouched', async () => {
    const desk = await openHelpDesk();

    await forge(desk, {});
    await eventually(() => codesAskedFor(desk).length === 1);
  });

  it('refuses another agent', async () => {
    const desk = await openHelpDesk({ env: { SECURID_AGENTS: `${HELP_DESK_GROUP},${MIRA}` } });

    expect((await forge(desk, { user: MIRA })).body).toContain(refused);
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('refuses the agent if they come from another workspace', async () => {
    const desk = await openHelpDesk();

    await forge(desk, { team: 'T0OTHER' });
    await eventually(() => desk.logged().some(({ msg }) => msg === 'refused'));

    expect(codesAskedFor(desk)).toEqual([]);
  });

  it.each([
    ['words', 'alan@acme.test'],
    ['nothing', ''],
    ['half a seal', 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.BBBB.CCCC'],
  ])('refuses a form that contains %s', async (_, sealed) => {
    const desk = await openHelpDesk();

    expect((await forge(desk, { sealed })).body).toContain(refused);
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it("refuses a form that contains a button's sealed value", async () => {
    const desk = await openHelpDesk();
    const card = await cardFor(desk);
    const [, sealed = ''] = JSON.stringify(card.blocks).match(/"value":"(eyJ[^"]*)"/) ?? [];

    expect((await forge(desk, { sealed })).body).toContain(refused);
    expect(codesAskedFor(desk)).toEqual([]);
  });

  it('opens no form for another agent, or for another value', async () => {
    const desk = await openHelpDesk({ env: { SECURID_AGENTS: `${HELP_DESK_GROUP},${MIRA}` } });
    const card = await cardFor(desk);
    const press = await desk.agent.presses(card, 'Verify and issue');
    await press.answer();
    const body = new URLSearchParams(desk.workspace.lastRequest()?.body);

    for (const change of [{ user: MIRA }, { value: 'alan@acme.test' }]) {
      const payload = JSON.parse(body.get('payload') ?? '');
      payload.trigger_id = JSON.stringify(change);
      payload.user.id = change.user ?? JONAS;
      payload.actions[0].value = change.value ?? payload.actions[0].value;
      await desk.workspace.send({ form: { payload: JSON.stringify(payload) } });
      const answer = (await press.answer()) as Message;
      expect(desk.screen(answer)).toMatch(/^This button has expired/);
    }
  });
});
