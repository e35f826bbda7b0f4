import { percentOf } from '../../../shared/format/percent.ts';
import type { LibraryWork } from '../../stores/library-store.ts';
import { useVerifying } from '../../stores/stores-context.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import styles from './model-work.module.css';
import { words } from './words.ts';

/** What is being done to a model, with the heartbeat of a check. */
export function ModelWork(props: {
  readonly name: string;
  readonly repo: string;
  readonly work: LibraryWork;
}) {
  const heartbeat = useVerifying(props.repo);
  const { work } = props;
  if ((work !== 'verifying' && work !== 'moving') || heartbeat === undefined) {
    return (
      <p className={styles.words} role="status">
        {words[work]}
      </p>
    );
  }
  const wordsFor = work === 'moving' ? words.movingFor : words.verifyingFor;
  const { seconds, hashedBytes, totalBytes } = heartbeat;
  return (
    <div className={styles.work}>
      <ProgressBar
        label={words.verifyingLabel(props.name)}
        size="thin"
        verifiedBytes={Math.min(hashedBytes, totalBytes * 0.99)}
        receivedBytes={Math.min(hashedBytes, totalBytes * 0.99)}
        totalBytes={totalBytes}
        valueText={words.percentSpoken(Math.min(99, percentOf(hashedBytes, totalBytes)))}
      />
      <p className={styles.words}>{wordsFor(seconds, hashedBytes, totalBytes)}</p>
    </div>
  );
}
