import type { FileProgress } from '../../shared/contract/events.ts';
import type { FileRow } from '../ledger/files.ts';
import type { BlobProgress } from './file-progress.ts';

/**
 * Maximum number of files in one event. A repository may have 100,000; a client that needs all of them takes a
 * snapshot.
 */
const MAX_FILES = 100;

interface NumberedFile {
  readonly row: Pick<FileRow, 'path' | 'installed'>;
  readonly progress: () => BlobProgress;
}

/** Remembers what was last reported of each file, so that events carry only what changed. */
export class FileNews {
  readonly #told = new Map<string, FileProgress>();

  /**
   * Returns the files that changed since they were last reported, up to a hundred. A file without any known bytes is
   * not news.
   */
  take(files: readonly NumberedFile[]): readonly FileProgress[] {
    const news: FileProgress[] = [];
    for (const { row, progress } of files) {
      const { receivedBytes, verifiedBytes, chunksDone, chunksTotal } = progress();
      const { path, installed } = row;
      const now = { path, receivedBytes, verifiedBytes, chunksDone, chunksTotal, installed };
      if (!isNews(this.#told.get(path), now)) continue;
      this.#told.set(path, now);
      if (news.push(now) === MAX_FILES) break;
    }
    return news;
  }
}

function isNews(before: FileProgress | undefined, now: FileProgress): boolean {
  if (before === undefined) return now.receivedBytes > 0 || now.installed;
  return (
    before.receivedBytes !== now.receivedBytes ||
    before.verifiedBytes !== now.verifiedBytes ||
    before.chunksDone !== now.chunksDone ||
    before.chunksTotal !== now.chunksTotal ||
    before.installed !== now.installed
  );
}
