import { CHANGES } from '../../../src/operations/changes.ts';
import type { Exchange, Message, Person, View } from '../../../src/playground/workspace/index.ts';
import type { Random } from '../../support/random.ts';
import { buttonsOf } from './messages.ts';
import type { Scene } from './scene.ts';

/** Percentages. */
const SHARES: [string, number][] = [
  ['user', 20],
  ['authenticators', 15],
  ['token', 8],
  ['help', 10],
  ['license', 5],
  ['code', 10],
  ['change', 15],
  ['unknown', 5],
  ['press', 12],
];
const DECK = SHARES.flatMap(([what, share]) => Array<string>(share).fill(what));

const PEOPLE = ['grace', 'alan', 'noor', 'otto', 'ivy', 'nobody', 'mallory', 'agent0007'];
const SERIALS = ['900001', '900004', '14010900007', '123456'];
/** Whoever presses these makes a change, or has to do more than press. */
const NOT_OLD = ['Hide now', 'Download CSV', ...CHANGES.map(({ say }) => say.verify)];

type Options = {
  scene: Pick<Scene, 'ledger'>;
  random: Random;
  /** The current fault. */
  fault: () => string;
  /** The user for the next code; each user once. */
  nextUser: () => string;
  /** Makes some change. Without it, agents only issue codes. */
  change?: (agent: string, person: Person) => Promise<void>;
};

/** An agent's work. Each call makes one command, or one with the form that follows. */
export function createWork({ scene: { ledger }, random, fault, nextUser, change }: Options) {
  async function does(agent: string, what: string, act: () => Promise<Exchange>) {
    const entry = ledger.begin(agent, what, fault());
    const exchange = await act();
    entry.follow(exchange).catch(() => {});
    return { entry, exchange };
  }

  async function ask(agent: string, what: string, act: () => Promise<Exchange>) {
    const { entry, exchange } = await does(agent, what, act);
    await entry.ended();
    return exchange.answers().findLast((shown) => shown.kind === 'message');
  }

  async function fillIn(person: Person, form: View, ticket: string): Promise<void> {
    await person.chooses(form, 'How did you verify the caller?', 'In person with badge');
    person.fills(form, 'Ticket', ticket);
    person.fills(form, 'Reason', 'New telephone');
  }

  /** From the card's button to the code, or to the reason why there is none. */
  async function verify(agent: string, person: Person, card: Message, ticket: string) {
    const { entry, exchange } = await does(agent, 'form', () =>
      person.presses(card, 'Verify and issue'),
    );
    await entry.ended({ orForm: true });
    const form = exchange.answers().find((shown) => shown.kind === 'view');
    if (!form || form.closed) return entry.ended();
    await fillIn(person, form, ticket);
    const { acknowledged, errors } = await person.submits(form);
    if (errors) throw new Error(`the form was not taken: ${JSON.stringify(errors)}`);
    if (!acknowledged.ok) {
      entry.slackRefused();
      person.closes(form);
    }
    await entry.ended();
  }

  async function code(agent: string, person: Person): Promise<void> {
    const email = nextUser();
    const card = await ask(agent, 'code', () => person.types(`/securid code ${email} ios`));
    if (!card || !buttonsOf(card).includes('Verify and issue')) return;
    await verify(agent, person, card, email);
    if (buttonsOf(card).includes('Hide now') && random.chance(0.2)) {
      await ask(agent, 'hide', () => person.presses(card, 'Hide now'));
    }
  }

  /** One agent, who works until `enough`. */
  return async (
    agent: string,
    person: Person,
    enough: () => boolean,
    pause: () => Promise<void>,
  ) => {
    const old: Message[] = [];
    while (!enough()) {
      const what = random.one(DECK);
      await pause();
      if (what === 'code' || what === 'change') {
        await (what === 'change' && change ? change : code)(agent, person);
        continue;
      }
      const pressable = old.filter((message) => buttonsOf(message).length > 0);
      if (what === 'press' && pressable.length > 0) {
        const message = random.one(pressable);
        const label = random.one(buttonsOf(message));
        await ask(agent, 'press', () => person.presses(message, label, { nth: 0 }));
        continue;
      }
      const came = await ask(agent, what, () => person.types(words(what)));
      if (came && !buttonsOf(came).some((label) => NOT_OLD.includes(label))) old.push(came);
      if (old.length > 5) old.shift();
    }
  };

  function words(what: string): string {
    const somebody = `${random.one(PEOPLE)}@acme.test`;
    switch (what) {
      case 'token':
        return `/securid token ${random.one(SERIALS)}`;
      case 'license':
        return '/securid license private';
      case 'unknown':
        return '/securid fliegen';
      case 'help':
        return '/securid help';
      case 'user':
        return `/securid user ${somebody}`;
      default:
        return `/securid authenticators ${somebody}`;
    }
  }
}
