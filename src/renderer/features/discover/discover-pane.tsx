import { useCatalog, useStores } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Pane } from '../../ui/pane.tsx';
import styles from './discover-pane.module.css';
import { LinkField } from './link-field.tsx';
import { ModelCard } from './model-card.tsx';
import { words } from './words.ts';

/** Models to choose from, and a field for any other. */
export function DiscoverPane() {
  const hardware = useCatalog((state) => state.hardware);
  return (
    <Pane title={words.title} {...(hardware ? { note: words.machine(hardware) } : {})}>
      <div className={styles.page}>
        <LinkField />
        <Models />
      </div>
    </Pane>
  );
}

function Models() {
  const catalog = useCatalog((state) => state.catalog);
  const error = useCatalog((state) => state.error);
  const { catalog: feed } = useStores();
  if (error && !catalog) {
    return (
      <ErrorNote error={error} action={<Button onClick={() => void feed.load()}>{words.tryAgain}</Button>}>
        {words.catalogFailed} {error.message}
      </ErrorNote>
    );
  }
  return (
    <ul className={styles.cards} aria-label={words.models}>
      {catalog?.models.map((model) => (
        <ModelCard key={model.id} model={model} />
      ))}
    </ul>
  );
}
