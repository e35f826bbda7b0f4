import { useEffect, useState } from 'react';
import { formatBytes } from '../../../shared/format/bytes.ts';
import type { PruneItem } from '../../../shared/model/upkeep.ts';
import { useCall, useStores } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { WindowedList } from '../../ui/windowed-list.tsx';
import styles from './prune-dialog.module.css';
import { words } from './words.ts';

const ROW_HEIGHT = 28;
/** As many as one command takes; what is left is in the next list. */
const MOST_ITEMS = 10_000;

/** What nothing needs, item by item, before any of it is deleted. */
export function PruneDialog({ onClose }: { readonly onClose: () => void }) {
  const { library, toasts } = useStores();
  const call = useCall();
  const [items, setItems] = useState<readonly PruneItem[] | null>(null);
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const [isBusy, setBusy] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once.
  useEffect(() => {
    void call('library.prune', { dryRun: true }).then((outcome) => {
      if (outcome.ok) setItems(outcome.value.items.slice(0, MOST_ITEMS));
      else onClose();
    });
  }, []);
  const chosen = (items ?? []).filter(({ path }) => !kept.has(path));
  const bytes = chosen.reduce((sum, item) => sum + item.bytes, 0);
  const prune = async () => {
    setBusy(true);
    const outcome = await call('library.prune', { paths: chosen.map(({ path }) => path) });
    if (outcome.ok) {
      const { freedBytes, failed } = outcome.value;
      const text =
        failed.length === 0 ? words.pruned(freedBytes) : words.prunedPartly(freedBytes, failed.length);
      toasts.getState().show({ tone: failed.length === 0 ? 'good' : 'bad', text });
    }
    await library.load();
    onClose();
  };
  return (
    <Dialog
      isOpen
      width="large"
      onClose={onClose}
      title={words.pruneTitle}
      description={words.pruneText}
      actions={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look="danger" disabled={chosen.length === 0} isBusy={isBusy} onClick={() => void prune()}>
            {words.pruneConfirm(bytes)}
          </Button>
        </>
      }
    >
      {items === null ? <p>{words.pruneLooking}</p> : null}
      {items?.length === 0 ? <p>{words.pruneNothing}</p> : null}
      <WindowedList
        items={items ?? []}
        keyOf={({ path }) => path}
        rowHeight={ROW_HEIGHT}
        className={styles.items}
      >
        {(item) => (
          <div className={styles.item} title={item.path}>
            <Checkbox
              isOn={!kept.has(item.path)}
              onChange={(isOn) => setKept((before) => without(before, item.path, isOn))}
            >
              {words.pruneItem(words.pruneKinds[item.kind], item.repo)}
            </Checkbox>
            <span className={styles.bytes}>{formatBytes(item.bytes)}</span>
          </div>
        )}
      </WindowedList>
    </Dialog>
  );
}

function without(kept: ReadonlySet<string>, path: string, isOn: boolean): ReadonlySet<string> {
  const next = new Set(kept);
  if (isOn) next.delete(path);
  else next.add(path);
  return next;
}
