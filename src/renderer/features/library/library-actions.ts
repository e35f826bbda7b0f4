import type { LibraryModel, LibraryPartial } from '../../../shared/model/library.ts';
import type { LibraryWork } from '../../stores/library-store.ts';
import type { Stores } from '../../stores/stores.ts';
import type { Call } from '../../stores/stores-context.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { words as downloadWords } from '../download/words.ts';
import { words } from './words.ts';

/** Everything that can be done in the Library. Failures are told by a notice. */
export interface LibraryActions {
  verify(model: LibraryModel, name: string, how: Exclude<LibraryWork, 'removing'>): Promise<void>;
  remove(model: LibraryModel, name: string): Promise<void>;
  removePartial(partial: LibraryPartial): Promise<void>;
  /** To the download that needs it, else to a preview of its model: what is here is taken over by itself. */
  goOn(repo: string, download: string | null): void;
  reveal(path: string): void;
  openPage(repo: string): void;
  copy(text: string, notice: string): Promise<void>;
}

export function createLibraryActions({ library, ...stores }: Stores, call: Call): LibraryActions {
  const { show } = stores.toasts.getState();

  return {
    verify: async (model, name, how) => {
      const outcome = await library.verify(model, how);
      if (!outcome.ok) show({ tone: 'bad', text: errorWords(outcome.error) });
      else if (outcome.value.ok) show({ tone: 'good', text: PASSED[how](name) });
      else if (outcome.value.ok === null)
        show({ tone: 'bad', text: downloadWords.couldNotCheck(name, outcome.value) });
    },
    remove: async (model, name) => {
      const outcome = await library.remove(model);
      void stores.catalog.refreshPresence();
      if (outcome.ok) show({ tone: 'good', text: words.removed(name, outcome.value.freedBytes) });
      else show({ tone: 'bad', text: errorWords(outcome.error) });
    },
    removePartial: async ({ path }) => {
      const outcome = await library.removePartial(path);
      if (outcome.ok) show({ tone: 'good', text: words.removedPartial(outcome.value.freedBytes) });
      else show({ tone: 'bad', text: errorWords(outcome.error) });
    },
    goOn: (repo, download) => {
      if (download === null) stores.navigation.getState().openPreview({ reference: repo });
      else stores.navigation.getState().showDownload(download);
    },
    reveal: (path) => void call('shell.reveal', { path }),
    openPage: (repo) => {
      const endpoint = stores.preferences.store.getState().info?.endpoint ?? '';
      void call('shell.open', { url: `${endpoint.replace(/\/$/, '')}/${repo}` });
    },
    copy: async (text, notice) => {
      const outcome = await call('clipboard.write', { text });
      if (outcome.ok) show({ tone: 'good', text: notice });
    },
  };
}

const PASSED: Readonly<Record<Exclude<LibraryWork, 'removing'>, (name: string) => string>> = {
  verifying: words.verifiedOk,
  checking: words.checkedOk,
  repairing: words.repairedOk,
};
