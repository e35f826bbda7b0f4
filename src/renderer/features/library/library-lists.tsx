import { useCallback, useMemo, useRef, useState } from 'react';
import { hasWords } from '../../../shared/format/has-words.ts';
import type { Library } from '../../../shared/model/library.ts';
import { useCatalog, useLibrary, usePreferences, useRequest } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { thisPlatform } from '../../ui/platform.ts';
import { MadeList } from '../builds/made-list.tsx';
import { ElsewhereList } from './elsewhere-list.tsx';
import { type EntryContext, entryItems, severalItems } from './entry-items.ts';
import { EntryList } from './entry-list.tsx';
import { type EntryPlace, EntryRow } from './entry-row.tsx';
import { FilesDialog } from './files-dialog.tsx';
import { isModel, type LibraryEntry, type ModelEntry } from './library-entries.ts';
import styles from './library-lists.module.css';
import { LibraryToolbar } from './library-toolbar.tsx';
import { RemoveDialog } from './remove-dialogs.tsx';
import { Storage } from './storage.tsx';
import { useEntries, useLibraryLook, useOutdated } from './use-entries.ts';
import { useLibraryActions } from './use-library-actions.ts';
import { type EntrySelection, useSelection } from './use-selection.ts';
import { Warnings } from './warnings.tsx';
import { words } from './words.ts';

/** Models and what is unfinished, what was made here, and the questions before something is deleted. */
export function LibraryLists({ library, search }: { readonly library: Library; readonly search: string }) {
  const look = useLibraryLook();
  const outdated = useOutdated();
  const entries = useEntries(library, search, look, outdated);
  const selection = useSelection(entries);
  const actions = useLibraryActions();
  const [asked, setAsked] = useState<readonly ModelEntry[]>([]);
  const [opened, setOpened] = useState<ModelEntry | null>(null);
  const context = useEntryContext(outdated, setAsked, setOpened);
  const made = library.made.filter(({ id }) => hasWords(id, search));
  const elsewhere = (library.elsewhere ?? []).filter(({ name, repo }) =>
    hasWords(`${name} ${repo ?? ''}`, search),
  );
  useSelectedRequests(selection, context);
  return (
    <div className={styles.lists}>
      <Warnings warnings={library.warnings} />
      <Storage />
      <LibraryToolbar
        look={look}
        entries={entries}
        selected={selection.selected}
        outdated={outdated}
        actions={actions}
        onRemove={() => setAsked(selection.selected.filter(isModel))}
      />
      <section>
        <h2 className="visually-hidden">{words.heading}</h2>
        {entries.length === 0 ? (
          <Nothing search={search} onShowAll={() => look.setFilter('all')} />
        ) : (
          <Rows entries={entries} selection={selection} context={context} />
        )}
      </section>
      <MadeList made={made} />
      <ElsewhereList models={elsewhere} />
      <RemoveDialog
        entries={asked}
        onClose={() => setAsked([])}
        onRemove={(removed) => {
          setAsked([]);
          void actions.remove(removed);
        }}
      />
      {opened === null ? null : <FilesDialog entry={opened} onClose={() => setOpened(null)} />}
    </div>
  );
}

function Nothing({ search, onShowAll }: { readonly search: string; readonly onShowAll: () => void }) {
  if (search !== '') return <p className={styles.none}>{words.noMatch(search)}</p>;
  return (
    <p className={styles.none}>
      {words.noneOfThis}{' '}
      <Button size="small" onClick={onShowAll}>
        {words.showAll}
      </Button>
    </p>
  );
}

/** What rows need to determine their actions. */
function useEntryContext(
  outdated: ReadonlySet<string>,
  askRemove: EntryContext['askRemove'],
  showFiles: EntryContext['showFiles'],
): EntryContext {
  const actions = useLibraryActions();
  const models = useCatalog(({ catalog }) => catalog?.models);
  const hasPage = usePreferences(({ info }) => info?.endpoint.startsWith('https:') === true);
  const work = useLibrary((state) => state.work);
  return useMemo(
    () => ({
      actions,
      models: models ?? [],
      isMac: thisPlatform() === 'darwin',
      hasPage,
      busy: new Set(Object.keys(work)),
      outdated,
      askRemove,
      showFiles,
    }),
    [actions, models, hasPage, work, outdated, askRemove, showFiles],
  );
}

function Rows(props: {
  readonly entries: readonly LibraryEntry[];
  readonly selection: EntrySelection;
  readonly context: EntryContext;
}) {
  const { entries, selection, context } = props;
  const { actions } = context;
  const itemsOf = useCallback((entry: LibraryEntry) => entryItems(entry, context), [context]);
  const chosen = useRef(selection);
  chosen.current = selection;
  const menuOf = useCallback(
    (entry: LibraryEntry) => {
      const { selected, keys } = chosen.current;
      return selected.length > 1 && keys.has(entry.key)
        ? severalItems(selected, context)
        : entryItems(entry, context);
    },
    [context],
  );
  const tabStop = selection.current ?? entries[0]?.key;
  const rowOf = (entry: LibraryEntry, place?: EntryPlace) => (
    <EntryRow
      key={entry.key}
      entry={entry}
      actions={actions}
      isSelected={selection.keys.has(entry.key)}
      isTabStop={entry.key === tabStop}
      onChoose={selection.choose}
      itemsOf={itemsOf}
      menuOf={menuOf}
      {...(place === undefined ? {} : { place })}
    />
  );
  const show = ({ model, partials }: LibraryEntry) => actions.reveal(model?.path ?? partials[0]?.path ?? '');
  return <EntryList entries={entries} selection={selection} onShow={show} rowOf={rowOf} />;
}

/** Handles requests of menus and keys for the selection. */
function useSelectedRequests({ selected }: EntrySelection, { actions, askRemove }: EntryContext): void {
  const models = useMemo(() => selected.filter(isModel), [selected]);
  useRequest(
    'remove-selected',
    useCallback(() => models.length > 0 && askRemove(models), [models, askRemove]),
  );
  useRequest(
    'verify-selected',
    useCallback(() => {
      const [first] = models;
      if (models.length > 1) void actions.verifyAll(models);
      else if (first) void actions.verify(first.model, first.name, 'verifying');
    }, [models, actions]),
  );
}
