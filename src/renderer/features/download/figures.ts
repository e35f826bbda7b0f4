import { formatBytesOf } from '../../../shared/format/bytes.ts';
import { formatTimeLeft } from '../../../shared/format/duration.ts';
import { formatRate } from '../../../shared/format/rate.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { barOf } from './bar.ts';
import { words } from './words.ts';

/** The numbers of a row. What does not apply now is null; its place stays. */
export interface Figures {
  /** `6.31 of 15.38 GB · 41 %` */
  readonly amount: string | null;
  /** `4.2 MB/s` */
  readonly rate: string | null;
  /** `36 min left`, or `—` while unknown */
  readonly timeLeft: string | null;
}

export function figuresOf(view: DownloadView): Figures {
  const isMoving = view.state === 'downloading' || view.state === 'repairing';
  // A user who waits for a connection sees that nothing moves, in the same place as the speed before.
  const isHeldUp = view.state === 'waiting';
  return {
    amount:
      view.totalBytes > 0
        ? `${formatBytesOf(view.receivedBytes, view.totalBytes)} · ${barOf(view).percent} %`
        : null,
    rate: isMoving ? rateOf(view.bytesPerSecond) : isHeldUp ? rateOf(0) : null,
    timeLeft: isMoving
      ? formatTimeLeft(view.bytesPerSecond > 0 ? view.etaSeconds : null)
      : isHeldUp
        ? '—'
        : null,
  };
}

/** Formats a speed in the unit that people compare speeds in, even for zero: `0 MB/s`. */
export function rateOf(bytesPerSecond: number): string {
  return bytesPerSecond > 0 ? formatRate(bytesPerSecond) : words.noSpeed;
}
