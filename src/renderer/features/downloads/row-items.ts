import type { DownloadView } from '../../../shared/model/download.ts';
import type { RowItem, RowItems } from '../../ui/row-menu.tsx';
import type { RowActions } from '../download/row-actions.ts';
import { words } from '../download/words.ts';

/** What the items of a row need besides the row. */
export interface RowContext {
  readonly actions: RowActions;
  readonly isMac: boolean;
  /** The Hub in use has pages that a browser may open. */
  readonly hasPage: boolean;
  readonly inspect: (id: string) => void;
}

/** What can be done to a download: for its *More* button and for its context menu. */
export function rowItems(view: DownloadView, context: RowContext): RowItems {
  const { actions, isMac, hasPage } = context;
  return [
    [
      {
        name: 'show-inspector',
        onSelect: () => context.inspect(view.id),
        ...(isMac ? { shortcut: '⌥⌘I' } : {}),
      },
      ...(view.state === 'ready' ? [] : runItems(view, actions)),
    ],
    ...(view.state === 'ready' ? readyItems(view, context) : unfinishedItems(view, actions)),
    [
      ...(hasPage ? [{ name: 'open-page', onSelect: () => actions.openPage(view) } as const] : []),
      { name: 'copy-diagnostics', onSelect: () => void actions.copyDiagnostics(view) },
    ],
    [
      view.state === 'ready'
        ? { name: 'remove-from-list', onSelect: () => actions.remove(view) }
        : { name: 'cancel', isDanger: true, onSelect: () => actions.remove(view) },
    ],
  ];
}

/** True for one that *Start Now* brings forward: it waits for its turn or its hour, or was paused. */
export function canStartNow({ state, wait }: Pick<DownloadView, 'state' | 'wait'>): boolean {
  return state === 'queued' || state === 'paused' || wait?.reason === 'schedule';
}

function runItems(view: DownloadView, actions: RowActions): readonly RowItem[] {
  const isResting = view.state === 'paused' || view.state === 'failed';
  return [
    isResting
      ? { name: 'resume', onSelect: () => actions.resume(view.id) }
      : { name: 'pause', onSelect: () => actions.pause(view.id) },
    ...(canStartNow(view) ? [{ name: 'start-now', onSelect: () => actions.startNow(view.id) } as const] : []),
  ];
}

function unfinishedItems(view: DownloadView, actions: RowActions): RowItems {
  return [
    [
      { name: 'move-up', onSelect: () => actions.moveBy(view.id, -1) },
      { name: 'move-down', onSelect: () => actions.moveBy(view.id, 1) },
    ],
    [
      { name: 'reveal', isDisabled: view.receivedBytes === 0, onSelect: () => actions.reveal(view) },
      { name: 'copy-path', onSelect: () => actions.copy(actions.pathOf(view), words.copiedPath) },
      {
        name: 'import-partial',
        isDisabled: view.totalBytes === 0,
        onSelect: () => void actions.importPartial(view.id),
      },
    ],
  ];
}

function readyItems(view: DownloadView, { actions, isMac }: RowContext): RowItems {
  const { snapshot } = view;
  const isDisabled = snapshot === null;
  const { python, cli } = actions.snippets(view);
  const copy = (name: 'copy-python' | 'copy-command', text: string | null): readonly RowItem[] =>
    text === null ? [] : [{ name, onSelect: () => actions.copy(text, words.copiedSnippet) }];
  return [
    [
      { name: 'reveal', isDisabled, shortcut: '↩', onSelect: () => actions.reveal(view) },
      { name: 'open-terminal', isDisabled, onSelect: () => actions.openTerminal(snapshot ?? '') },
      { name: 'verify', onSelect: () => actions.verify(view), ...(isMac ? { shortcut: '⌥⌘R' } : {}) },
    ],
    [
      { name: 'copy-path', isDisabled, onSelect: () => actions.copy(snapshot ?? '', words.copiedPath) },
      ...copy('copy-python', python),
      ...copy('copy-command', cli),
    ],
  ];
}
