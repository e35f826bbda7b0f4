import { Search } from 'lucide-react';
import type { Ref } from 'react';
import { Field } from './field.tsx';
import styles from './search-field.module.css';

/** A field in a header that filters the list below; Escape clears it. */
export function SearchField(props: {
  readonly ref: Ref<HTMLInputElement>;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  return (
    <div className={styles.search}>
      <Field
        ref={props.ref}
        type="search"
        label={props.label}
        isLabelHidden
        placeholder={props.hint}
        icon={<Search size={14} aria-hidden="true" />}
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') props.onChange('');
        }}
      />
    </div>
  );
}
