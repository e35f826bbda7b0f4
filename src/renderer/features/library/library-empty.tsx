import { FileInput, LibraryBig } from 'lucide-react';
import { useNavigation, usePreferences } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Warnings } from './warnings.tsx';
import { words } from './words.ts';

/** What was looked for and where, and what to do about finding nothing. */
export function LibraryEmpty(props: { readonly warnings: readonly string[]; readonly onImport: () => void }) {
  const cacheDir = usePreferences(({ info }) => info?.cacheDir);
  const go = useNavigation((state) => state.go);
  return (
    <>
      <Warnings warnings={props.warnings} />
      <EmptyState
        icon={<LibraryBig size={28} />}
        title={words.emptyTitle}
        actions={
          <>
            <Button icon={<FileInput size={14} />} onClick={props.onImport}>
              {words.importPartial}
            </Button>
            <Button look="primary" onClick={() => go('discover')}>
              {words.emptyAction}
            </Button>
          </>
        }
      >
        {cacheDir === undefined ? null : <p data-selectable>{words.emptyText(cacheDir)}</p>}
      </EmptyState>
    </>
  );
}
