import { Dialog } from './dialog.tsx';

type Text = { text: string };
export type Confirmation = { title: Text; text: Text; confirm?: Text; deny?: Text; style?: string };

type Props = { confirmation: Confirmation; onYes: () => void; onNo: () => void };

/** The confirmation dialog that Slack shows before a button acts. */
export function Confirm({
  confirmation: { title, text, confirm, deny, style },
  onYes,
  onNo,
}: Props) {
  return (
    <Dialog title={title.text} onClose={onNo}>
      <p>{text.text}</p>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={onNo}>
          {deny?.text ?? 'Cancel'}
        </button>
        <button
          type="button"
          className={style === 'danger' ? 'button primary danger' : 'button primary'}
          onClick={onYes}
        >
          {confirm?.text ?? 'OK'}
        </button>
      </div>
    </Dialog>
  );
}
