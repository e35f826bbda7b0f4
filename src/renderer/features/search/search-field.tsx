import { Search, X } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { isReference } from '../../stores/search-store.ts';
import { useNavigation, useSearch, useStores } from '../../stores/stores-context.tsx';
import { useWantedFocus } from '../../stores/use-wanted-focus.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import styles from './search.module.css';
import { words } from './words.ts';

/** Words search; an id, a URL or a pasted command shows the files of that model. */
export function SearchField() {
  const { search } = useStores();
  const openPreview = useNavigation((state) => state.openPreview);
  const field = useWantedFocus('link');
  const text = useSearch((state) => state.text);
  const [isShort, setShort] = useState(false);
  const isLink = isReference(text.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const reference = text.trim();
    setShort(reference.length < 2);
    if (isLink) openPreview({ reference });
    else search.type(text, true);
  };
  const change = (next: string) => {
    setShort(false);
    search.type(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && text !== '') change('');
    if (event.key !== 'ArrowDown') return;
    const first = document.querySelector<HTMLElement>('[data-results] [data-row]');
    if (first === null) return;
    event.preventDefault();
    first.focus();
  };
  return (
    <search className={styles.field}>
      <form onSubmit={submit}>
        <Field
          ref={field}
          label={words.label}
          isLabelHidden
          icon={<Search size={14} aria-hidden="true" />}
          placeholder={words.placeholder}
          value={text}
          maxLength={2000}
          error={isShort ? words.tooShort : null}
          onChange={(event) => change(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          after={
            isLink ? (
              <Button type="submit">{words.showFiles}</Button>
            ) : text === '' ? null : (
              <IconButton label={words.clear} icon={<X size={16} />} onClick={() => change('')} />
            )
          }
        />
      </form>
    </search>
  );
}
