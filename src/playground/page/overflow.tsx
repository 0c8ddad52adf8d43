import { useId, useLayoutEffect, useRef, useState } from 'react';

type Option = { text: { text: string }; value: string };
type Props = { options: Option[]; onChoose: (value: string) => void };

/** The menu behind `…`. It opens to where there is room, and closes on Escape and when the focus leaves it. */
export function Overflow({ options, onChoose }: Props) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <fieldset
      className="overflow"
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) setOpen(false);
      }}
      onKeyDown={({ key }) => {
        if (key === 'Escape' && isOpen) close();
      }}
    >
      <button
        ref={button}
        type="button"
        className="button"
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        …
      </button>
      {isOpen && (
        <Menu
          id={id}
          options={options}
          onChoose={(value) => {
            close();
            onChoose(value);
          }}
        />
      )}
    </fieldset>
  );
}

function Menu({ id, options, onChoose }: Props & { id: string }) {
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const shown = menu.current;
    if (!shown) return;
    const room = (shown.closest('.messages') ?? document.body).getBoundingClientRect();
    const { bottom, right } = shown.getBoundingClientRect();
    if (bottom > room.bottom) shown.dataset.up = '';
    if (right > room.right) shown.dataset.left = '';
    shown.querySelector('button')?.focus();
  }, []);
  return (
    <div
      ref={menu}
      id={id}
      role="menu"
      tabIndex={-1}
      onKeyDown={(event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const all = [...event.currentTarget.querySelectorAll('button')];
        const at = all.findIndex((one) => one.matches(':focus'));
        all.at((at + step) % all.length)?.focus();
      }}
    >
      {options.map(({ value, text }) => (
        <button key={value} type="button" role="menuitem" onClick={() => onChoose(value)}>
          {text.text}
        </button>
      ))}
    </div>
  );
}
