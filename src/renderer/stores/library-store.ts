import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../shared/contract/bridge.ts';
import type { Outcome } from '../../shared/contract/envelope.ts';
import type { ErrorData } from '../../shared/contract/errors.ts';
import type { Library, LibraryModel, VerifyReport } from '../../shared/model/library.ts';
import type {
  DiskUsage,
  RelocateReport,
  RemoveSeveralReport,
  UpdateCheck,
} from '../../shared/model/upkeep.ts';
import { shareUnchanged } from './share-unchanged.ts';

/** What is done to a model of the library now. */
export type LibraryWork = 'verifying' | 'checking' | 'repairing' | 'moving';

/** What names a snapshot. */
export type InstalledSnapshot = Pick<LibraryModel, 'repo' | 'commit'>;

/** What the page knows of the cache. */
export interface LibraryState {
  /** Null until it was read for the first time. */
  readonly library: Library | null;
  /** Why it could not be read. */
  readonly error: ErrorData | null;
  readonly isLoading: boolean;
  /** By {@link libraryKey}. Outlives the pane: a check of 15 GB continues while another pane is shown. */
  readonly work: Readonly<Record<string, LibraryWork>>;
  /** Results of the checks of this page, by {@link libraryKey}. */
  readonly reports: Readonly<Record<string, VerifyReport>>;
  /** Keys of models that are about to be removed: hidden already, and still there. */
  readonly leaving: ReadonlySet<string>;
  /** What uses the disk; null until it was requested. */
  readonly usage: DiskUsage | null;
  /** What the Hub was last asked about newer commits, by key; null before that. */
  readonly updates: Readonly<Record<string, UpdateCheck>> | null;
  readonly isCheckingUpdates: boolean;
}

/** A removal that can still be taken back. */
export interface Removal {
  /** Shows them again. Does nothing once they are being removed. */
  undo(): void;
  /** Null when it was taken back. */
  readonly ended: Promise<Outcome<RemoveSeveralReport> | null>;
}

/** Time in which a removal can be taken back, in milliseconds: to read a notice and reach for it. Chosen, not measured. */
export const UNDO_MS = 8000;

/** The store, and what can be done to the cache. Failures are in the answers. */
export interface LibraryFeed {
  readonly store: StoreApi<LibraryState>;
  load(): Promise<void>;
  verify(model: InstalledSnapshot, how: Exclude<LibraryWork, 'moving'>): Promise<Outcome<VerifyReport>>;
  /** Hides them at once, and removes them after {@link UNDO_MS} unless that is taken back. A page that ends before removes nothing. */
  remove(models: readonly InstalledSnapshot[]): Removal;
  /** Asks the engine what takes the disk. */
  loadUsage(): Promise<void>;
  /** Asks the Hub about newer commits of everything that is here. */
  checkUpdates(): Promise<Outcome<readonly UpdateCheck[]>>;
  /** Moves its repository into another cache folder; a link stays. */
  move(model: InstalledSnapshot, to: string): Promise<Outcome<RelocateReport>>;
  removePartial(path: string): Promise<Outcome<{ readonly freedBytes: number }>>;
}

/** A snapshot among those of the library. */
export function libraryKey({ repo, commit }: InstalledSnapshot): string {
  return `${repo}@${commit}`;
}

export function createLibraryFeed(
  bridge: Pick<Bridge, 'call'>,
  later: (run: () => void, delayMs: number) => unknown = (run, delayMs) => setTimeout(run, delayMs),
): LibraryFeed {
  const store = createStore<LibraryState>(() => ({
    library: null,
    error: null,
    isLoading: false,
    work: {},
    reports: {},
    leaving: new Set(),
    usage: null,
    updates: null,
    isCheckingUpdates: false,
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

  function setLeaving(keys: readonly string[], isLeaving: boolean): void {
    store.setState(({ leaving }) => {
      const next = new Set(leaving);
      for (const key of keys) isLeaving ? next.add(key) : next.delete(key);
      return { leaving: next };
    });
  }

  /** By repository where nothing else of it stays, else by revision. */
  async function removeNow(models: readonly InstalledSnapshot[]): Promise<Outcome<RemoveSeveralReport>> {
    const going = new Set(models.map(libraryKey));
    const staying = (store.getState().library?.models ?? []).filter((model) => !going.has(libraryKey(model)));
    const isWhole = ({ repo }: InstalledSnapshot) => !staying.some((model) => model.repo === repo);
    const wholes = new Set(models.filter(isWhole).map(({ repo }) => repo));
    const single = models.filter((model) => !isWhole(model));
    const items = [
      ...[...wholes].map((reference) => ({ reference })),
      ...single.map(({ repo, commit }) => ({ reference: repo, revision: commit })),
    ];
    const outcome = await bridge.call('library.removeSeveral', { items });
    await load();
    return outcome;
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
    remove: (models) => {
      const { promise, resolve } = Promise.withResolvers<Outcome<RemoveSeveralReport> | null>();
      const keys = models.map(libraryKey);
      let isOver = false;
      setLeaving(keys, true);
      later(() => {
        if (isOver) return;
        isOver = true;
        void removeNow(models)
          .finally(() => setLeaving(keys, false))
          .then(resolve);
      }, UNDO_MS);
      return {
        ended: promise,
        undo: () => {
          if (isOver) return;
          isOver = true;
          setLeaving(keys, false);
          resolve(null);
        },
      };
    },
    loadUsage: async () => {
      const outcome = await bridge.call('library.diskUsage', {});
      if (outcome.ok) store.setState({ usage: outcome.value });
    },
    checkUpdates: async () => {
      store.setState({ isCheckingUpdates: true });
      const outcome = await bridge.call('library.outdated', {});
      store.setState({ isCheckingUpdates: false });
      if (!outcome.ok) return outcome;
      const { models } = outcome.value;
      store.setState({ updates: Object.fromEntries(models.map((check) => [libraryKey(check), check])) });
      return { ok: true, value: models };
    },
    move: (model, to) =>
      during(model, 'moving', () => bridge.call('library.relocate', { reference: model.repo, to })),
    removePartial: async (path) => {
      const outcome = await bridge.call('library.removePartial', { path });
      await load();
      return outcome;
    },
  };
}
