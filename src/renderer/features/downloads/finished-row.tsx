import { CircleCheck, FolderOpen, X } from 'lucide-react';
import { memo } from 'react';
import { formatPart } from '../../../shared/format/bytes.ts';
import { downloadName } from '../../../shared/format/download-name.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { libraryKey } from '../../stores/library-store.ts';
import {
  useCatalog,
  useDownload,
  useLibrary,
  useNavigation,
  useStores,
} from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { CutName } from '../../ui/cut-name.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { thisPlatform } from '../../ui/platform.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { RowFocus } from '../../ui/row-focus.ts';
import { StateWord } from '../../ui/state-word.tsx';
import type { RowActions } from '../download/row-actions.ts';
import { spokenProgress } from '../download/spoken.ts';
import { words } from '../download/words.ts';
import { ModelWork } from '../library/model-work.tsx';
import type { DownloadRowProps } from './download-row.tsx';
import styles from './finished-row.module.css';
import { RowMenu, useRowContextMenu } from './row-menu.tsx';

/** One download that is ready: where it is, and how to use it. */
export const FinishedRow = memo(function FinishedRow({ id, isTabStop, actions }: DownloadRowProps) {
  const view = useDownload(id);
  const catalog = useCatalog((state) => state.catalog);
  const isSelected = useNavigation(({ selected }) => selected === id);
  const { navigation } = useStores();
  const onContextMenu = useRowContextMenu(id, actions);
  if (!view) return null;
  const name = downloadName(view, catalog);
  const select = () => navigation.getState().select(id);
  return (
    <li
      className={classNames(styles.row, isSelected && styles.selected)}
      aria-label={name}
      aria-current={isSelected || undefined}
      tabIndex={isTabStop ? 0 : -1}
      data-row={id}
      onFocus={select}
      onPointerDown={select}
      onContextMenu={onContextMenu}
      draggable={view.snapshot !== null}
      onDragStart={(event) => {
        // The system's own drag takes its place: a folder for any other program.
        event.preventDefault();
        if (view.snapshot !== null) actions.drag(view.snapshot);
      }}
    >
      <RowFocus.Provider value={isSelected || isTabStop}>
        <div className={styles.content}>
          <div className={styles.head}>
            <h3 className={styles.name}>
              <CutName name={name} />
            </h3>
            <StateWord tone="good" icon={<CircleCheck size={12} aria-hidden="true" />}>
              {words.readyShort}
            </StateWord>
            <span className={styles.facts}>{factsOf(view)}</span>
            <Buttons view={view} actions={actions} />
          </div>
          <Check view={view} name={name} />
          <div className={styles.use}>
            <code className={styles.path} data-selectable title={view.snapshot ?? undefined}>
              {view.snapshot}
            </code>
            <Snippets view={view} actions={actions} />
          </div>
        </div>
      </RowFocus.Provider>
    </li>
  );
});

/** The full bar, or that of a check of what is on disk. */
function Check({ view, name }: { readonly view: DownloadView; readonly name: string }) {
  const { repo, commit, totalBytes } = view;
  const work = useLibrary((state) =>
    commit === null ? undefined : state.work[libraryKey({ repo, commit })],
  );
  if (work !== undefined) return <ModelWork name={name} repo={repo} work={work} />;
  return (
    <ProgressBar
      label={name}
      tone="done"
      size="thin"
      verifiedBytes={totalBytes}
      receivedBytes={totalBytes}
      totalBytes={totalBytes}
      valueText={spokenProgress(view)}
      isComplete
    />
  );
}

function factsOf({ totalBytes, stats }: DownloadView): string {
  const rescued = stats.rescuedBytes > 0 ? ` · ${words.rescued(stats.rescuedBytes, totalBytes)}` : '';
  return `${formatPart(totalBytes, totalBytes)}${rescued}`;
}

type PartProps = { readonly view: DownloadView; readonly actions: RowActions };

function Buttons({ view, actions }: PartProps) {
  return (
    <div className={styles.buttons}>
      <IconButton
        label={words.reveal[thisPlatform()]}
        shortcut="↩"
        icon={<FolderOpen size={16} />}
        disabled={view.snapshot === null}
        onClick={() => actions.reveal(view)}
      />
      <IconButton label={words.clear} icon={<X size={16} />} onClick={() => actions.remove(view)} />
      <RowMenu view={view} actions={actions} />
    </div>
  );
}

function Snippets({ view, actions }: PartProps) {
  const { python, cli } = actions.snippets(view);
  const { snapshot } = view;
  return (
    <div className={styles.snippets}>
      {snapshot === null ? null : (
        <Button size="small" look="plain" onClick={() => actions.copy(snapshot, words.copiedPath)}>
          {words.copyPath}
        </Button>
      )}
      {python === null ? null : (
        <Button size="small" look="plain" onClick={() => actions.copy(python, words.copiedSnippet)}>
          {words.copyPython}
        </Button>
      )}
      {cli === null ? null : (
        <Button size="small" look="plain" onClick={() => actions.copy(cli, words.copiedSnippet)}>
          {words.copyCommand}
        </Button>
      )}
    </div>
  );
}
