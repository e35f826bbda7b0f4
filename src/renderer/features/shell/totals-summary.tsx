import { formatBytesOf } from '../../../shared/format/bytes.ts';
import { formatTimeLeft } from '../../../shared/format/duration.ts';
import { percentOf } from '../../../shared/format/percent.ts';
import { formatRate } from '../../../shared/format/rate.ts';
import type { Totals } from '../../../shared/projection/totals.ts';
import { useTotals } from '../../stores/stores-context.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import styles from './totals-summary.module.css';
import { words } from './words.ts';

/** Speed, remaining time and progress of all active downloads; nothing while there are none. */
export function TotalsSummary() {
  const totals = useTotals();
  if (totals.active === 0) return totals.paused > 0 ? <Paused count={totals.paused} /> : null;
  const text = [speed(totals), totals.etaSeconds === null ? null : formatTimeLeft(totals.etaSeconds)];
  const line = text.filter((part) => part !== null).join(' · ');
  return (
    <div className={styles.summary}>
      <p className={styles.now}>
        <span className={styles.speed}>{speed(totals)}</span>
        {totals.etaSeconds === null ? null : (
          <span className={styles.rest}>{formatTimeLeft(totals.etaSeconds)}</span>
        )}
      </p>
      <ProgressBar
        label={words.totals}
        size="thin"
        tone={totals.moving > 0 ? 'active' : 'resting'}
        verifiedBytes={totals.receivedBytes}
        receivedBytes={totals.receivedBytes}
        totalBytes={totals.totalBytes}
        valueText={words.totalsSpoken(percentOf(totals.receivedBytes, totals.totalBytes), line)}
      />
      <p className={styles.rest}>
        {totals.totalBytes > 0
          ? formatBytesOf(totals.receivedBytes, totals.totalBytes)
          : words.downloads(totals.active)}
      </p>
    </div>
  );
}

function speed({ moving, bytesPerSecond }: Totals): string {
  return moving > 0 ? formatRate(bytesPerSecond) : words.waiting;
}

function Paused({ count }: { readonly count: number }) {
  return (
    <div className={styles.summary}>
      <p className={styles.rest}>{words.pausedCount(count)}</p>
    </div>
  );
}
