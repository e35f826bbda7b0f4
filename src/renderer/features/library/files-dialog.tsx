import { useEffect, useState } from 'react';
import { formatBytes } from '../../../shared/format/bytes.ts';
import type { InstalledFiles } from '../../../shared/model/library.ts';
import { useCall } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CutName } from '../../ui/cut-name.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { WindowedList } from '../../ui/windowed-list.tsx';
import styles from './files-dialog.module.css';
import type { ModelEntry } from './library-entries.ts';
import { words } from './words.ts';

const ROW_HEIGHT = 28;

/** The files of a model, with their sizes. */
export function FilesDialog({
  entry,
  onClose,
}: {
  readonly entry: ModelEntry;
  readonly onClose: () => void;
}) {
  const call = useCall();
  const [found, setFound] = useState<InstalledFiles | null>(null);
  const { repo, commit } = entry.model;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each model.
  useEffect(() => {
    void call('library.files', { reference: repo, revision: commit }).then((outcome) => {
      if (outcome.ok) setFound(outcome.value);
      else onClose();
    });
  }, [repo, commit]);
  const more = found === null ? 0 : found.total - found.files.length;
  return (
    <Dialog
      isOpen
      width="large"
      onClose={onClose}
      title={words.filesOf(entry.name)}
      description={found === null ? words.looking : words.fileCount(found.total)}
      actions={<Button onClick={onClose}>{words.close}</Button>}
    >
      <WindowedList
        items={found?.files ?? []}
        keyOf={({ path }) => path}
        rowHeight={ROW_HEIGHT}
        className={styles.files}
      >
        {({ path, bytes }) => (
          <div className={styles.file}>
            <CutName name={path} />
            <span className={styles.size}>{bytes === null ? words.fileGone : formatBytes(bytes)}</span>
          </div>
        )}
      </WindowedList>
      {more > 0 ? <p className={styles.more}>{words.moreFiles(more)}</p> : null}
    </Dialog>
  );
}
