import type { ReactNode } from 'react';
import styles from './empty-state.module.css';

/** What a pane shows when it is empty: a fact, what to do about it, and the button that does it. */
export function EmptyState(props: {
  /** An icon of lucide-react, 28 px. */
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className={styles.empty}>
      {props.icon === undefined ? null : (
        <div className={styles.icon} aria-hidden="true">
          {props.icon}
        </div>
      )}
      <h2 className={styles.title}>{props.title}</h2>
      {props.children === undefined ? null : <div className={styles.text}>{props.children}</div>}
      {props.actions === undefined ? null : <div className={styles.actions}>{props.actions}</div>}
    </div>
  );
}
