import { useEffect, useState } from 'react';
import { downloadName } from '../../../shared/format/download-name.ts';
import type { BuildView } from '../../../shared/model/build.ts';
import type { Catalog } from '../../../shared/model/catalog.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { useStores } from '../../stores/stores-context.tsx';
import { buildName } from '../builds/build-figures.ts';
import { words as buildWords } from '../builds/words.ts';
import { announcements, type Told } from './announcements.ts';
import { words } from './words.ts';

/** Says changes of downloads and builds aloud through a live region: states and full quarters only. */
export function Announcer() {
  const { engine, catalog } = useStores();
  const [said, setSaid] = useState('');
  useEffect(() => {
    const { downloads: first } = engine.store.getState();
    const toldNow = ({ downloads, builds }: NonNullable<typeof first>): Told[] => {
      const known = catalog.store.getState().catalog;
      return [
        ...downloads.map((view) => toldDownload(view, known)),
        ...builds.map((view) => toldBuild(view, known)),
      ];
    };
    let before = first && toldNow(first);
    return engine.store.subscribe(({ downloads }, { downloads: old }) => {
      if (!downloads || downloads === old) return;
      const after = toldNow(downloads);
      const sentences = before === null ? [] : announcements(before, after);
      before = after;
      if (sentences.length > 0) setSaid(sentences.join('. '));
    });
  }, [engine, catalog]);
  return (
    <div role="status" aria-live="polite" className="visually-hidden">
      {said}
    </div>
  );
}

function toldDownload(view: DownloadView, catalog: Catalog | null): Told {
  const { id, state, receivedBytes, totalBytes } = view;
  return {
    id,
    name: downloadName(view, catalog),
    state: words.states[state],
    doneBytes: receivedBytes,
    totalBytes,
  };
}

function toldBuild(view: BuildView, catalog: Catalog | null): Told {
  const { id, model, variant, source, state, sourceBytesDone, sourceBytes } = view;
  return {
    id,
    name: buildName({ model, variant, repo: source.repo }, catalog),
    state: buildWords.phases[state].toLowerCase(),
    doneBytes: sourceBytesDone,
    totalBytes: sourceBytes,
  };
}
