import { percentOf } from '../../../shared/format/percent.ts';
import type { DownloadView } from '../../../shared/model/download.ts';

/** The parts of the bar, from 0 to 1; `received` covers `verified`. */
export interface Bar {
  readonly verified: number;
  readonly received: number;
  /** Full percent, 100 only for a download that is ready. */
  readonly percent: number;
}

/** Upper limit of the bar before a download is ready: the end stays visibly open. */
const MOST_BEFORE_READY = 0.99;

type Measured = Pick<DownloadView, 'state' | 'receivedBytes' | 'verifiedBytes' | 'totalBytes'>;

export function barOf(view: Measured): Bar {
  if (view.state === 'ready') return { verified: 1, received: 1, percent: 100 };
  const received = shareOf(view.receivedBytes, view.totalBytes);
  return {
    verified: Math.min(received, shareOf(view.verifiedBytes, view.totalBytes)),
    received,
    percent: Math.min(99, percentOf(view.receivedBytes, view.totalBytes)),
  };
}

function shareOf(bytes: number, total: number): number {
  if (!(total > 0) || !(bytes > 0)) return 0;
  return Math.min(MOST_BEFORE_READY, bytes / total);
}
