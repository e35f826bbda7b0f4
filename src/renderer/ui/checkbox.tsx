import type { ReactNode } from 'react';
import styles from './checkbox.module.css';

/** A checkbox in a list or a form. The whole line can be clicked. */
export function Checkbox(props: {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly isDisabled?: boolean;
  /** The label, and what else belongs in the line. */
  readonly children: ReactNode;
}) {
  return (
    <label className={styles.line}>
      <input
        type="checkbox"
        className={styles.box}
        checked={props.isOn}
        disabled={props.isDisabled}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      {props.children}
    </label>
  );
}
