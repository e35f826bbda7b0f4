import { Check, Copy, X } from 'lucide-react';
import { formatBytes } from '../../../shared/format/bytes.ts';
import type { FileInspection } from '../../../shared/model/inspection.ts';
import { CutName } from '../../ui/cut-name.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import styles from './file-list.module.css';
import { words } from './words.ts';

/** Each file with the hash that it must have and the one that was found, and how its bytes come while they do. */
export function FileList(props: {
  readonly files: readonly FileInspection[];
  readonly onCopy: (hash: string) => void;
}) {
  return (
    <ul>
      {props.files.map((file) => (
        <li key={file.path} className={styles.file}>
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
              onClick={() => props.onCopy(file.expectedHash)}
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
        </li>
      ))}
    </ul>
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
