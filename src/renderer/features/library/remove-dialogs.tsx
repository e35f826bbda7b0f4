import type { LibraryPartial } from '../../../shared/model/library.ts';
import { useCatalog } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { madeFrom, type NamedModel } from './library-rows.ts';
import { words } from './words.ts';

/** Asks before a model is deleted, with the space that this frees. */
export function RemoveDialog(props: {
  readonly row: NamedModel | null;
  readonly onClose: () => void;
  readonly onRemove: (row: NamedModel) => void;
}) {
  const catalog = useCatalog((state) => state.catalog);
  const { row } = props;
  const made = row ? madeFrom(row.model, catalog) : [];
  return (
    <Dialog
      isOpen={row !== null}
      onClose={props.onClose}
      title={row ? words.removeTitle(row.name) : ''}
      description={row ? words.removeText(row.model.bytes) : ''}
      actions={
        <>
          <Button onClick={props.onClose}>{words.keep}</Button>
          <Button look="danger" onClick={() => row && props.onRemove(row)}>
            {words.removeConfirm(row?.model.bytes ?? 0)}
          </Button>
        </>
      }
    >
      {made.length === 0 ? null : <p>{words.removeThrough(made)}</p>}
    </Dialog>
  );
}

/** Asks before a partial is deleted. */
export function RemovePartialDialog(props: {
  readonly partial: LibraryPartial | null;
  readonly onClose: () => void;
  readonly onRemove: (partial: LibraryPartial) => void;
}) {
  const { partial } = props;
  return (
    <Dialog
      isOpen={partial !== null}
      onClose={props.onClose}
      title={partial ? words.removePartialTitle(partial.repo) : ''}
      description={partial ? words.removePartialText(partial.bytes) : ''}
      actions={
        <>
          <Button onClick={props.onClose}>{words.keep}</Button>
          <Button look="danger" onClick={() => partial && props.onRemove(partial)}>
            {words.removeConfirm(partial?.bytes ?? 0)}
          </Button>
        </>
      }
    />
  );
}
