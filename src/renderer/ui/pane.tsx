import { type ReactNode, useId } from 'react';
import styles from './pane.module.css';

/**
 * The frame of a section: a header by which the window can be dragged, with the title and its controls, and a part that
 * scrolls. `aside` is at the right over the full height (the inspector).
 */
export function Pane(props: {
  readonly title: string;
  /** Next to the title, quiet: a count, a total. */
  readonly note?: ReactNode;
  /** Buttons and fields at the right end of the header. */
  readonly tools?: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={styles.pane} aria-labelledby={id}>
      <header className={styles.header}>
        <h1 id={id} className={styles.title} tabIndex={-1}>
          {props.title}
        </h1>
        {props.note === undefined ? null : <p className={styles.note}>{props.note}</p>}
        {props.tools === undefined ? null : <div className={styles.tools}>{props.tools}</div>}
      </header>
      <div className={styles.columns}>
        <div className={styles.body} data-scroll>
          {props.children}
        </div>
        {props.aside}
      </div>
    </section>
  );
}
