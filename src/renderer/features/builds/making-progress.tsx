import type { BuildView } from '../../../shared/model/build.ts';
import { useNavigation } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { BuildBar } from './build-bar.tsx';
import { buildFigures } from './build-figures.ts';
import styles from './builds.module.css';
import { words } from './words.ts';

/** Progress of a card's build; everything else about it is in Downloads. */
export function MakingProgress({ build, name }: { readonly build: BuildView; readonly name: string }) {
  const go = useNavigation((state) => state.go);
  const { text, tone, amount, rate, timeLeft } = buildFigures(build);
  const figures = [amount, rate, timeLeft].filter((part) => part !== null);
  return (
    <div className={styles.making}>
      <p className={styles.words} data-tone={tone}>
        {text}
      </p>
      <BuildBar build={build} name={name} />
      <div className={styles.line}>
        <span className={styles.words}>{figures.join(' · ')}</span>
        <Button size="small" onClick={() => go('downloads')}>
          {words.showInDownloads}
        </Button>
      </div>
    </div>
  );
}
