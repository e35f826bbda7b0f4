import { useLibrary } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import type { LibraryActions } from './library-actions.ts';
import { isModel, LIBRARY_FILTERS, LIBRARY_SORTS, type LibraryEntry } from './library-entries.ts';
import styles from './library-toolbar.module.css';
import type { LibraryLook } from './use-entries.ts';
import { words } from './words.ts';

const FILTERS = LIBRARY_FILTERS.map((value) => ({ value, label: words.filters[value] }));
const SORTS = LIBRARY_SORTS.map((value) => ({ value, label: words.sorts[value] }));

/** What of the list is shown, in which order; and what can be done to all that is selected. */
export function LibraryToolbar(props: {
  readonly look: LibraryLook;
  readonly entries: readonly LibraryEntry[];
  readonly selected: readonly LibraryEntry[];
  readonly outdated: ReadonlySet<string>;
  readonly actions: LibraryActions;
  readonly onRemove: () => void;
}) {
  const { look, selected } = props;
  return (
    <div className={styles.bar}>
      <Select
        label={words.filter}
        isLabelHidden
        options={FILTERS}
        value={look.filter}
        onChange={look.setFilter}
      />
      <Select label={words.sort} isLabelHidden options={SORTS} value={look.sort} onChange={look.setSort} />
      <p role="status" className={styles.selected}>
        {selected.length > 1 ? words.selected(selected.length, bytesOf(selected)) : ''}
      </p>
      <div className={styles.actions}>
        {selected.length > 1 ? <ForSelected {...props} /> : <ForAll {...props} />}
      </div>
    </div>
  );
}

const bytesOf = (entries: readonly LibraryEntry[]) => entries.reduce((sum, { bytes }) => sum + bytes, 0);

function ForSelected({ selected, actions, onRemove }: Parameters<typeof LibraryToolbar>[0]) {
  const models = selected.filter(isModel);
  if (models.length === 0) return null;
  return (
    <>
      <Button size="small" onClick={() => void actions.verifyAll(models)}>
        {words.verifyAll}
      </Button>
      <Button size="small" onClick={onRemove}>
        {words.removeAll}
      </Button>
    </>
  );
}

function ForAll({ entries, outdated, actions }: Parameters<typeof LibraryToolbar>[0]) {
  const isChecking = useLibrary((state) => state.isCheckingUpdates);
  const newer = entries.filter(isModel).filter(({ key }) => outdated.has(key));
  return (
    <>
      {newer.length === 0 ? null : (
        <Button size="small" look="primary" onClick={() => void actions.update(newer)}>
          {words.updateAll(newer.length)}
        </Button>
      )}
      <Button size="small" isBusy={isChecking} onClick={() => void actions.checkUpdates()}>
        {words.checkUpdates}
      </Button>
    </>
  );
}
