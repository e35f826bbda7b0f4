import { FileInput, RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { ChosenFile } from '../../../shared/contract/app-commands.ts';
import { useCall, useLibrary, useStores } from '../../stores/stores-context.tsx';
import { useWantedFocus } from '../../stores/use-wanted-focus.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Pane } from '../../ui/pane.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { useFileDrop } from '../download/use-file-drop.ts';
import { ImportDialog } from './import-dialog.tsx';
import { LibraryEmpty } from './library-empty.tsx';
import { LibraryLists } from './library-lists.tsx';
import styles from './library-pane.module.css';
import { usedBytes } from './library-rows.ts';
import { useLibraryFeed } from './use-library-feed.ts';
import { words } from './words.ts';

/** The Library section: everything in the cache, whoever put it there. */
export function LibraryPane() {
  useLibraryFeed();
  const [search, setSearch] = useState('');
  const [importing, setImporting] = useState<ChosenFile | null>(null);
  const call = useCall();
  const drop = useFileDrop(true, (path, bytes) => path !== '' && setImporting({ path, bytes }));
  const choose = async () => {
    const outcome = await call('dialog.choosePartial', {});
    if (outcome.ok) setImporting(outcome.value.file);
  };
  return (
    <Pane
      title={words.title}
      note={<Summary />}
      tools={<Tools search={search} onSearch={setSearch} onImport={() => void choose()} />}
    >
      <div className={classNames(styles.content, drop.isOver && styles.target)} {...drop.handlers}>
        <Content search={search} onImport={() => void choose()} />
      </div>
      {importing === null ? null : <ImportDialog file={importing} onClose={() => setImporting(null)} />}
    </Pane>
  );
}

function Summary() {
  const library = useLibrary((state) => state.library);
  if (!library) return null;
  const count = library.models.length;
  const parts = count === 0 ? [] : [words.summary(count, usedBytes(library))];
  if (library.freeBytes !== undefined) parts.push(words.free(library.freeBytes));
  return <>{parts.join(' · ')}</>;
}

function Tools(props: {
  readonly search: string;
  readonly onSearch: (text: string) => void;
  readonly onImport: () => void;
}) {
  const ref = useWantedFocus('search');
  const { library } = useStores();
  const isLoading = useLibrary((state) => state.isLoading);
  return (
    <>
      <IconButton label={words.importPartial} icon={<FileInput size={16} />} onClick={props.onImport} />
      <IconButton
        label={words.refresh}
        icon={<RotateCw size={16} />}
        aria-busy={isLoading || undefined}
        onClick={() => void library.load()}
      />
      <SearchField
        ref={ref}
        label={words.search}
        hint={words.searchHint}
        value={props.search}
        onChange={props.onSearch}
      />
    </>
  );
}

function Content({ search, onImport }: { readonly search: string; readonly onImport: () => void }) {
  const { library: feed } = useStores();
  const library = useLibrary((state) => state.library);
  const error = useLibrary((state) => state.error);
  if (error) {
    return (
      <ErrorNote error={error} action={<Button onClick={() => void feed.load()}>{words.tryAgain}</Button>}>
        {words.noAnswer} {errorWords(error)}
      </ErrorNote>
    );
  }
  if (!library) return <p className={styles.looking}>{words.looking}</p>;
  const { models, made, partials, elsewhere = [] } = library;
  if (models.length + made.length + partials.length + elsewhere.length === 0) {
    return <LibraryEmpty warnings={library.warnings} onImport={onImport} />;
  }
  return <LibraryLists library={library} search={search} />;
}
