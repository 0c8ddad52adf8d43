import { type FormEvent, type KeyboardEvent, useId, useState } from 'react';
import type { InteractionResult, SlashCommand } from '../page-protocol.ts';

type Props = {
  commands: SlashCommand[];
  place: string;
  send: (text: string) => Promise<InteractionResult>;
};

/** The message box. Completes the slash commands in the manifest. */
export function Composer({ commands, place, send }: Props) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const [dismissed, setDismissed] = useState(false);
  const [note, setNote] = useState('');
  const listId = useId();
  const offers = dismissed ? [] : complete(commands, text);
  const active = Math.min(chosen, offers.length - 1);

  function take(offer: string): void {
    setText(`${offer} `);
    setChosen(0);
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const typed = text.trim();
    if (typed === '') return;
    if (!typed.startsWith('/')) return setNote('Only slash commands work here: try /securid help');
    setNote('');
    setText('');
    setDismissed(false);
    const { problem } = await send(typed);
    // Nothing was sent, so the text stays.
    if (problem) setText((since) => since || typed);
  }

  function onKey(event: KeyboardEvent): void {
    const offer = offers[active];
    if (offer === undefined) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setChosen((active + step + offers.length) % offers.length);
    } else if (event.key === 'Tab' && !event.shiftKey) {
      event.preventDefault();
      take(offer);
    } else if (event.key === 'Escape') {
      setDismissed(true);
    }
  }

  return (
    <form className="composer" onSubmit={submit}>
      {offers.length > 0 && (
        <div className="offers" id={listId} role="listbox" aria-label="Commands" tabIndex={-1}>
          {offers.map((offer, index) => (
            <div
              key={offer}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              onMouseDown={(event) => {
                event.preventDefault();
                take(offer);
              }}
            >
              {offer}
            </div>
          ))}
        </div>
      )}
      <input
        aria-label={`Message ${place}`}
        role="combobox"
        aria-expanded={offers.length > 0}
        aria-controls={listId}
        aria-activedescendant={offers.length > 0 ? `${listId}-${active}` : undefined}
        autoComplete="off"
        placeholder={`Message ${place}: try /securid help`}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setDismissed(false);
        }}
        onKeyDown={onKey}
      />
      <button type="submit" disabled={text.trim() === ''}>
        Send
      </button>
      <p className="note" role="status">
        {note}
      </p>
    </form>
  );
}

/** The command and its usage hint, while a command is being typed. */
function complete(commands: SlashCommand[], text: string): string[] {
  if (!text.startsWith('/') || text.length > 60) return [];
  return commands
    .flatMap(({ command, hints }) => [command, ...hints.map((hint) => `${command} ${hint}`)])
    .filter((offer) => offer.startsWith(text) && offer !== text);
}
