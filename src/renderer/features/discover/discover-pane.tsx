import type { CatalogModel } from '../../../shared/model/catalog.ts';
import { isSearch } from '../../stores/search-store.ts';
import { useCatalog, useSearch, useStores } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { Pane } from '../../ui/pane.tsx';
import { SearchField } from '../search/search-field.tsx';
import { SearchResults, useIsSearching } from '../search/search-results.tsx';
import styles from './discover-pane.module.css';
import { ModelCard } from './model-card.tsx';
import { words } from './words.ts';

/** Models to choose from, and a field that finds any other. */
export function DiscoverPane() {
  const hardware = useCatalog((state) => state.hardware);
  const isSearching = useIsSearching();
  return (
    <Pane title={words.title} {...(hardware ? { note: words.machine(hardware) } : {})}>
      <div className={styles.page}>
        <SearchField />
        <Models />
        {isSearching ? <SearchResults /> : null}
      </div>
    </Pane>
  );
}

function Models() {
  const catalog = useCatalog((state) => state.catalog);
  const error = useCatalog((state) => state.error);
  const { catalog: feed } = useStores();
  const text = useSearch((state) => state.text);
  const models = catalog?.models.filter((model) => isMeant(model, text)) ?? [];
  if (error && !catalog) {
    return (
      <ErrorNote error={error} action={<Button onClick={() => void feed.load()}>{words.tryAgain}</Button>}>
        {words.catalogFailed} {errorWords(error)}
      </ErrorNote>
    );
  }
  if (catalog && models.length === 0) return null;
  return (
    <ul className={styles.cards} aria-label={words.models}>
      {models.map((model) => (
        <ModelCard key={model.id} model={model} />
      ))}
    </ul>
  );
}

/** A search keeps the models whose name has all of its words. */
function isMeant({ id, name, variants }: CatalogModel, text: string): boolean {
  if (!isSearch(text)) return true;
  const names = [id, name, ...variants.map(({ repo }) => repo)].join(' ').toLowerCase();
  return text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .every((word) => names.includes(word));
}
