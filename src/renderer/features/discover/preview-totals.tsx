import { formatBytes } from '../../../shared/format/bytes.ts';
import type { PlanTotals } from './plan-choice.ts';
import styles from './preview.module.css';
import { words } from './words.ts';

/** What must be downloaded, what is on disk, and whether there is enough space. */
export function PreviewTotals({
  totals,
  freeBytes,
}: {
  readonly totals: PlanTotals;
  /** Null where the disk does not report it. */
  readonly freeBytes: number | null;
}) {
  const present = totals.presentBytes > 0 ? [[words.present, totals.presentBytes] as const] : [];
  const free = freeBytes === null ? [] : ([[words.free, freeBytes]] as const);
  const facts = [[words.toFetch, totals.missingBytes] as const, ...present, ...free];
  return (
    <>
      <dl className={styles.totals}>
        {facts.map(([name, bytes]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatBytes(bytes)}</dd>
          </div>
        ))}
      </dl>
      {totals.lackingBytes > 0 ? <p className={styles.changed}>{words.noRoom(totals.lackingBytes)}</p> : null}
    </>
  );
}
