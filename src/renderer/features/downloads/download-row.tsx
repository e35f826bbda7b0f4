import { useSortable } from '@dnd-kit/sortable';
import { GripVertical } from 'lucide-react';
import { memo } from 'react';
import { downloadName } from '../../../shared/format/download-name.ts';
import { useCatalog, useEngine, useNavigation, useStores } from '../../stores/stores-context.tsx';
import { classNames } from '../../ui/class-names.ts';
import { RowFocus } from '../../ui/row-focus.ts';
import type { RowActions } from '../download/row-actions.ts';
import { useFileDrop } from '../download/use-file-drop.ts';
import { words } from '../download/words.ts';
import styles from './download-row.module.css';
import { RowContent } from './row-content.tsx';
import { useRowContextMenu } from './row-menu.tsx';

export interface DownloadRowProps {
  readonly id: string;
  /** The one row of the list in the tab order. */
  readonly isTabStop: boolean;
  readonly actions: RowActions;
}

/** One unfinished download: selectable, sortable, and a drop target for a file. */
export const DownloadRow = memo(function DownloadRow({ id, isTabStop, actions }: DownloadRowProps) {
  const name = useName(id);
  const isKnown = useEngine(({ downloads }) =>
    downloads?.downloads.some((view) => view.id === id && view.totalBytes > 0),
  );
  const isSelected = useNavigation(({ selected }) => selected === id);
  const { navigation } = useStores();
  const sortable = useSortable({ id });
  const drop = useFileDrop(isKnown === true, (path) => void actions.adopt(id, path));
  const onContextMenu = useRowContextMenu(id, actions);
  const select = () => navigation.getState().select(id);
  return (
    <li
      ref={sortable.setNodeRef}
      style={dragStyle(sortable)}
      className={classNames(
        styles.row,
        isSelected && styles.selected,
        sortable.isDragging && styles.dragged,
        drop.isOver && styles.target,
      )}
      aria-label={name}
      aria-current={isSelected || undefined}
      tabIndex={isTabStop ? 0 : -1}
      data-row={id}
      onFocus={select}
      onPointerDown={select}
      onContextMenu={onContextMenu}
      {...drop.handlers}
    >
      <button
        type="button"
        className={styles.grip}
        {...sortable.attributes}
        {...sortable.listeners}
        ref={sortable.setActivatorNodeRef}
        aria-label={`${words.reorder} ${name}`}
        tabIndex={isSelected ? 0 : -1}
      >
        <GripVertical size={14} aria-hidden="true" />
      </button>
      <RowFocus.Provider value={isSelected || isTabStop}>
        <RowContent id={id} actions={actions} />
      </RowFocus.Provider>
      {drop.isOver ? <p className={styles.drop}>{words.dropHere}</p> : null}
    </li>
  );
});

/** A string, so that the row does not render again with every byte. */
function useName(id: string): string {
  const catalog = useCatalog((state) => state.catalog);
  return useEngine(({ downloads }) => {
    const view = downloads?.downloads.find((each) => each.id === id);
    return view ? downloadName(view, catalog) : '';
  });
}

/** Only vertically, and without scaling: rows keep their shape. */
function dragStyle({ transform, transition }: ReturnType<typeof useSortable>) {
  return {
    transform: transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined,
    transition,
  };
}
