import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { PageView } from '../page-protocol.ts';
import { Blocks } from './blocks.tsx';
import type { World } from './connection.ts';
import { Dialog } from './dialog.tsx';
import { useFilled } from './filled.ts';
import type { Act, Theme } from './page.tsx';

type Props = { view: PageView; world: World; act: Act; theme: Theme };

/** A modal of the app: what was typed stays while the app changes it, errors stand at the fields. */
export function Modal({ view: { id, view, inputs }, world, act, theme }: Props) {
  const [filled, fill] = useFilled(view.blocks);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const close = () => void act({ does: 'closes', where: id });
  const form = useRef<HTMLFormElement>(null);
  const hasFields = view.blocks.some(({ type }) => type === 'input');

  // The form opens before its fields are there, and its buttons come after them.
  useEffect(() => {
    if (hasFields) form.current?.querySelector<HTMLElement>('input, select')?.focus();
  }, [hasFields]);
  useEffect(() => {
    if (Object.keys(errors).length === 0) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const result = await act({ does: 'submits', where: id, filled });
    setErrors(result.errors ?? {});
  }

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
