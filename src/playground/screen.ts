import { type Control, read } from './reading.ts';
import type { Exchange, Person, Shown, Workspace } from './workspace/index.ts';

export type Screen = {
  /** Draws the latest message or form, with a number before each control. */
  draw(shown: Shown): string;
  /** Presses, fills in or chooses control `number`; the result is worth waiting for. */
  use(number: number, text: string, person: Person): Promise<Exchange | Submitted | undefined>;
};

type Submitted = Awaited<ReturnType<Person['submits']>>;

type Options = {
  workspace: Workspace;
  print: (text: string) => void;
  /** Shows a confirmation dialog. */
  confirmed: (title: string, text: string) => Promise<boolean>;
};

/** What a person sees in a terminal: a message or a form whose controls are numbered. */
export function createScreen({ workspace, print, confirmed }: Options): Screen {
  let current: Shown | undefined;
  let controls: Control[] = [];

  async function press(control: Control, nth: number, person: Person, shown: Shown) {
    const { confirm, label } = control;
    if (confirm && !(await confirmed(confirm.title.text, confirm.text.text))) {
      print('Not done.');
      return undefined;
    }
    return person.presses(shown, label, { nth });
  }

  return {
    draw(shown) {
      current = shown;
      controls = [];
      return read(shown, workspace, (control) => `${controls.push(control)} `);
    },

    async use(number, text, person) {
      const control = controls[number - 1];
      if (!current || !control) {
        print(`There is no ${number} on the screen.`);
        return undefined;
      }
      const { kind, label } = control;
      if (kind === 'button') {
        const before = controls.slice(0, number - 1);
        const nth = before.filter((other) => other.label === label).length;
        return press(control, nth, person, current);
      }
      if (current.kind === 'view' && kind === 'submit') return person.submits(current);
      if (current.kind === 'view' && kind === 'close') {
        person.closes(current);
        return undefined;
      }

      print(`${label}: ${text}`);
      if (kind === 'plain_text_input') {
        person.fills(current, label, text);
        return undefined;
      }
      const picked = workspace.people.find(({ name }) => `@${name}` === text);
      return person.chooses(current, label, picked?.id ?? text);
    },
  };
}
