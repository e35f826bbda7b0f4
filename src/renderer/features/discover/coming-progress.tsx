import type { ReactNode } from 'react';
import type { DownloadView } from '../../../shared/model/download.ts';
import { useNavigation } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { figuresOf } from '../download/figures.ts';
import { spokenProgress } from '../download/spoken.ts';
import { useRowText } from '../download/use-row-text.ts';
import styles from './card-action.module.css';
import { words } from './words.ts';

/** Progress of a card's download; everything else about it is in Downloads. */
export function ComingProgress({
  download,
  name,
  children,
}: {
  readonly download: DownloadView;
  readonly name: string;
  /** Below it. */
  readonly children?: ReactNode;
}) {
  const showDownload = useNavigation((state) => state.showDownload);
  const enterToken = useNavigation((state) => state.enterToken);
  const { amount, rate, timeLeft } = figuresOf(download);
  const { text, tone, action } = useRowText(download);
  const figures = [amount, rate, timeLeft].filter((part) => part !== null);
  return (
    <div className={styles.coming}>
      <p className={styles.words} data-tone={tone}>
        {text}
      </p>
      <ProgressBar
        label={words.progressOf(name)}
        verifiedBytes={download.verifiedBytes}
        receivedBytes={download.receivedBytes}
        totalBytes={download.totalBytes}
        tone={toneOf(download)}
        valueText={spokenProgress(download)}
      />
      <div className={styles.line}>
        <span className={styles.figures}>{figures.join(' · ')}</span>
        {action === 'enter-token' ? (
          <Button size="small" onClick={() => enterToken(null)}>
            {words.enterToken}
          </Button>
        ) : null}
        <Button size="small" onClick={() => showDownload(download.id)}>
          {words.showInDownloads}
        </Button>
      </div>
      {children}
    </div>
  );
}

function toneOf({ state }: DownloadView): 'active' | 'resting' | 'failed' {
  if (state === 'failed') return 'failed';
  return state === 'paused' || state === 'queued' || state === 'waiting' ? 'resting' : 'active';
}
