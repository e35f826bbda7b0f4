import { useSortable } from '@dnd-kit/sortable';
import { GripVertical, Pause, Play, X } from 'lucide-react';
import { memo, useState } from 'react';
import { downloadName } from '../../../shared/format/download-name.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { useCatalog, useDownload, useNavigation, useStores } from '../../stores/stores-context.tsx';
import { classNames } from '../../ui/class-names.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { AcceptDialog } from './accept-dialog.tsx';
import { barOf } from './bar.ts';
import styles from './download-row.module.css';
import { figuresOf } from './figures.ts';
import { PhaseWords } from './phase-words.tsx';
import type { RowActions } from './row-actions.ts';
import { RowMenu } from './row-menu.tsx';
import { spokenProgress } from './spoken.ts';
import { StateLine } from './state-line.tsx';
import { useFileDrop } from './use-file-drop.ts';
import { words } from './words.ts';

export interface DownloadRowProps {
  readonly id: string;
  /** The one row of the list that Tab goes to. */
  readonly isTabStop: boolean;
  readonly actions: RowActions;
}

/** One unfinished download. It renders when its own download changes and not for any other. */
export const DownloadRow = memo(function DownloadRow({ id, isTabStop, actions }: DownloadRowProps) {
  const view = useDownload(id);
  const catalog = useCatalog((state) => state.catalog);
  const isSelected = useNavigation(({ selected }) => selected === id);
  const { navigation } = useStores();
  const sortable = useSortable({ id });
  const drop = useFileDrop(view !== undefined && view.totalBytes > 0, (path) => void actions.adopt(id, path));
  if (!view) return null;
  const name = downloadName(view, catalog);
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
      {...drop.handlers}
    >
      <div className={styles.content}>
        <div className={styles.head}>
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
          <h3 className={styles.name}>{name}</h3>
          {name === view.repo ? null : <span className={styles.repo}>{view.repo}</span>}
          <Buttons view={view} actions={actions} />
        </div>
        <Progress view={view} name={name} />
        <Situation view={view} name={name} actions={actions} />
      </div>
      {drop.isOver ? <p className={styles.drop}>{words.dropHere}</p> : null}
    </li>
  );
});

/** Only up and down, and without scaling: rows keep their shape. */
function dragStyle({ transform, transition }: ReturnType<typeof useSortable>) {
  return {
    transform: transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined,
    transition,
  };
}

function Buttons({ view, actions }: { readonly view: DownloadView; readonly actions: RowActions }) {
  const { navigation } = useStores();
  const isResting = view.state === 'paused' || view.state === 'failed';
  return (
    <div className={styles.buttons}>
      {isResting ? (
        <IconButton
          label={words.resume}
          shortcut="Space"
          icon={<Play size={16} />}
          onClick={() => actions.resume(view.id)}
        />
      ) : (
        <IconButton
          label={words.pause}
          shortcut="Space"
          icon={<Pause size={16} />}
          onClick={() => actions.pause(view.id)}
        />
      )}
      <IconButton
        label={words.cancel}
        icon={<X size={16} />}
        onClick={() => navigation.getState().askCancel(view.id)}
      />
      <RowMenu view={view} actions={actions} />
    </div>
  );
}

const RESTING: ReadonlySet<DownloadView['state']> = new Set(['paused', 'queued', 'waiting']);

function Progress({ view, name }: { readonly view: DownloadView; readonly name: string }) {
  const { verified, received } = barOf(view);
  const { amount, rate, timeLeft, chunks } = figuresOf(view);
  const tone = view.state === 'failed' ? 'failed' : RESTING.has(view.state) ? 'resting' : 'active';
  return (
    <>
      <PhaseWords view={view} />
      <ProgressBar
        label={name}
        tone={tone}
        verifiedBytes={verified * view.totalBytes}
        receivedBytes={received * view.totalBytes}
        totalBytes={view.totalBytes}
        valueText={spokenProgress(view)}
      />
      <div className={styles.figures}>
        {[amount, rate, timeLeft].map((figure, index) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: each figure has its own place.
          figure === null ? null : <span key={index}>{figure}</span>,
        )}
        {chunks === null ? null : <span className={styles.chunks}>{chunks}</span>}
      </div>
    </>
  );
}

function Situation(props: {
  readonly view: DownloadView;
  readonly name: string;
  readonly actions: RowActions;
}) {
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <StateLine view={props.view} actions={props.actions} onAcceptChange={() => setAsked(true)} />
      <AcceptDialog
        isOpen={isAsked}
        name={props.name}
        details={props.view.error?.message ?? null}
        onClose={() => setAsked(false)}
        onAccept={() => {
          setAsked(false);
          props.actions.acceptChange(props.view.id);
        }}
      />
    </>
  );
}
