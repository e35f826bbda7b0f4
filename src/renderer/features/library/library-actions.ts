import type { ErrorData } from '../../../shared/contract/errors.ts';
import type { LibraryModel, LibraryPartial } from '../../../shared/model/library.ts';
import { type LibraryWork, UNDO_MS } from '../../stores/library-store.ts';
import type { Stores } from '../../stores/stores.ts';
import type { Call } from '../../stores/stores-context.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { words as downloadWords } from '../download/words.ts';
import type { ModelEntry } from './library-entries.ts';
import { words } from './words.ts';

/** Everything that can be done in the Library. Failures are told by a notice. */
export interface LibraryActions {
  verify(model: LibraryModel, name: string, how: Exclude<LibraryWork, 'moving'>): Promise<void>;
  /** One after the other; one notice for all. */
  verifyAll(entries: readonly ModelEntry[]): Promise<void>;
  /** With an Undo that counts for some seconds; nothing is deleted before they are over. */
  remove(entries: readonly ModelEntry[]): Promise<void>;
  /** Asks for a folder, and moves them there one after the other. */
  moveTo(entries: readonly ModelEntry[]): Promise<void>;
  removePartial(partial: LibraryPartial): Promise<void>;
  /** Asks the Hub about newer commits of everything here. */
  checkUpdates(): Promise<void>;
  /** Downloads what newer commits changed. */
  update(entries: readonly ModelEntry[]): Promise<void>;
  /** To the download that needs it, else to a preview of its model: what is here is taken over by itself. */
  goOn(repo: string, download: string | null): void;
  reveal(path: string): void;
  openTerminal(path: string): void;
  /** Begins to drag it out of the window. */
  drag(path: string): void;
  openPage(repo: string): void;
  copy(text: string, notice: string): Promise<void>;
}

export function createLibraryActions({ library, ...stores }: Stores, call: Call): LibraryActions {
  const { show, settle } = stores.toasts.getState();
  const tellGood = (text: string) => show({ tone: 'good', text });
  const tellBad = (text: string) => show({ tone: 'bad', text });
  const tellError = (error: ErrorData) => tellBad(errorWords(error));

  async function remove(entries: readonly ModelEntry[]): Promise<void> {
    const [first] = entries;
    if (first === undefined) return;
    const what = entries.length === 1 ? first.name : words.models(entries.length);
    const about = `remove ${entries.map(({ key }) => key).join()}`;
    const removal = library.remove(entries.map(({ model }) => model));
    show({
      tone: 'good',
      text: words.removing(what),
      about,
      staysMs: UNDO_MS,
      action: { label: words.undo, run: removal.undo },
    });
    const outcome = await removal.ended;
    settle(about);
    if (outcome === null) return;
    void stores.catalog.refreshPresence();
    if (!outcome.ok) return tellError(outcome.error);
    const { removed, failed, freedBytes } = outcome.value;
    for (const { of, error } of failed) tellBad(words.notRemoved(of, errorWords(error)));
    if (removed.length > 0) tellGood(words.removed(what, freedBytes));
  }

  return {
    verify: async (model, name, how) => {
      const outcome = await library.verify(model, how);
      if (!outcome.ok) tellError(outcome.error);
      else if (outcome.value.ok) tellGood(PASSED[how](name));
      else if (outcome.value.ok === null) tellBad(downloadWords.couldNotCheck(name, outcome.value));
    },
    verifyAll: async (entries) => {
      let intact = 0;
      for (const { model } of entries) {
        const outcome = await library.verify(model, 'verifying');
        if (!outcome.ok) tellError(outcome.error);
        else if (outcome.value.ok) intact += 1;
      }
      const text = words.verifiedAll(intact, entries.length);
      if (intact === entries.length) tellGood(text);
      else tellBad(text);
    },
    remove,
    moveTo: async (entries) => {
      const chosen = await call('dialog.chooseFolder', {});
      if (!chosen.ok || chosen.value.path === null) return;
      for (const { model, name } of entries) {
        const outcome = await library.move(model, chosen.value.path);
        if (outcome.ok) tellGood(words.moved(name, outcome.value.to));
        else tellError(outcome.error);
      }
    },
    removePartial: async ({ path }) => {
      const outcome = await library.removePartial(path);
      if (outcome.ok) tellGood(words.removedPartial(outcome.value.freedBytes));
      else tellError(outcome.error);
    },
    checkUpdates: async () => {
      const outcome = await library.checkUpdates();
      if (!outcome.ok) return tellError(outcome.error);
      const { newer, unknown } = judged(outcome.value);
      const text = words.updatesFound(newer, unknown);
      if (unknown > 0) tellBad(text);
      else tellGood(text);
    },
    update: async (entries) => {
      const references = [...new Set(entries.map(({ repo }) => repo))];
      const outcome = await call('library.update', { references });
      if (!outcome.ok) return;
      const [id] = outcome.value.ids;
      if (id !== undefined) stores.navigation.getState().showDownload(id);
    },
    goOn: (repo, download) => {
      if (download === null) stores.navigation.getState().openPreview({ reference: repo });
      else stores.navigation.getState().showDownload(download);
    },
    reveal: (path) => void call('shell.reveal', { path }),
    openTerminal: (path) => void call('shell.openTerminal', { path }),
    drag: (path) => void call('shell.drag', { path }),
    openPage: (repo) => {
      const endpoint = stores.preferences.store.getState().info?.endpoint ?? '';
      void call('shell.open', { url: `${endpoint.replace(/\/$/, '')}/${repo}` });
    },
    copy: async (text, notice) => {
      const outcome = await call('clipboard.write', { text });
      if (outcome.ok) tellGood(notice);
    },
  };
}

/** How many have a newer commit, and of how many nobody knows. */
function judged(
  checks: ReadonlyArray<{ commit: string; latestCommit: string | null; changes: readonly unknown[] }>,
) {
  return {
    newer: checks.filter(isOutdated).length,
    unknown: checks.filter(({ latestCommit }) => latestCommit === null).length,
  };
}

/** A newer commit that changed files which are followed here; one that changed others is no news. */
export function isOutdated(check: {
  readonly commit: string;
  readonly latestCommit: string | null;
  readonly changes: readonly unknown[];
}): boolean {
  return check.latestCommit !== null && check.latestCommit !== check.commit && check.changes.length > 0;
}

const PASSED: Readonly<Record<Exclude<LibraryWork, 'moving'>, (name: string) => string>> = {
  verifying: words.verifiedOk,
  checking: words.checkedOk,
  repairing: words.repairedOk,
};
