import { Hammer } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type BuildPlanView, lackingBytes } from '../../../shared/model/build.ts';
import type { CatalogModel, CatalogVariant, Precision } from '../../../shared/model/catalog.ts';
import { useCall, useEngine, useStores } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { thisPlatform } from '../../ui/platform.ts';
import styles from './builds.module.css';
import { words } from './words.ts';

/** The foot of a card whose variant can be built from what is on disk; the download is one click away. */
export function MakeOffer(props: {
  readonly model: CatalogModel;
  readonly variant: CatalogVariant;
  readonly state: {
    readonly from: Precision;
    readonly outputBytes: number;
    readonly presentBytes: number;
    readonly totalBytes: number;
  };
}) {
  const { model, variant, state } = props;
  const call = useCall();
  const [busy, setBusy] = useState<'make' | 'download' | null>(null);
  const missing = Math.max(0, state.totalBytes - state.presentBytes);
  const time = useEngine(({ recentBytesPerSecond: speed }) =>
    speed === null || speed <= 0 ? null : words.timeAt(missing / speed),
  );
  const name = variant.id.toUpperCase();
  const plan = useBuildPlan(model.id, variant.id);
  const lacking = plan === null ? 0 : lackingBytes(plan);
  const run = async (what: 'make' | 'download') => {
    setBusy(what);
    const wanted = { reference: model.id, variant: variant.id };
    if (what === 'make') await call('build.start', wanted);
    else await call('downloads.add', wanted);
    setBusy(null);
  };
  return (
    <div className={styles.offer}>
      <Button
        look="primary"
        icon={<Hammer size={15} aria-hidden="true" />}
        isBusy={busy === 'make'}
        onClick={() => void run('make')}
      >
        {words.make(name)}
      </Button>
      <Button isBusy={busy === 'download'} onClick={() => void run('download')}>
        {words.downloadInstead(name, missing, time)}
      </Button>
      <p className={styles.note}>
        {words.fromHere(
          state.from.toUpperCase(),
          state.outputBytes,
          plan?.estimatedSeconds ?? null,
          thisPlatform(),
        )}
      </p>
      {lacking === 0 ? null : (
        <p className={styles.note} data-tone="attention" role="status">
          {words.noRoom(lacking)}
        </p>
      )}
    </div>
  );
}

/** What making it would take here; null until it is known. What prevents it is said when it is begun. */
function useBuildPlan(reference: string, variant: Precision): BuildPlanView | null {
  const { bridge } = useStores();
  const [plan, setPlan] = useState<BuildPlanView | null>(null);
  useEffect(() => {
    let isShown = true;
    setPlan(null);
    void bridge.call('build.plan', { reference, variant }).then((outcome) => {
      if (isShown && outcome.ok) setPlan(outcome.value);
    });
    return () => {
      isShown = false;
    };
  }, [bridge, reference, variant]);
  return plan;
}
