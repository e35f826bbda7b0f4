import { FolderOpen, ShieldCheck } from 'lucide-react';
import { memo, type PointerEvent, type Ref } from 'react';
import { formatBytes, formatBytesOf } from '../../../shared/format/bytes.ts';
import { useEngine, useLibrary } from '../../stores/stores-context.tsx';
import { useContextMenu } from '../../stores/use-context-menu.ts';
import { classNames } from '../../ui/class-names.ts';
import { CutName } from '../../ui/cut-name.tsx';
import { IconButton, LightIconButton } from '../../ui/icon-button.tsx';
import { thisPlatform } from '../../ui/platform.ts';
import { RowFocus } from '../../ui/row-focus.ts';
import { LightRowMenuButton, type RowItems, RowMenuButton } from '../../ui/row-menu.tsx';
import type { Choosing } from '../../ui/selection.ts';
import { StateWord } from '../../ui/state-word.tsx';
import { EntryFacts } from './entry-facts.tsx';
import styles from './entry-row.module.css';
import type { LibraryActions } from './library-actions.ts';
import { isModel, type LibraryEntry } from './library-entries.ts';
import { comingBy } from './library-rows.ts';
import { ModelWork } from './model-work.tsx';
import { type EntrySoundness, useSoundness } from './use-soundness.ts';
import { words } from './words.ts';

/** A place in a list of which only a window is there. */
export interface EntryPlace {
  readonly index: number;
  readonly count: number;
  /** Pixels from the top of the list. */
  readonly top: number;
  /** Tells the list how tall the row is. */
  readonly measure: Ref<HTMLLIElement>;
}

export interface EntryRowProps {
  readonly entry: LibraryEntry;
  readonly actions: LibraryActions;
  readonly isSelected: boolean;
  /** The one row of the list that Tab goes to. */
  readonly isTabStop: boolean;
  readonly onChoose: (key: string, how: Choosing) => void;
  readonly itemsOf: (entry: LibraryEntry) => RowItems;
  /** For the context menu: those of all that is selected with it. */
  readonly menuOf: (entry: LibraryEntry) => RowItems;
  readonly place?: EntryPlace;
}

/** One row of the library. */
export const EntryRow = memo(function EntryRow(props: EntryRowProps) {
  const { entry, isSelected, isTabStop, onChoose, place, actions } = props;
  const { key, name, model } = entry;
  const work = useLibrary((state) => state.work[key]);
  const soundness = useSoundness(entry);
  const onContextMenu = useContextMenu(() => props.menuOf(entry));
  return (
    <li
      ref={place?.measure}
      className={classNames(styles.row, isSelected && styles.selected, place && styles.placed)}
      {...placed(place)}
      aria-label={name}
      aria-current={isSelected || undefined}
      tabIndex={isTabStop ? 0 : -1}
      data-row={key}
      draggable={model !== null}
      onDragStart={(event) => {
        // The system's own drag takes its place: a file for any other program.
        event.preventDefault();
        if (model !== null) actions.drag(model.path);
      }}
      onFocus={(event) => {
        if (event.target === event.currentTarget && !isSelected) onChoose(key, 'one');
      }}
      onPointerDown={(event) => {
        const how = choosing(event, isSelected);
        if (how !== null) onChoose(key, how);
      }}
      onContextMenu={onContextMenu}
    >
      <RowFocus.Provider value={isSelected || isTabStop}>
        <Head {...props} soundness={soundness} isBusy={work !== undefined} />
        {work === undefined ? (
          <EntryFacts entry={entry} actions={actions} soundness={soundness} />
        ) : (
          <ModelWork name={name} repo={entry.repo} work={work} />
        )}
      </RowFocus.Provider>
    </li>
  );
});

function placed(place: EntryPlace | undefined) {
  if (place === undefined) return {};
  return {
    style: { transform: `translateY(${place.top}px)` },
    'data-index': place.index,
    'aria-posinset': place.index + 1,
    'aria-setsize': place.count,
  };
}

/** Null where the press is no choice: on a control of a row, or with the other button on what is selected already. */
function choosing(event: PointerEvent, isSelected: boolean): Choosing | null {
  if (event.shiftKey) return 'range';
  if (thisPlatform() === 'darwin' ? event.metaKey : event.ctrlKey) return 'toggle';
  const isControl = event.target instanceof Element && event.target.closest('button, a, summary') !== null;
  return isSelected && (isControl || event.button !== 0) ? null : 'one';
}

function Head(props: EntryRowProps & { readonly isBusy: boolean; readonly soundness: EntrySoundness }) {
  const { entry, actions, isBusy, place } = props;
  const { name, repo, model } = entry;
  const { word, tone } = props.soundness;
  // In a long list rows come and go with each step of a wheel.
  const Press = place === undefined ? IconButton : LightIconButton;
  const isOutdated = useLibrary(({ updates }) => (updates?.[entry.key]?.changes.length ?? 0) > 0);
  return (
    <div className={styles.head}>
      <h3 className={styles.name}>
        <CutName name={name} />
      </h3>
      {name === repo ? null : <span className={styles.repo}>{repo}</span>}
      <StateWord tone={tone}>{word}</StateWord>
      {isOutdated ? <StateWord tone="accent">{words.updateAvailable}</StateWord> : null}
      <span className={styles.size}>
        <Size entry={entry} />
      </span>
      <div className={styles.buttons}>
        {isModel(entry) ? (
          <Press
            label={words.verify}
            icon={<ShieldCheck size={16} />}
            disabled={isBusy}
            onClick={() => void actions.verify(entry.model, name, 'verifying')}
          />
        ) : null}
        <Press
          label={words.reveal[thisPlatform()]}
          {...(place === undefined ? { shortcut: '↩' } : {})}
          icon={<FolderOpen size={16} />}
          onClick={() => actions.reveal(model?.path ?? entry.partials[0]?.path ?? '')}
        />
        {place === undefined ? (
          <RowMenuButton label={words.more} groups={props.itemsOf(entry)} />
        ) : (
          <LightRowMenuButton label={words.more} items={() => props.itemsOf(entry)} />
        )}
      </div>
    </div>
  );
}

/** What is here of it; of one that is on its way, how far it is. */
function Size({ entry }: { readonly entry: LibraryEntry }) {
  return useEngine(({ downloads }) => {
    const view = comingBy(entry, downloads?.downloads ?? []);
    return view && view.totalBytes > 0
      ? formatBytesOf(view.receivedBytes, view.totalBytes)
      : formatBytes(entry.bytes);
  });
}
