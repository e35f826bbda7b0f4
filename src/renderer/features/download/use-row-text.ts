import { useCallback } from 'react';
import { downloadName } from '../../../shared/format/download-name.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { useActivity, useStores, useVerifying } from '../../stores/stores-context.tsx';
import { useNow } from '../../ui/use-now.ts';
import type { RowText } from './row-text.ts';
import { rowWords } from './row-words.ts';

/** Returns the words of a download, which count seconds wherever they are shown. */
export function useRowText(view: DownloadView): RowText {
  const activity = useActivity(view.id);
  const verifying = useVerifying(view.id);
  const { engine, catalog } = useStores();
  const nameOf = useCallback(
    (id: string) => {
      const other = engine.store.getState().downloads?.downloads.find((each) => each.id === id);
      return other ? downloadName(other, catalog.store.getState().catalog) : null;
    },
    [engine, catalog],
  );
  const seen = { activity, verifying, nameOf };
  const { isTicking } = rowWords(view, { ...seen, nowMs: 0 });
  return rowWords(view, { ...seen, nowMs: useNow(isTicking) });
}
