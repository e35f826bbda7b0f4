import { downloadName } from '../../../shared/format/download-name.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import type { Stores } from '../../stores/stores.ts';
import type { Call } from '../../stores/stores-context.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { diagnosticsText } from './diagnostics.ts';
import { type LoadSnippets, loadSnippets } from './load-snippets.ts';
import { words } from './words.ts';

/**
 * Everything that can be done with a download from its row, its menu or the keyboard. Failures are reported by a
 * notice.
 */
export interface RowActions {
  pause(id: string): void;
  resume(id: string): void;
  toggle(view: DownloadView): void;
  tryNow(id: string): void;
  /** Beside as many as may run at once, and at any hour. */
  startNow(id: string): void;
  acceptChange(id: string): void;
  /** Asks first when there is something to lose. */
  remove(view: DownloadView): void;
  /** Returns true when the engine did it. */
  move(id: string, position: number): Promise<boolean>;
  moveBy(id: string, step: -1 | 1): void;
  /** Shows the snapshot, or the folder that it will be in while there is none. */
  reveal(view: DownloadView): void;
  openTerminal(path: string): void;
  /** Begins to drag it out of the window. */
  drag(path: string): void;
  /** The path of that. */
  pathOf(view: DownloadView): string;
  verify(view: DownloadView): void;
  adopt(id: string, partial: string): Promise<void>;
  importPartial(id: string): Promise<void>;
  openPage(view: DownloadView): void;
  copy(text: string, notice: string): void;
  copyDiagnostics(view: DownloadView): Promise<void>;
  snippets(view: DownloadView): LoadSnippets;
  nameOf(view: DownloadView): string;
}

export function createRowActions(stores: Stores, call: Call): RowActions {
  const models = () => stores.catalog.store.getState().catalog?.models ?? [];
  const nameOf = (view: DownloadView) => downloadName(view, stores.catalog.store.getState().catalog);
  const tell = (text: string) => stores.toasts.getState().show({ tone: 'good', text });
  const downloads = () => stores.engine.store.getState().downloads?.downloads ?? [];

  /** The folder of a repository in the layout of the Hugging Face cache (docs/architecture.md). */
  function pathOf({ snapshot, repo }: DownloadView): string {
    const cacheDir = stores.preferences.store.getState().info?.cacheDir ?? '';
    return snapshot ?? `${cacheDir}/models--${repo.replace('/', '--')}`;
  }

  async function copy(text: string, notice: string): Promise<void> {
    const outcome = await call('clipboard.write', { text });
    if (outcome.ok) tell(notice);
  }

  async function adopt(id: string, partial: string): Promise<void> {
    if (partial === '') {
      stores.toasts.getState().show({ tone: 'bad', text: words.noPath });
      return;
    }
    tell(words.takingOver(baseName(partial)));
    const outcome = await call('downloads.adopt', { id, partial });
    if (outcome.ok) tell(words.tookOver(outcome.value.adoptedBytes, baseName(partial)));
  }

  async function verify({ repo, commit, ...view }: DownloadView): Promise<void> {
    if (commit === null) return;
    const name = nameOf({ repo, commit, ...view });
    const outcome = await stores.library.verify({ repo, commit }, 'verifying');
    if (outcome.ok && outcome.value.ok) tell(words.verifiedOk(name));
    else if (outcome.ok && outcome.value.ok === null) {
      stores.toasts.getState().show({ tone: 'bad', text: words.couldNotCheck(name, outcome.value) });
    } else if (outcome.ok) {
      const action = { label: words.openLibrary, run: () => stores.navigation.getState().go('library') };
      stores.toasts.getState().show({ tone: 'bad', text: words.verifiedBad(name), action });
    } else stores.toasts.getState().show({ tone: 'bad', text: errorWords(outcome.error) });
  }

  function remove(view: DownloadView): void {
    if (view.state === 'ready') void call('downloads.cancel', { id: view.id, keepPartial: true });
    else if (view.state === 'failed' && view.receivedBytes === 0) {
      void call('downloads.cancel', { id: view.id });
    } else stores.navigation.getState().askCancel(view.id);
  }

  function toggle(view: DownloadView): void {
    if (view.state === 'ready') return;
    const name = view.state === 'paused' || view.state === 'failed' ? 'downloads.resume' : 'downloads.pause';
    void call(name, { id: view.id });
  }

  /** Past the next one in the same list: finished ones keep their positions in the queue too. */
  function moveBy(id: string, step: -1 | 1): void {
    const all = downloads();
    for (let at = all.findIndex((view) => view.id === id) + step; at >= 0 && at < all.length; at += step) {
      if (all[at]?.state === 'ready') continue;
      void call('downloads.move', { id, position: at });
      return;
    }
  }

  async function copyDiagnostics(shown: DownloadView): Promise<void> {
    // A menu may have been built some bytes ago.
    const view = downloads().find(({ id }) => id === shown.id) ?? shown;
    const outcome = await stores.bridge.call('downloads.inspect', { id: view.id });
    const text = diagnosticsText({
      name: nameOf(view),
      view,
      inspection: outcome.ok ? outcome.value : null,
      app: stores.preferences.store.getState().info,
      time: new Date().toISOString(),
    });
    await copy(text, words.copiedDiagnostics);
  }

  return {
    pause: (id) => void call('downloads.pause', { id }),
    resume: (id) => void call('downloads.resume', { id }),
    toggle,
    tryNow: (id) => void call('downloads.retryNow', { id }),
    startNow: (id) => void call('downloads.startNow', { id }),
    acceptChange: (id) => void call('downloads.resume', { id, acceptChanged: true }),
    remove,
    move: async (id, position) => (await call('downloads.move', { id, position })).ok,
    moveBy,
    reveal: (view) => void call('shell.reveal', { path: pathOf(view) }),
    openTerminal: (path) => void call('shell.openTerminal', { path }),
    drag: (path) => void call('shell.drag', { path }),
    pathOf,
    verify: (view) => void verify(view),
    adopt,
    importPartial: async (id) => {
      const chosen = await call('dialog.choosePartial', {});
      if (chosen.ok && chosen.value.file) await adopt(id, chosen.value.file.path);
    },
    openPage: ({ repo }) => {
      const endpoint = stores.preferences.store.getState().info?.endpoint ?? '';
      void call('shell.open', { url: `${endpoint.replace(/\/$/, '')}/${repo}` });
    },
    copy: (text, notice) => void copy(text, notice),
    copyDiagnostics,
    snippets: (view) => loadSnippets({ ...view, path: view.snapshot ?? '' }, models()),
    nameOf,
  };
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
