import type { SearchFilters as Filters } from '../../stores/search-store.ts';
import { useSearch, useStores } from '../../stores/stores-context.tsx';
import { classNames } from '../../ui/class-names.ts';
import { thisPlatform } from '../../ui/platform.ts';
import { Select } from '../../ui/select.tsx';
import styles from './search.module.css';
import { words } from './words.ts';

const FORMATS = ['mlx', 'gguf', 'transformers'] as const;
const TOPICS = ['text', 'speech', 'image'] as const;
const SORTS = (['downloads', 'likes', 'modified', 'trending'] as const).map((value) => ({
  value,
  label: words.sorts[value],
}));

/** Chips that narrow the search, and its order. */
export function SearchFilters() {
  const { search } = useStores();
  const format = useSearch((state) => state.format);
  const topic = useSearch((state) => state.topic);
  const fitsOnly = useSearch((state) => state.fitsOnly);
  const sort = useSearch((state) => state.sort);
  const narrow = (filters: Partial<Filters>) => search.narrow(filters);
  return (
    <fieldset className={styles.filters} aria-label={words.filters}>
      <Chip isOn={fitsOnly} onPress={() => narrow({ fitsOnly: !fitsOnly })}>
        {words.fitsOnly(thisPlatform())}
      </Chip>
      {FORMATS.map((each) => (
        <Chip
          key={each}
          isOn={format === each}
          onPress={() => narrow({ format: format === each ? null : each })}
        >
          {words.format[each]}
        </Chip>
      ))}
      {TOPICS.map((each) => (
        <Chip
          key={each}
          isOn={topic === each}
          onPress={() => narrow({ topic: topic === each ? null : each })}
        >
          {words.topic[each]}
        </Chip>
      ))}
      <div className={styles.sort}>
        <Select
          label={words.sort}
          isLabelHidden
          options={SORTS}
          value={sort}
          onChange={(next) => narrow({ sort: next })}
        />
      </div>
    </fieldset>
  );
}

/** Pressed or not; its state is announced to screen readers, and shown by more than its color. */
function Chip(props: { readonly isOn: boolean; readonly onPress: () => void; readonly children: string }) {
  return (
    <button
      type="button"
      aria-pressed={props.isOn}
      className={classNames(styles.chip, props.isOn && styles.on)}
      onClick={props.onPress}
    >
      {props.children}
    </button>
  );
}
