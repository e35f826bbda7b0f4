import { buildPercent, isBuildActive } from '../../../shared/projection/build-totals.ts';
import { useCatalog, useEngine } from '../../stores/stores-context.tsx';
import { BuildBar } from './build-bar.tsx';
import { buildFigures, buildName } from './build-figures.ts';
import styles from './builds.module.css';
import { words } from './words.ts';

/** Running builds, at the foot of the sidebar; nothing while there are none. */
export function MakingSummary() {
  const build = useEngine(({ downloads }) => {
    const active = downloads?.builds.filter(isBuildActive) ?? [];
    return active.find(({ state }) => state !== 'queued') ?? active[0];
  });
  const catalog = useCatalog((state) => state.catalog);
  if (!build) return null;
  const { model, variant, source, state } = build;
  const name = buildName({ model, variant, repo: source.repo }, catalog);
  const { timeLeft } = buildFigures(build);
  const rest = timeLeft ?? (state === 'making' ? null : words.phases[state]);
  return (
    <div className={styles.summary}>
      <p className={styles.words}>{words.progressOf(name)}</p>
      <BuildBar build={build} name={name} size="thin" />
      <p className={styles.words}>
        {[`${buildPercent(build)} %`, rest].filter((part) => part !== null).join(' · ')}
      </p>
    </div>
  );
}
