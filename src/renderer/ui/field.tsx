import { type ComponentPropsWithRef, type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';
import styles from './field.module.css';

export interface FieldProps extends Omit<ComponentPropsWithRef<'input'>, 'className' | 'style' | 'size'> {
  /** Always required; `isLabelHidden` hides it visually only. */
  readonly label: string;
  readonly isLabelHidden?: boolean;
  /** What to enter, under the field. */
  readonly hint?: ReactNode;
  /** What is wrong and what to do; replaces the hint and is read out. */
  readonly error?: string | null;
  /** Next to the field: a unit, a button. */
  readonly after?: ReactNode;
  /** Inside the field, in front of the text: an icon. */
  readonly icon?: ReactNode;
}

/** A text input with its label, its hint and its error associated with it. */
export function Field({ label, isLabelHidden = false, hint, error, after, icon, ...input }: FieldProps) {
  const id = useId();
  const isWrong = error !== undefined && error !== null;
  const note = isWrong ? error : hint;
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={isLabelHidden ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      <div className={styles.line}>
        <div className={styles.box}>
          {icon === undefined ? null : <span className={styles.icon}>{icon}</span>}
          <input
            spellCheck={false}
            autoComplete="off"
            {...input}
            id={id}
            aria-invalid={isWrong || undefined}
            aria-describedby={note === undefined ? undefined : `${id}-note`}
            className={classNames(styles.input, icon !== undefined && styles.withIcon)}
          />
        </div>
        {after}
      </div>
      <p
        id={`${id}-note`}
        className={isWrong ? styles.error : styles.hint}
        {...(isWrong ? { role: 'alert' } : {})}
        hidden={note === undefined}
      >
        {note}
      </p>
    </div>
  );
}
