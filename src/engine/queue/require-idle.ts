import { AppError } from '../../shared/contract/errors.ts';
import type { Download } from './download.ts';

/** Throws `BadRequest` while a download of this repository into this cache is unfinished. */
export function requireIdle(downloads: Iterable<Download>, repo: string, cacheDir: string): void {
  for (const { id, row } of downloads) {
    const isElsewhere = row.repo !== repo || row.cacheDir !== cacheDir;
    const isUnresolvable = row.state === 'failed' && row.commit === null;
    if (isElsewhere || row.state === 'ready' || isUnresolvable) continue;
    throw new AppError('BadRequest', `A download of ${repo} is unfinished.`, {
      details: { remedy: 'cancel-first', id },
    });
  }
}
