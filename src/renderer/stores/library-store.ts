import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../shared/contract/bridge.ts';
import type { Outcome } from '../../shared/contract/envelope.ts';
import type { ErrorData } from '../../shared/contract/errors.ts';
import type { Library, LibraryModel, RemoveReport, VerifyReport } from '../../shared/model/library.ts';
import { shareUnchanged } from './share-unchanged.ts';

/** What is done to a model of the library now. */
export type LibraryWork = 'verifying' | 'checking' | 'repairing' | 'removing';

/** What names a snapshot. */
export type InstalledSnapshot = Pick<LibraryModel, 'repo' | 'commit'>;

/** What the page knows of the cache. */
export interface LibraryState {
  /** Null until it was read for the first time. */
  readonly library: Library | null;
  /** Why it could not be read. */
  readonly error: ErrorData | null;
  readonly isLoading: boolean;
  /** By {@link libraryKey}. Outlives the pane: a check of 15 GB goes on while something else is looked at. */
  readonly work: Readonly<Record<string, LibraryWork>>;
  /** Results of the checks of this page, by {@link libraryKey}. */
  readonly reports: Readonly<Record<string, VerifyReport>>;
}

/** The store, and what can be done to the cache. Failures are in the answers. */
export interface LibraryFeed {
  readonly store: StoreApi<LibraryState>;
  load(): Promise<void>;
  verify(model: InstalledSnapshot, how: Exclude<LibraryWork, 'removing'>): Promise<Outcome<VerifyReport>>;
  remove(model: InstalledSnapshot): Promise<Outcome<RemoveReport>>;
  removePartial(path: string): Promise<Outcome<{ readonly freedBytes: number }>>;
}

/** A snapshot among those of the library. */
export function libraryKey({ repo, commit }: InstalledSnapshot): string {
  return `${repo}@${commit}`;
}

export function createLibraryFeed(bridge: Pick<Bridge, 'call'>): LibraryFeed {
  const store = createStore<LibraryState>(() => ({
    library: null,
    error: null,
    isLoading: false,
    work: {},
    reports: {},
  }));

  async function load(): Promise<void> {
    store.setState({ isLoading: true });
    const outcome = await bridge.call('library.list', {});
    store.setState(({ library }) =>
      outcome.ok
        ? {
            isLoading: false,
            error: null,
            library: library ? shareUnchanged(library, outcome.value) : outcome.value,
          }
        : { isLoading: false, error: outcome.error },
    );
  }

  function setWork(key: string, work: LibraryWork | null): void {
    store.setState((state) => {
      const { [key]: _before, ...others } = state.work;
      return { work: work === null ? others : { ...others, [key]: work } };
    });
  }

  async function during<T>(model: InstalledSnapshot, work: LibraryWork, act: () => Promise<T>): Promise<T> {
    const key = libraryKey(model);
    setWork(key, work);
    try {
      return await act();
    } finally {
      setWork(key, null);
      await load();
    }
  }

  return {
    store,
    load,
    verify: (model, how) =>
      during(model, how, async () => {
        const outcome = await bridge.call('library.verify', {
          reference: model.repo,
          revision: model.commit,
          quick: how === 'checking',
          repair: how === 'repairing',
        });
        if (outcome.ok) {
          store.setState(({ reports }) => ({ reports: { ...reports, [libraryKey(model)]: outcome.value } }));
        }
        return outcome;
      }),
    remove: (model) =>
      during(model, 'removing', () => {
        const all = store.getState().library?.models ?? [];
        const isOnly = all.filter(({ repo }) => repo === model.repo).length < 2;
        return bridge.call('library.remove', {
          reference: model.repo,
          ...(isOnly ? {} : { revision: model.commit }),
        });
      }),
    removePartial: async (path) => {
      const outcome = await bridge.call('library.removePartial', { path });
      await load();
      return outcome;
    },
  };
}
