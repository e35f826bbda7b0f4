import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { ReactNode } from 'react';
import styles from './segmented-control.module.css';

/** One segment. */
export interface Segment<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  /** A second, smaller line: a size, a fit word. */
  readonly detail?: ReactNode;
  /** Accessible name where the label and the detail are not enough. */
  readonly name?: string;
}

/** One of a few, side by side; a radio group to the keyboard (arrows) and to screen readers. */
export function SegmentedControl<V extends string>(props: {
  readonly label: string;
  readonly segments: ReadonlyArray<Segment<V>>;
  readonly value: V;
  readonly onChange: (value: V) => void;
  readonly isDisabled?: boolean;
}) {
  return (
    <RadioGroup
      aria-label={props.label}
      className={styles.group}
      value={props.value}
      disabled={props.isDisabled === true}
      onValueChange={(value) => {
        const chosen = props.segments.find((segment) => segment.value === value);
        if (chosen) props.onChange(chosen.value);
      }}
    >
      {props.segments.map(({ value, label, detail, name }) => (
        <Radio.Root key={value} value={value} aria-label={name} className={styles.segment}>
          <span className={styles.label}>{label}</span>
          {detail === undefined ? null : <span className={styles.detail}>{detail}</span>}
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
