import { type ReactNode, useState } from 'react';
import { Field } from '../../ui/field.tsx';
import { parsedAddress } from '../../ui/parsed-address.ts';
import styles from './settings.module.css';

/** The contract's rule: `http:` or `https:`, a host, no query and no fragment. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/?#]+[^\s?#]*$/.test(text) && parsedAddress(text) !== null;
}

/** A web URL that is saved when the field loses focus or Return is pressed; empty saves null. */
export function AddressField(props: {
  readonly label: string;
  readonly saved: string | null;
  readonly placeholder: string;
  /** What to do when it is not a URL. */
  readonly wrong: string;
  readonly save: (address: string | null) => void;
  /** Beside the field, with what is written there now. */
  readonly after?: (text: string) => ReactNode;
}) {
  const [text, setText] = useState(props.saved ?? '');
  const [isWrong, setWrong] = useState(false);
  const address = text.trim();
  const keep = () => {
    const isGood = address === '' || isWebAddress(address);
    setWrong(!isGood);
    const next = address === '' ? null : address;
    if (isGood && next !== props.saved) props.save(next);
  };
  return (
    <form
      className={styles.address}
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <Field
        label={props.label}
        isLabelHidden
        inputMode="url"
        value={text}
        placeholder={props.placeholder}
        maxLength={2000}
        error={isWrong ? props.wrong : null}
        after={props.after?.(address)}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setWrong(false);
        }}
        onBlur={keep}
      />
    </form>
  );
}
