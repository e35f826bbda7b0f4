import { downloadName } from '../../../shared/format/download-name.ts';
import { hasWords } from '../../../shared/format/has-words.ts';
import type { Catalog } from '../../../shared/model/catalog.ts';
import type { Library, LibraryModel, LibraryPartial, VerifyReport } from '../../../shared/model/library.ts';
import { libraryKey } from '../../stores/library-store.ts';

/** A row of the Library: a model, or the unfinished files of a repository without a model yet. */
export interface LibraryEntry {
  /** Identifies the row. */
  readonly key: string;
  readonly name: string;
  readonly repo: string;
  /** Null when there are only unfinished files. */
  readonly model: LibraryModel | null;
  /** Unfinished files of the repository, in one row of it only. */
  readonly partials: readonly LibraryPartial[];
  /** On disk: that of the model, and what is unfinished. */
  readonly bytes: number;
}

/** An entry that is a model. */
export type ModelEntry = LibraryEntry & { readonly model: LibraryModel };

export function isModel(entry: LibraryEntry): entry is ModelEntry {
  return entry.model !== null;
}

/**
 * One row a model, also for one that is not finished: what is unfinished belongs to the row of its repository, to that of the revision
 * that lacks something where there are several. A partial without a byte is a name only.
 */
export function libraryEntries(
  { models, partials }: Pick<Library, 'models' | 'partials'>,
  catalog: Catalog | null,
): readonly LibraryEntry[] {
  const unfinished = Map.groupBy(
    partials.filter(({ bytes }) => bytes > 0),
    ({ repo }) => repo,
  );
  const owners = new Map<string, LibraryModel>();
  for (const model of models) {
    const before = owners.get(model.repo);
    if (before === undefined || (before.complete && !model.complete)) owners.set(model.repo, model);
  }
  const ofModels = models.map((model): LibraryEntry => {
    const own = owners.get(model.repo) === model ? (unfinished.get(model.repo) ?? []) : [];
    const name = downloadName(model, catalog);
    return {
      key: libraryKey(model),
      name,
      repo: model.repo,
      model,
      partials: own,
      bytes: model.bytes + sum(own),
    };
  });
  const alone = [...unfinished].filter(([repo]) => !owners.has(repo));
  return [
    ...ofModels,
    ...alone.map(([repo, own]) => ({
      key: repo,
      name: repo,
      repo,
      model: null,
      partials: own,
      bytes: sum(own),
    })),
  ];
}

const sum = (partials: readonly LibraryPartial[]) => partials.reduce((all, { bytes }) => all + bytes, 0);

/** Orders of the list. */
export const LIBRARY_SORTS = ['name', 'size', 'checked'] as const;
export type LibrarySort = (typeof LIBRARY_SORTS)[number];

/** What of the list is shown. */
export const LIBRARY_FILTERS = ['all', 'attention', 'unverified', 'updates'] as const;
export type LibraryFilter = (typeof LIBRARY_FILTERS)[number];

/** How the list is looked at. */
export interface LibraryView {
  readonly search: string;
  readonly sort: LibrarySort;
  readonly filter: LibraryFilter;
}

/** What {@link arrange} needs to know of an entry besides the entry. */
export interface EntryFacts {
  /** Results of the checks of this page, by key. */
  readonly reports: Readonly<Record<string, VerifyReport>>;
  /** Keys of models of which the Hub has a newer commit. */
  readonly outdated: ReadonlySet<string>;
}

/** The entries that are wanted, in the order that is wanted. */
export function arrange(
  entries: readonly LibraryEntry[],
  { search, sort, filter }: LibraryView,
  facts: EntryFacts,
): readonly LibraryEntry[] {
  return entries
    .filter((entry) => hasWords(`${entry.name} ${entry.repo}`, search) && FILTERS[filter](entry, facts))
    .sort((a, b) => ORDERS[sort](a, b) || byName(a, b));
}

const FILTERS: Readonly<Record<LibraryFilter, (entry: LibraryEntry, facts: EntryFacts) => boolean>> = {
  all: () => true,
  attention: ({ key, model }, { reports }) =>
    model === null || !model.complete || model.verifiedOk === false || reports[key]?.ok === false,
  unverified: ({ key, model }, { reports }) =>
    model !== null && model.verifiedAt === null && reports[key] === undefined,
  updates: ({ key }, { outdated }) => outdated.has(key),
};

const ORDERS: Readonly<Record<LibrarySort, (a: LibraryEntry, b: LibraryEntry) => number>> = {
  // What the catalog knows comes first.
  name: (a, b) => Number(isKnown(b)) - Number(isKnown(a)),
  size: (a, b) => b.bytes - a.bytes,
  // The one with the oldest check first, because it should be checked next; never checked is oldest.
  checked: (a, b) => checkedAt(a).localeCompare(checkedAt(b)),
};

const isKnown = ({ model }: LibraryEntry) => model !== null && model.model !== null;
const checkedAt = ({ model }: LibraryEntry) => model?.verifiedAt ?? '';

function byName(a: LibraryEntry, b: LibraryEntry): number {
  return a.name.localeCompare(b.name) || a.key.localeCompare(b.key);
}
