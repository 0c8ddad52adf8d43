import type { Person, Shown, View } from '../../src/playground/workspace/index.ts';

export type Recorded = {
  button?: string;
  method?: string;
  ticket?: string;
  reason?: string;
  platform?: string;
};

/** Opens the modal behind a card's button and fills it in; fields set to empty stay empty. */
export async function fillIn(
  person: Person,
  card: Shown,
  { button = 'Verify and issue', ...recorded }: Recorded = {},
) {
  const press = await person.presses(card, button);
  const form = (await press.answer()) as View;
  if (form.kind !== 'view') throw new Error('no modal opened');
  const { method = 'In person with badge', ticket = 'INC-4711' } = recorded;
  const { reason = 'New telephone', platform } = recorded;
  if (method) await person.chooses(form, 'How did you verify the caller?', method);
  person.fills(form, 'Ticket', ticket);
  person.fills(form, 'Reason', reason);
  if (platform) await person.chooses(form, 'Platform', platform);
  return { press, form };
}

/** Records a verification and submits it. The outcome is the press's next answer. */
export async function verify(person: Person, card: Shown, recorded?: Recorded) {
  const { press, form } = await fillIn(person, card, recorded);
  const submission = await person.submits(form);
  if (!submission.closed) throw new Error(`not submitted: ${JSON.stringify(submission.errors)}`);
  return press;
}
