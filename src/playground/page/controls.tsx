import { useId, useLayoutEffect, useRef, useState } from 'react';
import type { Filled } from '../page-protocol.ts';
import type { Block, Inputs, SlackPerson } from '../workspace/index.ts';
import { Confirm, type Confirmation } from './confirm.tsx';
import { Overflow } from './overflow.tsx';

/** What the elements of a message or a modal can do, each by its `action_id`. */
export type On = {
  fill: (action: string, text: string) => void;
  press: (action: string) => void;
  choose: (action: string, option: string) => void;
};

type Text = { text: string };
type Option = { text: Text; value: string; description?: Text };
type Element = {
  type: string;
  action_id?: string;
  text?: Text;
  style?: 'primary' | 'danger';
  confirm?: Confirmation;
  placeholder?: Text;
  options?: Option[];
  multiline?: boolean;
  max_length?: number;
};

export function ActionElement({ element, on }: { element: Element; on: On }) {
  const [asking, setAsking] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  // The answer may replace the message and remove the button; then the message gets the focus.
  useLayoutEffect(() => {
    const element = button.current;
    return () => {
      if (element && element === document.activeElement) {
        element.closest<HTMLElement>('.message')?.focus();
      }
    };
  }, []);
  const { action_id: action = '', text, style, confirm } = element;
  if (element.type === 'overflow') {
    const { options = [] } = element;
    return <Overflow options={options} onChoose={(value) => on.choose(action, value)} />;
  }
  if (element.type !== 'button') return <Choice element={element} value="" on={on} />;
  return (
    <>
      <button
        ref={button}
        type="button"
        className={`button ${style ?? ''}`}
        onClick={() => (confirm ? setAsking(true) : on.press(action))}
      >
        {text?.text}
      </button>
      {asking && confirm && (
        <Confirm
          confirmation={confirm}
          onYes={() => {
            setAsking(false);
            on.press(action);
          }}
          onNo={() => setAsking(false)}
        />
      )}
    </>
  );
}

type InputProps = {
  block: Block;
  inputs: Inputs;
  filled: Filled;
  error: string | undefined;
  people: SlackPerson[];
  on: On;
};

export function InputField({ block, inputs, filled, error, people, on }: InputProps) {
  const id = useId();
  const { label, hint, optional, element } = block as unknown as {
    label: Text;
    hint?: Text;
    optional?: boolean;
    element: Element;
  };
  const action = element.action_id ?? '';
  const state = inputs[block.block_id ?? '']?.[action] as
    | { value?: string; selected_option?: Option; selected_user?: string }
    | undefined;
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const common = { id, 'aria-describedby': described || undefined, 'aria-invalid': !!error };

  return (
    <div className="field" data-invalid={error ? true : undefined}>
      <label htmlFor={id}>
        {label.text} {optional && <span className="optional">(optional)</span>}
      </label>
      {element.type === 'plain_text_input' ? (
        <input
          {...common}
          type="text"
          placeholder={element.placeholder?.text}
          maxLength={element.max_length}
          value={filled[action] ?? state?.value ?? ''}
          onChange={({ target }) => on.fill(action, target.value)}
        />
      ) : (
        <Choice
          element={element}
          value={state?.selected_option?.value ?? state?.selected_user ?? ''}
          people={people}
          on={on}
          {...common}
        />
      )}
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint.text}
        </p>
      )}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

type ChoiceProps = {
  element: Element;
  value: string;
  people?: SlackPerson[];
  on: On;
  id?: string;
};

/** A select, of the app's options or of people. */
function Choice({ element, value, people = [], on, ...common }: ChoiceProps) {
  const options =
    element.type === 'users_select'
      ? people.map(({ id, realName, name }) => ({ value: id, label: `${realName} (@${name})` }))
      : (element.options ?? []).map(({ value, text, description }) => ({
          value,
          label: description ? `${text.text} (${description.text})` : text.text,
        }));
  return (
    <select
      {...common}
      aria-label={common.id ? undefined : element.placeholder?.text}
      value={value}
      onChange={({ target }) => on.choose(element.action_id ?? '', target.value)}
    >
      <option value="" disabled>
        {element.placeholder?.text ?? 'Choose'}
      </option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
