import { ChevronsUpDown } from 'lucide-react';
import { useId } from 'react';
import styles from './field.module.css';

/** One of several in a pop-up of the system. */
export function Select<V extends string>(props: {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly options: ReadonlyArray<{ readonly value: V; readonly label: string }>;
  readonly value: V;
  readonly onChange: (value: V) => void;
  readonly isDisabled?: boolean;
  /** Id of an element that describes it. */
  readonly describedBy?: string;
}) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={props.isLabelHidden === true ? 'visually-hidden' : styles.label}>
        {props.label}
      </label>
      <div className={styles.box}>
        <select
          id={id}
          className={styles.select}
          value={props.value}
          disabled={props.isDisabled}
          aria-describedby={props.describedBy}
          onChange={(event) => {
            const chosen = props.options.find(({ value }) => value === event.currentTarget.value);
            if (chosen) props.onChange(chosen.value);
          }}
        >
          {props.options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <span className={styles.chevron}>
          <ChevronsUpDown size={13} aria-hidden="true" />
        </span>
      </div>
    </div>
  );
}
