import type { ChunkState, FileInspection } from '../../../shared/model/inspection.ts';
import { classNames } from '../../ui/class-names.ts';
import { countChunks } from '../download/count-chunks.ts';
import styles from './chunk-legend.module.css';
import { words } from './words.ts';

/** Shown even when there are none of them, so that the map can always be read. */
const ALWAYS: ReadonlySet<ChunkState> = new Set(['done', 'receiving', 'received', 'waiting']);
const ORDER: readonly ChunkState[] = [
  'done',
  'proved',
  'received',
  'receiving',
  'rescued',
  'repaired',
  'waiting',
];

/** The meaning of the marks in the chunk map, and how many there are of each. */
export function ChunkLegend({ files }: { readonly files: readonly FileInspection[] }) {
  const counts = countChunks(files.flatMap(({ chunkRuns }) => chunkRuns));
  return (
    <ul className={styles.legend}>
      {ORDER.filter((state) => ALWAYS.has(state) || counts[state] > 0).map((state) => (
        <li key={state} className={styles.entry}>
          <span className={classNames(styles.mark, styles[state])} aria-hidden="true" />
          {words.chunkWord(state)}
          <span className={styles.count}>{counts[state]}</span>
        </li>
      ))}
    </ul>
  );
}
