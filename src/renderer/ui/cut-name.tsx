import { visibleText } from '../../shared/format/visible-text.ts';
import { classNames } from './class-names.ts';
import styles from './cut-name.module.css';

/** Length of the end that stays: long enough for `00012-of-00163.safetensors`. */
const END_LENGTH = 27;
/** A name that is hardly longer than its end is left in one piece. */
const SHORT_LENGTH = 34;

/**
 * An external name (a file, a repository), truncated in the middle where there is not enough room: shards differ at
 * their ends. Invisible characters are spelled out, and its text direction does not affect the text around it.
 */
export function CutName({
  name,
  className,
}: {
  readonly name: string;
  readonly className?: string | undefined;
}) {
  const text = visibleText(name);
  if (text.length <= SHORT_LENGTH) {
    return (
      <bdi className={classNames(styles.name, className)} title={text}>
        <span className={styles.start}>{text}</span>
      </bdi>
    );
  }
  return (
    <bdi className={classNames(styles.name, className)} title={text}>
      <span className={styles.start}>{text.slice(0, -END_LENGTH)}</span>
      <span className={styles.end}>{text.slice(-END_LENGTH)}</span>
    </bdi>
  );
}
