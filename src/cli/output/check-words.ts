import { formatDay } from '../../shared/format/day.ts';
import type { FileCheck } from '../../shared/model/download.ts';

/**
 * Returns how the files of a finished download are known to be correct: hashed now, hashed on a day and unchanged
 * since, or not.
 */
export function checkWords(files: readonly FileCheck[]): string {
  const unchecked = files.filter(({ check }) => check === 'none').length;
  if (unchecked > 0) {
    return unchecked === files.length ? 'not checked' : `${unchecked} of ${files.length} files not checked`;
  }
  const days = files.flatMap((file) => (file.check === 'recorded' ? [file.checkedAt] : [])).sort();
  const [first] = days;
  if (first === undefined) return 'verified';
  const earlier = `verified on ${formatDay(first)} and unchanged since`;
  return days.length === files.length
    ? earlier
    : `${files.length - days.length} verified now, ${days.length} ${earlier}`;
}
