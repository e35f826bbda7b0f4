import { ChevronRight, TriangleAlert } from 'lucide-react';
import styles from './warnings.module.css';
import { words } from './words.ts';

/** What the scan of the cache left out or found damaged, folded away. */
export function Warnings({ warnings }: { readonly warnings: readonly string[] }) {
  if (warnings.length === 0) return null;
  return (
    <details className={styles.warnings}>
      <summary className={styles.summary}>
        <TriangleAlert size={14} aria-hidden="true" />
        {words.warnings(warnings.length)}
        <ChevronRight size={14} aria-hidden="true" className={styles.fold} />
      </summary>
      <ul className={styles.list} data-selectable>
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </details>
  );
}
