import { useCatalog, useLibrary } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import styles from './entry-row.module.css';
import type { LibraryActions } from './library-actions.ts';
import { isModel, type LibraryEntry } from './library-entries.ts';
import { damageLines, madeFrom, missingText, partialOwner } from './library-rows.ts';
import { RemovePartialButton } from './remove-dialogs.tsx';
import type { EntrySoundness } from './use-soundness.ts';
import { words } from './words.ts';

interface FactsProps {
  readonly entry: LibraryEntry;
  readonly actions: LibraryActions;
  readonly soundness: EntrySoundness;
}

/** Facts about a row, what is wrong with it, and the one button that helps against each. */
export function EntryFacts(props: FactsProps) {
  return (
    <>
      <Known {...props} />
      <Trouble {...props} />
      <Missing {...props} />
      <Newer {...props} />
      <Unfinished {...props} />
    </>
  );
}

function Known({ entry, soundness: { when } }: FactsProps) {
  const catalog = useCatalog((state) => state.catalog);
  const { model } = entry;
  if (model === null) return null;
  const made = model.complete ? madeFrom(model, catalog) : [];
  // For an incomplete model, the absence of a branch says nothing.
  const refs = model.complete || model.refs.length > 0 ? words.refs(model.refs) : '';
  const facts = [refs, words.fileCount(model.files), when].filter((fact) => fact !== '');
  return (
    <>
      <p className={styles.facts}>{facts.join(' · ')}</p>
      {made.length === 0 ? null : <p className={styles.facts}>{words.madeFromIt(made)}</p>}
    </>
  );
}

function Trouble({ entry, actions, soundness: { tone, report } }: FactsProps) {
  if (tone !== 'bad' || !isModel(entry)) return null;
  return (
    <div className={styles.trouble}>
      <p className={styles.bad}>
        {report?.ok === false ? damageLines(report).join(' · ') : words.repairText}
      </p>
      <Button size="small" onClick={() => void actions.verify(entry.model, entry.name, 'repairing')}>
        {words.repair}
      </Button>
    </div>
  );
}

function Missing({ entry, actions, soundness: { coming, download } }: FactsProps) {
  if (coming === null && (entry.model === null || entry.model.complete)) return null;
  return (
    <div className={styles.trouble}>
      <p>{missingText(coming)}</p>
      <Button size="small" onClick={() => actions.goOn(entry.repo, download)}>
        {coming === null ? words.goOn : words.continueDownload}
      </Button>
    </div>
  );
}

function Newer({ entry, actions }: FactsProps) {
  const check = useLibrary(({ updates }) => updates?.[entry.key]);
  if (check === undefined || check.changes.length === 0 || !isModel(entry)) return null;
  return (
    <div className={styles.trouble}>
      <p>{words.updateText(check)}</p>
      <Button size="small" onClick={() => void actions.update([entry])}>
        {words.update}
      </Button>
    </div>
  );
}

/** Unfinished files that no row says more of. Those of a download that is under way are its own affair. */
function Unfinished({ entry, actions, soundness: { coming } }: FactsProps) {
  if (coming !== null) return null;
  return entry.partials.map((partial) => (
    <div key={partial.path} className={styles.trouble}>
      <p className={styles.path} title={partial.path} data-selectable>
        {words.unfinishedFile(partial.path.split(/[\\/]/).at(-1) ?? '', partial.bytes, partialOwner(partial))}
      </p>
      {partial.download === null ? (
        <RemovePartialButton partial={partial} actions={actions} />
      ) : (
        <Button size="small" onClick={() => actions.goOn(entry.repo, partial.download)}>
          {words.continueDownload}
        </Button>
      )}
    </div>
  ));
}
