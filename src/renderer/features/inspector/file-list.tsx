import { Check, Copy, X } from 'lucide-react';
import { formatBytes } from '../../../shared/format/bytes.ts';
import type { FileInspection } from '../../../shared/model/inspection.ts';
import { CutName } from '../../ui/cut-name.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { WHOLE_UP_TO, WindowedList } from '../../ui/windowed-list.tsx';
import styles from './file-list.module.css';
import { words } from './words.ts';

/** Heights of a row in a windowed list, in pixels: with and without the line about the transport. */
const TALL_ROW = 104;
const ROW = 84;

/** Each file with its expected and its actual hash, and its transport while it is fetched. */
export function FileList(props: {
  readonly files: readonly FileInspection[];
  readonly onCopy: (hash: string) => void;
}) {
  const { files, onCopy } = props;
  if (files.length > WHOLE_UP_TO) {
    return (
      <WindowedList
        items={files}
        keyOf={({ path }) => path}
        rowHeight={files.some(({ transport }) => transport !== undefined) ? TALL_ROW : ROW}
        className={styles.windowed}
      >
        {(file) => (
          <div className={styles.file}>
            <FileFacts file={file} onCopy={onCopy} />
          </div>
        )}
      </WindowedList>
    );
  }
  return (
    <ul>
      {files.map((file) => (
        <li key={file.path} className={styles.file}>
          <FileFacts file={file} onCopy={onCopy} />
        </li>
      ))}
    </ul>
  );
}

function FileFacts({
  file,
  onCopy,
}: {
  readonly file: FileInspection;
  readonly onCopy: (hash: string) => void;
}) {
  return (
    <>
      <p className={styles.head}>
        <CutName className={styles.path} name={file.path} />
        <span className={styles.size}>{formatBytes(file.size)}</span>
      </p>
      <div className={styles.hash}>
        <span className={styles.label}>{words.expected}</span>
        <code data-selectable title={`${file.algorithm} ${file.expectedHash}`}>
          {file.expectedHash}
        </code>
        <IconButton
          label={`${words.copyHash}: ${file.path}`}
          icon={<Copy size={12} />}
          onClick={() => onCopy(file.expectedHash)}
        />
      </div>
      <p className={styles.hash}>
        <span className={styles.label}>{words.found}</span>
        <Found file={file} />
      </p>
      {file.transport === undefined ? null : (
        <p className={styles.transport}>
          <span className={styles.label}>{words.transport}</span>
          <span data-selectable>{words.transportOf(file.transport)}</span>
        </p>
      )}
    </>
  );
}

function Found({ file }: { readonly file: FileInspection }) {
  if (file.foundHash === null) {
    return (
      <span className={styles.pending}>
        {file.hashedBytes > 0 ? words.notHashedYet(file.hashedBytes, file.size) : words.hashPending}
      </span>
    );
  }
  if (file.foundHash === file.expectedHash) {
    return (
      <span className={styles.good}>
        <Check size={12} aria-hidden="true" />
        {words.matches}
      </span>
    );
  }
  return (
    <span className={styles.bad}>
      <X size={12} aria-hidden="true" />
      {words.differs} <code data-selectable>{file.foundHash}</code>
    </span>
  );
}
