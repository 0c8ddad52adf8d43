import type {
  Exchange,
  Message,
  Person,
  Shown,
  View,
} from '../../../src/playground/workspace/index.ts';
import type { Entry } from './entry.ts';
import { buttonsOf, isInterim, seen } from './messages.ts';
import type { Scene } from './scene.ts';

/** What they read leads no further, so they leave it at that. */
export class LeadsNoFurther extends Error {
  override readonly name = 'LeadsNoFurther';
}

type Accounting = { ledger: Scene['ledger']; fault: () => string };

/**
 * A person whose commands are in the ledger, each read to its end before the next. An exchange's answer is what is
 * on the screen then: the form, or the last message.
 */
export function accounted(id: string, person: Person, { ledger, fault }: Accounting): Person {
  const forms = new Map<View, Entry>();

  async function read(what: string, act: () => Promise<Exchange>): Promise<Exchange> {
    const entry = ledger.begin(id, what, fault());
    const exchange = await act();
    entry.follow(exchange).catch(() => {});
    await entry.ended({ orForm: true });
    const isForm = (shown: Shown): shown is View => shown.kind === 'view' && !shown.closed;
    const form = exchange.answers().find(isForm);
    if (form) forms.set(form, entry);
    else await entry.ended();
    const isMessage = (one: Shown): one is Message =>
      one.kind === 'message' && !isInterim(seen(one));
    const shown = form ?? exchange.answers().findLast(isMessage);
    return {
      ...exchange,
      async answer() {
        if (!shown) throw new LeadsNoFurther(`${what}: nothing came`);
        return shown;
      },
    };
  }

  return {
    ...person,
    types: (text) => read(text.replace(/^\/securid (\S+).*$/, '$1'), () => person.types(text)),
    async presses(where, label, options) {
      if (where.kind === 'message' && !buttonsOf(where).includes(label)) {
        throw new LeadsNoFurther(`no “${label}” here: ${where.text}`);
      }
      return read(label, () => person.presses(where, label, options));
    },
    async chooses(where, label, option) {
      const isOffered = JSON.stringify(where).includes(`"${option}"`);
      // Such as a device, if the devices could not be read for the card.
      if (where.kind === 'view')
        return isOffered ? person.chooses(where, label, option) : undefined;
      if (!isOffered) {
        throw new LeadsNoFurther(`no “${option}” here: ${where.text}`);
      }
      return read(option, async () => (await person.chooses(where, label, option)) as Exchange);
    },
    async submits(form) {
      const submission = await person.submits(form);
      const { acknowledged, errors } = submission;
      if (errors) throw new Error(`the form was not taken: ${JSON.stringify(errors)}`);
      const entry = forms.get(form);
      if (!acknowledged.ok) {
        entry?.slackRefused();
        person.closes(form);
      }
      await entry?.ended();
      return submission;
    },
  };
}
