import { useEffect, useState } from 'react';
import { formatBytes } from '../../../shared/format/bytes.ts';
import type { DiskUsage } from '../../../shared/model/upkeep.ts';
import { useLibrary, useStores } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { PruneDialog } from './prune-dialog.tsx';
import styles from './storage.module.css';
import { words } from './words.ts';

const PARTS = ['models', 'made', 'unfinished', 'free'] as const;
type Part = (typeof PARTS)[number];

/** A bar of what takes the disk, and the way to free what nothing needs. */
export function Storage() {
  const { library: feed } = useStores();
  const library = useLibrary((state) => state.library);
  const usage = useLibrary((state) => state.usage);
  const [isPruning, setPruning] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what takes the disk follows from what is here.
  useEffect(() => void feed.loadUsage(), [feed, library]);
  if (usage === null) return null;
  const parts = partsOf(usage);
  return (
    <section className={styles.storage} aria-label={words.storage}>
      <div className={styles.bar} role="img" aria-label={words.storageBar(told(parts))}>
        {PARTS.map((part) =>
          parts[part] > 0 ? (
            <span key={part} data-part={part} className={styles.part} style={{ flexGrow: parts[part] }} />
          ) : null,
        )}
      </div>
      <div className={styles.legend}>
        {PARTS.map((part) =>
          parts[part] > 0 ? (
            <span key={part} data-part={part} className={styles.mark}>
              {words.storageParts[part]} {formatBytes(parts[part])}
            </span>
          ) : null,
        )}
        {usage.prunableBytes > 0 ? (
          <span className={styles.prunable}>
            {words.prunable(usage.prunableBytes)}
            <Button size="small" onClick={() => setPruning(true)}>
              {words.cleanUp}
            </Button>
          </span>
        ) : null}
      </div>
      {isPruning ? <PruneDialog onClose={() => setPruning(false)} /> : null}
    </section>
  );
}

function partsOf({ repositories, madeBytes, freeBytes }: DiskUsage): Readonly<Record<Part, number>> {
  const unfinished = repositories.reduce((sum, { unfinishedBytes }) => sum + unfinishedBytes, 0);
  const models = repositories.reduce((sum, { bytes }) => sum + bytes, 0) - unfinished;
  return { models, made: madeBytes, unfinished, free: freeBytes ?? 0 };
}

const told = (parts: Readonly<Record<Part, number>>) =>
  PARTS.filter((part) => parts[part] > 0).map(
    (part) => `${words.storageParts[part]} ${formatBytes(parts[part])}`,
  );
