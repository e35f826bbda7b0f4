import { formatDuration } from '../../../shared/format/duration.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { barOf } from './bar.ts';
import { words } from './words.ts';

const UNITS: Readonly<Record<string, string>> = { s: 'second', min: 'minute', h: 'hour', d: 'day' };

/** {@link formatDuration} in whole words: `36 minutes`, `1 hour 5 minutes`. */
export function spokenDuration(seconds: number): string {
  return formatDuration(seconds).replaceAll(/(\d+) (s|min|h|d)\b/g, (whole, count: string, unit: string) => {
    const name = UNITS[unit];
    return name === undefined ? whole : `${count} ${name}${count === '1' ? '' : 's'}`;
  });
}

type Measured = Pick<
  DownloadView,
  'state' | 'receivedBytes' | 'verifiedBytes' | 'totalBytes' | 'etaSeconds' | 'bytesPerSecond'
>;

/** The value of a progress bar for a screen reader: `41 percent, 36 minutes left`. */
export function spokenProgress(view: Measured): string {
  const percent = words.percentSpoken(barOf(view).percent);
  if (view.state === 'downloading') {
    if (view.etaSeconds === null || !Number.isFinite(view.etaSeconds)) return percent;
    return `${percent}, ${words.leftSpoken(spokenDuration(view.etaSeconds))}`;
  }
  return `${percent}, ${words.spokenState[view.state]}`;
}
