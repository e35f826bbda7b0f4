import { type KeyboardEvent, useCallback, useState } from 'react';
import { formatBytes } from '../../../shared/format/bytes.ts';
import type { Library, LibraryPartial } from '../../../shared/model/library.ts';
import { libraryKey } from '../../stores/library-store.ts';
import { useCatalog, useRequest } from '../../stores/stores-context.tsx';
import { listKeyOf, walk } from '../../ui/list-keys.ts';
import { MadeList } from '../builds/made-list.tsx';
import type { LibraryActions } from './library-actions.ts';
import styles from './library-lists.module.css';
import { libraryRows, type NamedModel, shownPartials } from './library-rows.ts';
import { ModelRow } from './model-row.tsx';
import { PartialRow } from './partial-row.tsx';
import { RemoveDialog, RemovePartialDialog } from './remove-dialogs.tsx';
import { useLibraryActions } from './use-library-actions.ts';
import { Warnings } from './warnings.tsx';
import { words } from './words.ts';

/** Models, partial files, and the questions before something is deleted. */
export function LibraryLists({ library, search }: { readonly library: Library; readonly search: string }) {
  const catalog = useCatalog((state) => state.catalog);
  const rows = libraryRows(library, catalog, search);
  const actions = useLibraryActions();
  const [removing, setRemoving] = useState<NamedModel | null>(null);
  return (
    <div className={styles.lists}>
      <Warnings warnings={library.warnings} />
      {rows.length === 0 && search !== '' ? (
        <p className={styles.none}>{words.noMatch(search)}</p>
      ) : (
        <section>
          <h2 className="visually-hidden">{words.models}</h2>
          <Models rows={rows} actions={actions} onRemove={setRemoving} />
        </section>
      )}
      {search === '' ? <MadeList made={library.made} /> : null}
      {search === '' ? <Partials partials={shownPartials(library)} actions={actions} /> : null}
      <RemoveDialog
        row={removing}
        onClose={() => setRemoving(null)}
        onRemove={({ model, name }) => {
          setRemoving(null);
          void actions.remove(model, name);
        }}
      />
    </div>
  );
}

interface ModelsProps {
  readonly rows: readonly NamedModel[];
  readonly actions: LibraryActions;
  readonly onRemove: (row: NamedModel) => void;
}

function Models({ rows, actions, onRemove }: ModelsProps) {
  const [selected, setSelected] = useState<string | null>(null);
  const row = rows.find(({ model }) => libraryKey(model) === selected);
  const tabStop = row ?? rows[0];
  useRequest(
    'remove-selected',
    useCallback(() => row && onRemove(row), [row, onRemove]),
  );
  useRequest(
    'verify-selected',
    useCallback(() => row && void actions.verify(row.model, row.name, 'verifying'), [row, actions]),
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target instanceof HTMLElement ? event.target : null;
    const key = target?.dataset.row === undefined ? null : listKeyOf(event);
    if (key === null || !target) return;
    event.preventDefault();
    if (key !== 'show') walk(event.currentTarget, target, key);
    else if (row) actions.reveal(row.model.path);
  };
  return (
    <ul className={styles.list} aria-label={words.list} onKeyDown={onKeyDown}>
      {rows.map((each) => {
        const key = libraryKey(each.model);
        return (
          <ModelRow
            key={key}
            {...each}
            actions={actions}
            isSelected={key === selected}
            isTabStop={each === tabStop}
            onSelect={() => setSelected(key)}
            onRemove={() => onRemove(each)}
          />
        );
      })}
    </ul>
  );
}

function Partials(props: { readonly partials: readonly LibraryPartial[]; readonly actions: LibraryActions }) {
  const { partials, actions } = props;
  const [removing, setRemoving] = useState<LibraryPartial | null>(null);
  if (partials.length === 0) return null;
  const bytes = partials.reduce((sum, partial) => sum + partial.bytes, 0);
  return (
    <section>
      <h2 className={styles.heading}>
        {words.partials} <span className={styles.total}>{formatBytes(bytes)}</span>
      </h2>
      <ul className={styles.list} aria-label={words.partialsList}>
        {partials.map((partial) => (
          <PartialRow
            key={partial.path}
            partial={partial}
            actions={actions}
            onRemove={() => setRemoving(partial)}
          />
        ))}
      </ul>
      <RemovePartialDialog
        partial={removing}
        onClose={() => setRemoving(null)}
        onRemove={(partial) => {
          setRemoving(null);
          void actions.removePartial(partial);
        }}
      />
    </section>
  );
}
