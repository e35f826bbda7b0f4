import type { CatalogModel } from '../../../shared/model/catalog.ts';
import type { RowItem, RowItems } from '../../ui/row-menu.tsx';
import { loadSnippets } from '../download/load-snippets.ts';
import type { LibraryActions } from './library-actions.ts';
import { isModel, type LibraryEntry, type ModelEntry } from './library-entries.ts';
import { words } from './words.ts';

/** What the items of a row need besides the row. */
export interface EntryContext {
  readonly actions: LibraryActions;
  readonly models: readonly CatalogModel[];
  readonly isMac: boolean;
  /** The Hub in use has pages that a browser may open. */
  readonly hasPage: boolean;
  /** Keys of models to which something is being done. */
  readonly busy: ReadonlySet<string>;
  /** Keys of models of which the Hub has a newer commit. */
  readonly outdated: ReadonlySet<string>;
  /** Asks before it removes. */
  readonly askRemove: (entries: readonly ModelEntry[]) => void;
  readonly showFiles: (entry: ModelEntry) => void;
}

/** What can be done to one row: for its *More* button and for its context menu. */
export function entryItems(entry: LibraryEntry, context: EntryContext): RowItems {
  return isModel(entry) ? modelItems(entry, context) : unfinishedItems(entry, context);
}

/** What can be done to several rows at once. */
export function severalItems(entries: readonly LibraryEntry[], context: EntryContext): RowItems {
  const chosen = entries.filter(isModel);
  const { actions, outdated } = context;
  const newer = chosen.filter(({ key }) => outdated.has(key));
  if (chosen.length === 0) return [];
  return [
    [
      { name: 'verify', onSelect: () => void actions.verifyAll(chosen) },
      ...(newer.length === 0
        ? []
        : [{ name: 'update', onSelect: () => void actions.update(newer) } as const]),
    ],
    [
      { name: 'move-to-folder', onSelect: () => void actions.moveTo(chosen) },
      { name: 'remove', isDanger: true, onSelect: () => context.askRemove(chosen) },
    ],
  ];
}

function modelItems(entry: ModelEntry, context: EntryContext): RowItems {
  const { name, model, key } = entry;
  const { actions, isMac } = context;
  const isDisabled = context.busy.has(key);
  const check = (
    item: 'verify' | 'quick-check' | 'repair',
    how: 'verifying' | 'checking' | 'repairing',
  ): RowItem => ({
    name: item,
    isDisabled,
    onSelect: () => void actions.verify(model, name, how),
    ...(isMac && item === 'verify' ? { shortcut: '⌥⌘R' } : {}),
  });
  return [
    [
      { name: 'reveal', shortcut: '↩', onSelect: () => actions.reveal(model.path) },
      { name: 'open-terminal', onSelect: () => actions.openTerminal(model.path) },
      { name: 'show-files', onSelect: () => context.showFiles(entry) },
    ],
    [
      check('verify', 'verifying'),
      check('quick-check', 'checking'),
      check('repair', 'repairing'),
      ...(context.outdated.has(key)
        ? [{ name: 'update', onSelect: () => void actions.update([entry]) } as const]
        : []),
    ],
    [
      { name: 'copy-path', onSelect: () => void actions.copy(model.path, words.copiedPath) },
      ...snippetItems(entry, context),
      ...pageItems(entry, context),
    ],
    [
      { name: 'move-to-folder', isDisabled, onSelect: () => void actions.moveTo([entry]) },
      {
        name: 'remove',
        isDanger: true,
        isDisabled,
        onSelect: () => context.askRemove([entry]),
        ...(isMac ? { shortcut: '⌘⌫' } : {}),
      },
    ],
  ];
}

function unfinishedItems(entry: LibraryEntry, context: EntryContext): RowItems {
  const { partials, repo } = entry;
  const download = partials.find((partial) => partial.download !== null)?.download ?? null;
  const name = download === null ? 'finish-download' : 'show-download';
  return [
    [{ name, onSelect: () => context.actions.goOn(repo, download) }],
    [
      { name: 'reveal', onSelect: () => context.actions.reveal(partials[0]?.path ?? '') },
      ...pageItems(entry, context),
    ],
  ];
}

function snippetItems({ model }: ModelEntry, { actions, models }: EntryContext): readonly RowItem[] {
  const { python, cli } = loadSnippets(model, models);
  const copy = (name: 'copy-python' | 'copy-command', text: string | null): readonly RowItem[] =>
    text === null ? [] : [{ name, onSelect: () => void actions.copy(text, words.copiedSnippet) }];
  return [...copy('copy-python', python), ...copy('copy-command', cli)];
}

function pageItems({ repo }: LibraryEntry, { actions, hasPage }: EntryContext): readonly RowItem[] {
  return hasPage ? [{ name: 'open-page', onSelect: () => actions.openPage(repo) }] : [];
}
