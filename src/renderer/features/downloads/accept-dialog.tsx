import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { words } from '../download/words.ts';

/** Asks before accepting files that differ from the catalog's. */
export function AcceptDialog(props: {
  readonly isOpen: boolean;
  readonly name: string;
  /** Which files differ, as a sentence. */
  readonly change: string | null;
  readonly onClose: () => void;
  readonly onAccept: () => void;
}) {
  return (
    <Dialog
      isOpen={props.isOpen}
      onClose={props.onClose}
      title={words.acceptTitle(props.name)}
      description={words.acceptText}
      actions={
        <>
          <Button onClick={props.onClose}>{words.dismiss}</Button>
          <Button look="primary" onClick={props.onAccept}>
            {words.acceptConfirm}
          </Button>
        </>
      }
    >
      {props.change === null ? null : <p data-selectable>{props.change}</p>}
    </Dialog>
  );
}
