import { useState } from 'react';
import type { LibraryPartial } from '../../../shared/model/library.ts';
import { useCatalog } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import type { LibraryActions } from './library-actions.ts';
import type { ModelEntry } from './library-entries.ts';
import { madeFrom } from './library-rows.ts';
import { words } from './words.ts';

/** Asks before models are deleted, with the space that this frees. */
export function RemoveDialog(props: {
  readonly entries: readonly ModelEntry[];
  readonly onClose: () => void;
  readonly onRemove: (entries: readonly ModelEntry[]) => void;
}) {
  const catalog = useCatalog((state) => state.catalog);
  const { entries } = props;
  const [first] = entries;
  const name = entries.length === 1 ? (first?.name ?? '') : words.models(entries.length);
  const bytes = entries.reduce((sum, { model }) => sum + model.freeableBytes, 0);
  const made = [...new Set(entries.flatMap(({ model }) => madeFrom(model, catalog)))];
  return (
    <Dialog
      isOpen={first !== undefined}
      onClose={props.onClose}
      title={words.removeTitle(name)}
      description={words.removeText(entries.length, bytes)}
      actions={
        <>
          <Button onClick={props.onClose}>{words.keep}</Button>
          <Button look="danger" onClick={() => props.onRemove(entries)}>
            {words.removeConfirm(bytes)}
          </Button>
        </>
      }
    >
      {made.length === 0 ? null : <p>{words.removeThrough(made)}</p>}
    </Dialog>
  );
}

/** Asks before an unfinished file is deleted. */
export function RemovePartialButton(props: {
  readonly partial: LibraryPartial;
  readonly actions: LibraryActions;
}) {
  const { partial, actions } = props;
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <Button size="small" onClick={() => actions.goOn(partial.repo, null)}>
        {words.continueOther}
      </Button>
      <Button size="small" look="plain" onClick={() => setAsked(true)}>
        {words.removePartial}
      </Button>
      <Dialog
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        title={words.removePartialTitle(partial.repo)}
        description={words.removePartialText(partial.bytes)}
        actions={
          <>
            <Button onClick={() => setAsked(false)}>{words.keep}</Button>
            <Button
              look="danger"
              onClick={() => {
                setAsked(false);
                void actions.removePartial(partial);
              }}
            >
              {words.removeConfirm(partial.bytes)}
            </Button>
          </>
        }
      />
    </>
  );
}
