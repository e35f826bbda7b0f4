import { percentOf } from '../../shared/format/percent.ts';
import { classNames } from './class-names.ts';
import styles from './progress-bar.module.css';

export interface ProgressBarProps {
  /** Accessible name: what this is the progress of. */
  readonly label: string;
  /** Bytes whose hash is known to be correct (first tone). */
  readonly verifiedBytes: number;
  /** Received bytes (second tone); at least `verifiedBytes`. */
  readonly receivedBytes: number;
  /** 0 while the size is unknown: the bar is then indeterminate. */
  readonly totalBytes: number;
  /** For screen readers: "41 percent, 36 minutes left". */
  readonly valueText: string;
  /**
   * `active`: accent. `resting`: gray, for paused and queued. `failed`: red. `done`: green. Words must convey the same.
   */
  readonly tone?: 'active' | 'resting' | 'failed' | 'done';
  readonly size?: 'normal' | 'thin';
  /** False keeps it below 100 until everything was verified. */
  readonly isComplete?: boolean;
}

/** A bar in three tones: verified, received, rest. */
export function ProgressBar(props: ProgressBarProps) {
  const { totalBytes, tone = 'active', size = 'normal', isComplete = false } = props;
  const isKnown = totalBytes > 0;
  const percent = percentOf(props.receivedBytes, totalBytes);
  return (
    <div
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(isKnown ? { 'aria-valuenow': isComplete ? percent : Math.min(99, percent) } : {})}
      aria-valuetext={props.valueText}
      className={classNames(styles.bar, styles[tone], styles[size], !isKnown && styles.unknown)}
    >
      <div className={styles.received} style={scale(props.receivedBytes, totalBytes)} />
      <div className={styles.verified} style={scale(props.verifiedBytes, totalBytes)} />
    </div>
  );
}

/** A transform and not a width: it is painted without a new layout. */
function scale(bytes: number, totalBytes: number) {
  const share = totalBytes > 0 ? Math.min(1, Math.max(0, bytes / totalBytes)) : 0;
  return { transform: `scaleX(${share.toFixed(4)})` };
}
