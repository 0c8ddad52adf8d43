import type { Person, Shown } from '../../src/playground/workspace/index.ts';
import { modal } from './help-desk.ts';

/** Opens the form behind *Deny*. */
export async function opensDenial(person: Person, request: Shown) {
  const press = await person.presses(request, 'Deny');
  return { press, form: modal(await press.answer()) };
}

/** Denies a request for approval. The outcome is the press's next answer. */
export async function denies(person: Person, request: Shown, reason = 'Nobody called') {
  const { press, form } = await opensDenial(person, request);
  person.fills(form, 'Reason', reason);
  const submission = await person.submits(form);
  if (!submission.closed) throw new Error(`not denied: ${JSON.stringify(submission.errors)}`);
  return press;
}
