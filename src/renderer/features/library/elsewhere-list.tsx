import { formatBytes } from '../../../shared/format/bytes.ts';
import type { ElsewhereModel } from '../../../shared/model/library.ts';
import { useNavigation } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CutName } from '../../ui/cut-name.tsx';
import { thisPlatform } from '../../ui/platform.ts';
import { WindowedList } from '../../ui/windowed-list.tsx';
import styles from './elsewhere-list.module.css';
import { words } from './words.ts';

const ROW_HEIGHT = 44;

/** What other programs keep on this computer: only looked at, and taken by its hash instead of downloaded. */
export function ElsewhereList({ models }: { readonly models: readonly ElsewhereModel[] }) {
  const openPreview = useNavigation((state) => state.openPreview);
  if (models.length === 0) return null;
  return (
    <section aria-label={words.elsewhere}>
      <h2 className={styles.heading}>{words.elsewhere}</h2>
      <p className={styles.text}>{words.elsewhereText(thisPlatform())}</p>
      <WindowedList
        items={models}
        keyOf={({ path, name }) => `${path} ${name}`}
        rowHeight={ROW_HEIGHT}
        className={styles.list}
      >
        {({ name, tool, repo, path, bytes }) => (
          <div className={styles.row} title={path}>
            <span className={styles.name}>
              <CutName name={name} />
            </span>
            <span className={styles.tool}>{words.elsewhereTools[tool]}</span>
            <span className={styles.size}>{formatBytes(bytes)}</span>
            {repo === null ? null : (
              <Button size="small" onClick={() => openPreview({ reference: repo })}>
                {words.elsewhereUse}
              </Button>
            )}
          </div>
        )}
      </WindowedList>
    </section>
  );
}
