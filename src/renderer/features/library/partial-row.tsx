import { formatBytes } from '../../../shared/format/bytes.ts';
import { downloadName } from '../../../shared/format/download-name.ts';
import type { LibraryPartial } from '../../../shared/model/library.ts';
import { useCatalog, useDownload } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CutName } from '../../ui/cut-name.tsx';
import type { LibraryActions } from './library-actions.ts';
import { partialOwner } from './library-rows.ts';
import styles from './model-row.module.css';
import { words } from './words.ts';

/** A partial file in the cache, whose it is, and what can be done with it. */
export function PartialRow(props: {
  readonly partial: LibraryPartial;
  readonly actions: LibraryActions;
  readonly onRemove: () => void;
}) {
  const { partial, actions } = props;
  const { repo, download, path, bytes } = partial;
  const view = useDownload(download);
  const catalog = useCatalog((state) => state.catalog);
  const name = view ? downloadName(view, catalog) : repo;
  return (
    <li className={styles.row} aria-label={words.partialOf(name)}>
      <div className={styles.head}>
        <h3 className={styles.name}>
          <CutName name={name} />
        </h3>
        <span className={styles.size}>{formatBytes(bytes)}</span>
        <div className={styles.buttons}>
          <Button size="small" look="plain" onClick={() => actions.goOn(repo, download)}>
            {download === null ? words.continueOther : words.continueDownload}
          </Button>
          {download === null ? (
            <Button size="small" look="plain" onClick={props.onRemove}>
              {words.removePartial}
            </Button>
          ) : null}
        </div>
      </div>
      <p className={styles.path} title={path} data-selectable>
        {partialOwner(partial)} · {path.split(/[\\/]/).at(-1)}
      </p>
    </li>
  );
}
