import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ErrorData } from '../../shared/contract/errors.ts';
import styles from './error-note.module.css';
import { errorWords } from './error-words.ts';
import { uiWords } from './words.ts';

/** A failure in words, with one button at most; code and details expand and can be copied. */
export function ErrorNote(props: {
  readonly error: ErrorData;
  /** Replaces the message of the error if this place has a better one. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  const details = Object.entries(props.error.details);
  return (
    <div className={styles.note} role="alert">
      <TriangleAlert size={16} aria-hidden="true" className={styles.icon} />
      <div className={styles.text} data-selectable>
        <p>{props.children ?? errorWords(props.error)}</p>
        <details className={styles.details}>
          <summary>{uiWords.details}</summary>
          <pre>{[props.error.code, ...details.map(([name, value]) => `${name}: ${value}`)].join('\n')}</pre>
        </details>
      </div>
      {props.action}
    </div>
  );
}
