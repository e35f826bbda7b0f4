import { SearchX } from 'lucide-react';
import { useMemo } from 'react';
import { groupModels } from '../../../shared/model/group-models.ts';
import type { FoundModel } from '../../../shared/model/search.ts';
import { isSearch } from '../../stores/search-store.ts';
import { useSearch, useStores } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { thisPlatform } from '../../ui/platform.ts';
import { useNow } from '../../ui/use-now.ts';
import { ResultsList } from './results-list.tsx';
import styles from './search.module.css';
import { SearchFilters } from './search-filters.tsx';
import { words } from './words.ts';

/** True while the field has something to search for. */
export function useIsSearching(): boolean {
  return useSearch(({ text }) => isSearch(text));
}

/** Results from the Hub, or why there are none. */
export function SearchResults() {
  return (
    <section className={styles.results} aria-label={words.results}>
      <h2 className="visually-hidden">{words.results}</h2>
      <SearchFilters />
      <Answer />
    </section>
  );
}

function Answer() {
  const { search } = useStores();
  const models = useSearch((state) => state.models);
  const error = useSearch((state) => state.error);
  const askAgainAtMs = useSearch((state) => state.askAgainAtMs);
  const offlineReason = useSearch((state) => state.offlineReason);
  if (askAgainAtMs !== null) return <Limited atMs={askAgainAtMs} host={String(error?.details.host ?? '')} />;
  if (error && models === null) {
    return <ErrorNote error={error} action={<Button onClick={search.again}>{words.tryAgain}</Button>} />;
  }
  return (
    <>
      {offlineReason === null ? null : <p className={styles.offline}>{words.offline(offlineReason)}</p>}
      {models === null ? <Status /> : <Found models={models} />}
    </>
  );
}

function Limited({ atMs, host }: { readonly atMs: number; readonly host: string }) {
  const now = useNow(true);
  const seconds = Math.max(1, Math.ceil((atMs - now) / 1000));
  return (
    <p className={styles.offline} role="status">
      {words.limited(host === 'huggingface.co' ? 'Hugging Face' : host, seconds)}
    </p>
  );
}

function Found({ models }: { readonly models: readonly FoundModel[] }) {
  const { search } = useStores();
  const fitsOnly = useSearch((state) => state.fitsOnly);
  const text = useSearch((state) => state.text);
  const shown = useMemo(() => (fitsOnly ? models.filter(doesFit) : models), [models, fitsOnly]);
  const groups = useMemo(() => groupModels(shown), [shown]);
  if (models.length === 0) {
    return (
      <EmptyState icon={<SearchX size={28} />} title={words.none(text.trim())}>
        {words.noneHint}
      </EmptyState>
    );
  }
  return (
    <>
      <Status count={shown.length} />
      {groups.length === 0 ? (
        <p className={styles.offline}>
          {words.noneFits(thisPlatform())}{' '}
          <Button size="small" onClick={() => search.narrow({ fitsOnly: false })}>
            {words.showAll}
          </Button>
        </p>
      ) : (
        <ResultsList groups={groups} />
      )}
    </>
  );
}

function Status({ count }: { readonly count?: number }) {
  const isAsking = useSearch((state) => state.isAsking);
  const hasMore = useSearch((state) => state.cursor !== null);
  return (
    <p className={styles.status} role="status" aria-live="polite">
      {isAsking && count === undefined
        ? words.searching
        : count === undefined
          ? ''
          : words.found(count, hasMore)}
    </p>
  );
}

function doesFit({ suitability: { verdict } }: FoundModel): boolean {
  return verdict !== null && verdict !== 'wont-fit' && verdict !== 'needs-apple-silicon';
}
