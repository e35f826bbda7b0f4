import { Link } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useNavigation } from '../../stores/stores-context.tsx';
import { useWantedFocus } from '../../stores/use-wanted-focus.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import styles from './discover-pane.module.css';
import { words } from './words.ts';

/** Takes an id or a pasted address, and shows the files before anything starts. */
export function LinkField() {
  const openPreview = useNavigation((state) => state.openPreview);
  const link = useWantedFocus('link');
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const reference = text.trim();
    if (reference === '') setError(words.linkEmpty);
    else openPreview({ reference });
  };
  return (
    <form className={styles.link} onSubmit={submit}>
      <Field
        ref={link}
        label={words.linkLabel}
        isLabelHidden
        icon={<Link size={14} aria-hidden="true" />}
        placeholder={words.linkPlaceholder}
        value={text}
        maxLength={2000}
        error={error}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setError(null);
        }}
        after={<Button type="submit">{words.showFiles}</Button>}
      />
    </form>
  );
}
