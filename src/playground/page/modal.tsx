import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { PageView } from '../page-protocol.ts';
import type { Act } from './act.ts';
import { Blocks } from './blocks.tsx';
import type { World } from './connection.ts';
import { Dialog } from './dialog.tsx';
import { useFilled } from './filled.ts';
import type { Theme } from './theme.ts';

type Props = {
  view: PageView;
  world: World;
  act: Act;
  theme: Theme;
  problem: string | undefined;
};

/** A modal of the app. What was typed stays when the app updates it; errors appear at their fields. */
export function Modal({ view: { id, view, inputs }, world, act, theme, problem }: Props) {
  const [filled, fill] = useFilled(view.blocks);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [putAway, setPutAway] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const hasFields = view.blocks.some(({ type }) => type === 'input');

  // The modal opens before its fields arrive, and its buttons follow them.
  useEffect(() => {
    if (hasFields) form.current?.querySelector<HTMLElement>('input, select')?.focus();
  }, [hasFields]);
  useEffect(() => {
    if (Object.keys(errors).length === 0) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);

  async function close(): Promise<void> {
    const result = await act({ does: 'closes', where: id });
    // Closes whatever the process behind the page says, even if it is gone.
    if (result.problem) setPutAway(true);
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const result = await act({ does: 'submits', where: id, filled });
    setErrors(result.errors ?? {});
  }

  if (putAway) return null;
  return (
    <Dialog title={view.title?.text ?? ''} onClose={close}>
      <form onSubmit={submit} noValidate ref={form}>
        <Blocks
          blocks={view.blocks}
          inputs={inputs}
          filled={filled}
          errors={errors}
          world={world}
          theme={theme}
          on={{
            fill,
            press: (action) => act({ does: 'presses', where: id, action, filled }),
            choose(action, option) {
              setErrors({});
              void act({ does: 'chooses', where: id, action, option, filled });
            },
          }}
        />
        <p className="problem" role="alert">
          {problem}
        </p>
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={close}>
            {view.close?.text ?? 'Cancel'}
          </button>
          {view.submit && (
            <button type="submit" className="button primary">
              {view.submit.text}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
