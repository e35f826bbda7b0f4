import { ClipboardCopy, X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useMemo } from 'react';
import { downloadName } from '../../../shared/format/download-name.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import type { DownloadInspection } from '../../../shared/model/inspection.ts';
import { useCatalog, useDownload, useEngine, useNavigation } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import type { RowActions } from '../download/row-actions.ts';
import { ChunkLegend } from './chunk-legend.tsx';
import { ChunkMap } from './chunk-map.tsx';
import { EventLog } from './event-log.tsx';
import { FileList } from './file-list.tsx';
import { fileMaps } from './file-maps.ts';
import styles from './inspector.module.css';
import { Numbers } from './numbers.tsx';
import { SpeedGraph } from './speed-graph.tsx';
import { StreamList } from './stream-list.tsx';
import { useInspection } from './use-inspection.ts';
import { words } from './words.ts';

/** Everything about the selected download. Polls the engine only while it is mounted and visible. */
export function Inspector({ actions }: { readonly actions: RowActions }) {
  const view = useSelected();
  const inspection = useInspection(view?.id ?? null);
  const catalog = useCatalog((state) => state.catalog);
  const toggle = useNavigation((state) => state.toggleInspector);
  return (
    <aside
      className={styles.inspector}
      aria-label={words.title}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // The window closes it too; once is enough.
        event.preventDefault();
        toggle();
        focusRow(view?.id);
      }}
    >
      <header className={styles.header}>
        <h2 className={styles.title}>{view ? downloadName(view, catalog) : words.title}</h2>
        <IconButton label={words.close} icon={<X size={16} />} onClick={toggle} />
      </header>
      {view ? (
        <Details key={view.id} view={view} inspection={inspection} actions={actions} />
      ) : (
        <div className={styles.nothing}>
          <p>{words.nothingSelected}</p>
          <p>{words.nothingSelectedText}</p>
        </div>
      )}
    </aside>
  );
}

/** The focus returns to what was looked at, not to nowhere. */
function focusRow(id: string | undefined): void {
  if (id === undefined) return;
  for (const row of document.querySelectorAll<HTMLElement>('[data-row]')) {
    if (row.dataset.row === id) row.focus();
  }
}

/** Returns the selected download. If there is none, selects the first unfinished one, or else the first. */
function useSelected(): DownloadView | undefined {
  const selected = useNavigation((state) => state.selected);
  const select = useNavigation((state) => state.select);
  const view = useDownload(selected);
  const first = useEngine(({ downloads }) => {
    const all = downloads?.downloads ?? [];
    return (all.find(({ state }) => state !== 'ready') ?? all[0])?.id ?? null;
  });
  const isMissing = view === undefined && first !== null;
  useEffect(() => {
    if (isMissing) select(first);
  }, [isMissing, first, select]);
  return view;
}

interface DetailsProps {
  readonly view: DownloadView;
  readonly inspection: DownloadInspection | null;
  readonly actions: RowActions;
}

function Details({ view, inspection, actions }: DetailsProps) {
  const files = inspection?.files;
  const maps = useMemo(() => fileMaps(files ?? []), [files]);
  return (
    <div className={styles.body}>
      <Part title={words.chunks}>
        {inspection === null ? <p className={styles.loading}>{words.loading}</p> : null}
        {maps.map((map) => (
          <ChunkMap key={map.path ?? ''} map={map} />
        ))}
        {files === undefined ? null : <ChunkLegend files={files} />}
      </Part>
      <Part title={words.speed}>
        <SpeedGraph id={view.id} bytesPerSecond={view.bytesPerSecond} />
      </Part>
      <Part title={words.streams}>
        <StreamList streams={inspection?.streams ?? []} bytesPerSecond={view.bytesPerSecond} />
      </Part>
      <Part title={words.numbers}>
        <Numbers
          view={view}
          stats={inspection?.stats ?? view.stats}
          onCopyCommit={(commit) => actions.copy(commit, words.commitCopied)}
        />
      </Part>
      <Part title={words.files}>
        <FileList files={files ?? []} onCopy={(hash) => actions.copy(hash, words.hashCopied)} />
      </Part>
      <Part title={words.events}>
        <EventLog events={inspection?.events ?? []} />
      </Part>
      <Button icon={<ClipboardCopy size={14} />} onClick={() => void actions.copyDiagnostics(view)}>
        {words.copyDiagnostics}
      </Button>
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className={styles.part} aria-labelledby={id}>
      <h3 id={id} className={styles.partTitle}>
        {title}
      </h3>
      {children}
    </section>
  );
}
